"""Keys and tokens of a test's own issuer."""

from functools import cache
from typing import Any

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from shared.kernel.clock import wall_now

ISSUER, AUDIENCE = "http://gateway/api/identity", "xianfeng"


def a_key(name: str = "first") -> RSAKey:
    """A key by that name, made once."""
    return _made(name)


@cache
def _made(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, parameters={"kid": name}, auto_kid=False)


def public(*names: str) -> dict[str, Any]:
    """The JWKS holding these keys."""
    return {"keys": [{**a_key(name).as_dict(private=False), "kid": name} for name in names]}


def some_claims(**changed: Any) -> dict[str, Any]:
    """Claims that are good now; a claim changed to None is left out."""
    now = int(wall_now().timestamp())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "account",
        "person_id": "person",
        "roles": [{"role": "cadre", "scope": "township"}],
        "iat": now,
        "exp": now + 900,
        "jti": "token",
        **changed,
    }
    return {name: value for name, value in claims.items() if value is not None}


def a_token(key: RSAKey | OctKey | None = None, *, kid: str | None = "first", alg: str = "RS256", **claims: Any) -> str:
    """A token signed with the key."""
    header = {"alg": alg, **({"kid": kid} if kid is not None else {})}
    return jwt.encode(header, some_claims(**claims), key or a_key(), algorithms=[alg])
