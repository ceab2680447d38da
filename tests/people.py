"""Tokens for tests on a running stack: signed with the stack's own key, for anybody, without a log-in each."""

from datetime import timedelta

from joserfc import jwt
from joserfc.jwk import RSAKey

from deploy.local.stack import Stack
from shared.kernel.access import Caller
from shared.kernel.clock import wall_now
from shared.kernel.ids import new_id

_LASTS = timedelta(minutes=60)


def token(stack: Stack, caller: Caller) -> str:
    """A bearer token for the caller, as identity would have signed it."""
    file = min((stack.folder.path / "keys").glob("signing-*.pem"))
    key = RSAKey.import_key(file.read_bytes())
    now = wall_now()
    environment = stack.environment()
    claims = {
        "iss": environment["XIANFENG_ISSUER"],
        "aud": environment["XIANFENG_AUDIENCE"],
        "sub": caller.account_id,
        "person_id": caller.person_id,
        "roles": [{"role": grant.role.value, "scope": grant.scope} for grant in caller.grants],
        "iat": int(now.timestamp()),
        "exp": int((now + _LASTS).timestamp()),
        "jti": new_id(),
    }
    return jwt.encode({"alg": "RS256", "kid": key.thumbprint(), "typ": "JWT"}, claims, key)
