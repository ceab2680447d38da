"""A sign-in that goes on: access tokens are short, the refresh token renews them and is good for one use."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NewType, Self

from services.identity.domain.account import Account
from services.identity.domain.refusals import SessionEnded
from shared.kernel.ids import AccountId

SessionId = NewType("SessionId", str)

ACCESS_LASTS = timedelta(minutes=15)
SESSION_LASTS = timedelta(hours=12)
"""Unused for this long, the sign-in ends."""


def token_digest(refresh_token: str) -> str:
    """What is stored in the token's place: it has 256 random bits, so a plain hash cannot be turned back."""
    return hashlib.sha256(refresh_token.encode("utf-8", errors="replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in, and the digest of the one refresh token that is good now."""

    id: SessionId
    account_id: AccountId
    epoch: int
    digest: str
    expires_at: datetime

    @classmethod
    def start(cls, session_id: SessionId, account: Account, refresh_token: str, at: datetime) -> Self:
        """The account signs in."""
        return cls(session_id, account.id, account.epoch, token_digest(refresh_token), at + SESSION_LASTS)

    def renew(self, account: Account, refresh_token: str, at: datetime) -> Self:
        """The next refresh token takes the place of this one; raises SessionEnded when the sign-in is over."""
        if at >= self.expires_at or account.disabled or account.epoch != self.epoch:
            raise SessionEnded
        return replace(self, digest=token_digest(refresh_token), expires_at=at + SESSION_LASTS)
