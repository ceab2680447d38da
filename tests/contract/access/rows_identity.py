"""Who may do what with accounts: everybody with his own, the administrator with all."""

from shared.kernel.access import Role
from tests.contract.access.matrix import EVERYONE, Row
from tests.unit.identity.conftest import CADRE_PASSWORD, an_account_form

_ACCOUNTS, _ONE = "/api/identity/accounts", {"account_id": "account"}
_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
_NEW_ROLES = {"roles": [{"role": "organiser", "scope": an_account_form()["roles"][0]["scope"]}]}
_SIGN_IN = {"grant_type": "password", "username": "cadre", "password": CADRE_PASSWORD}
_NEW_PASSWORD = {"old_password": CADRE_PASSWORD, "new_password": "另一个很长很长的好密码"}

ROWS = (
    Row("POST /api/identity/token", at=None, form=_SIGN_IN, is_open=True),
    Row("POST /api/identity/sign-out", at=None, form={"refresh_token": "of nothing"}, is_open=True),
    Row("GET /api/identity/jwks", at=None, is_open=True),
    Row("GET /.well-known/oauth-authorization-server", at=None, is_open=True),
    Row("GET /.well-known/oauth-authorization-server/api/identity", at=None, is_open=True),
    Row("GET /api/identity/me", may=EVERYONE, at=None),
    Row("POST /api/identity/password", may=EVERYONE, at=None, body=_NEW_PASSWORD),
    Row(f"POST {_ACCOUNTS}", may=_ADMINISTRATOR, at=None, body=an_account_form()),
    Row(f"GET {_ACCOUNTS}", may=_ADMINISTRATOR, at=None),
    Row(f"GET {_ACCOUNTS}/{{account_id}}", may=_ADMINISTRATOR, at=None, ids=_ONE),
    Row("GET /api/identity/audit", may=_ADMINISTRATOR, at=None),
    Row(f"GET {_ACCOUNTS}/{{account_id}}/trail", may=_ADMINISTRATOR, at=None, ids=_ONE),
    Row(f"PUT {_ACCOUNTS}/{{account_id}}/roles", may=_ADMINISTRATOR, at=None, ids=_ONE, seen=1, body=_NEW_ROLES),
    Row(
        f"PUT {_ACCOUNTS}/{{account_id}}/disabled",
        may=_ADMINISTRATOR,
        at=None,
        ids=_ONE,
        seen=1,
        body={"disabled": True},
    ),
    Row(
        f"PUT {_ACCOUNTS}/{{account_id}}/password",
        may=_ADMINISTRATOR,
        at=None,
        ids=_ONE,
        seen=1,
        body={"password": "重置以后的好密码一二三"},
    ),
)
