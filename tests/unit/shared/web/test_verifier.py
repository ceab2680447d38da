"""Which tokens are believed: ours, signed by a published key, for us, now."""

import base64
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.access import Grant, Role
from shared.kernel.clock import wall_now
from shared.web.access import JwtVerifier
from shared.web.jwks import Jwks
from shared.web.problem import Unauthenticated
from tests.tried import tried
from tests.unit.shared.web.signing import AUDIENCE, ISSUER, a_key, a_token, public, some_claims


def a_verifier() -> JwtVerifier:
    async def fetch() -> dict[str, Any]:
        return public("first", "second")

    return JwtVerifier(Jwks(fetch), ISSUER, AUDIENCE)


def part(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def unsigned(header: object) -> str:
    return f"{part(header)}.{part(some_claims())}.{part('signature')}"


def hmac_signed(secret: bytes) -> str:
    """By hand, because the library refuses to take a public key for a secret."""
    text = f"{part({'alg': 'HS256', 'kid': 'first'})}.{part(some_claims())}"
    signature = hmac.digest(secret, text.encode(), "sha256")
    return f"{text}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


async def test_a_good_token_names_its_caller() -> None:
    caller = await a_verifier().caller(a_token(a_key("second"), kid="second"))

    assert (caller.account_id, caller.person_id) == ("account", "person")
    assert caller.grants == (Grant(Role.CADRE, "township"),)


async def test_an_administrator_is_nobody_in_particular() -> None:
    assert (await a_verifier().caller(a_token(person_id=None))).person_id is None


def _now() -> int:
    return int(wall_now().timestamp())


FORGED: dict[str, Callable[[], str]] = {
    "signed by a stranger": lambda: a_token(a_key("stranger")),
    "signed by a stranger under a new kid": lambda: a_token(a_key("stranger"), kid="stranger"),
    "signed by the other published key": lambda: a_token(a_key("second"), kid="first"),
    "the public key as an HMAC secret": lambda: hmac_signed(a_key().as_pem(private=False)),
    "alg none": lambda: unsigned({"alg": "none", "kid": "first"}).rsplit(".", 1)[0] + ".",
    "another RSA algorithm": lambda: a_token(alg="PS256"),
    "key handed along": lambda: unsigned({"alg": "RS256", "jwk": a_key("stranger").as_dict(private=False)}),
    "claims changed": lambda: ".".join(
        [a_token().split(".")[0], part(some_claims(sub="another")), a_token().split(".")[2]]
    ),
    "signature cut off": lambda: a_token().rsplit(".", 1)[0] + ".",
    "for another audience": lambda: a_token(aud="elsewhere"),
    "of another issuer": lambda: a_token(iss="http://elsewhere"),
    "expired": lambda: a_token(exp=_now() - 10),
    "without an end": lambda: a_token(exp=None),
    "without an issuer": lambda: a_token(iss=None),
    "without an audience": lambda: a_token(aud=None),
    "without a subject": lambda: a_token(sub=None),
    "without roles": lambda: a_token(roles=None),
    "with a role nobody has": lambda: a_token(roles=[{"role": "emperor", "scope": "*"}]),
    "with roles that are none": lambda: a_token(roles=["cadre"]),
    "issued in the future": lambda: a_token(iat=_now() + 600),
    "not valid yet": lambda: a_token(nbf=_now() + 600),
    "a header that is a list": lambda: unsigned([]),
    "a header that is a number": lambda: unsigned(7),
    "a header nested without end": lambda: base64.urlsafe_b64encode(b"[" * 100_000).decode() + ".e30.e30",
    "five parts": lambda: "a.b.c.d.e",
    "no token": lambda: "密码",
}


@pytest.mark.parametrize("how", FORGED)
async def test_any_other_token_is_refused(how: str) -> None:
    with pytest.raises(Unauthenticated):
        await a_verifier().caller(FORGED[how]())


@tried(50)
@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda noise: f"{base64.urlsafe_b64encode(noise).decode()}.."))
async def test_noise_is_refused_and_never_a_fault(noise: str) -> None:
    with pytest.raises(Unauthenticated):
        await a_verifier().caller(noise)


@tried(50)
@given(
    st.recursive(st.none() | st.text() | st.integers(), lambda inner: st.dictionaries(st.text(), inner), max_leaves=5)
)
async def test_whatever_a_header_holds_it_is_refused_and_never_a_fault(header: object) -> None:
    with pytest.raises(Unauthenticated):
        await a_verifier().caller(unsigned(header))
