"""Access tokens as RS256 JWTs, refresh tokens as random text."""

import json
import secrets
from collections.abc import Callable
from datetime import datetime

from joserfc import jwt
from joserfc.jws import extract_compact

from services.identity.adapters.key_folder import ALGORITHM, SigningKey
from services.identity.domain.account import Account
from services.identity.domain.session import ACCESS_LASTS
from shared.kernel.ids import new_id

_REFRESH_BYTES = 32


class JwtTokens:
    """Signs with the key that is current when asked; the claims are those of docs/architecture.md, section 7."""

    def __init__(self, signing: Callable[[], SigningKey], *, issuer: str, audience: str) -> None:
        self._signing = signing
        self._issuer = issuer
        self._audience = audience

    async def access(self, account: Account, at: datetime) -> str:
        """A signed token that names the account, its person, its epoch and the roles it may use; about 1 ms of work.

        One for an initial password says `must_change` and names no role: no service lets its bearer do anything.
        """
        signing = self._signing()
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": account.id,
            "person_id": account.person_id,
            "roles": [{"role": grant.role.value, "scope": grant.scope} for grant in account.usable_grants],
            "epoch": account.epoch,
            "iat": int(at.timestamp()),
            "exp": int((at + ACCESS_LASTS).timestamp()),
            "jti": new_id(),
        }
        if account.must_change:
            claims["must_change"] = True
        return jwt.encode({"alg": ALGORITHM, "kid": signing.kid, "typ": "JWT"}, claims, signing.key)

    def refresh(self) -> str:
        """An unguessable text that means nothing."""
        return secrets.token_urlsafe(_REFRESH_BYTES)


def claimed_epoch(access_token: str) -> int | None:
    """The epoch of the account in which a token was given, None where it names none; only asked of verified tokens."""
    claims = json.loads(extract_compact(access_token.encode("ascii")).payload)
    epoch: int | None = claims.get("epoch")
    return epoch
