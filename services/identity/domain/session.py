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
SESSION_ENDS_AFTER = timedelta(days=7)
"""However much it is used: a stolen one does not go on for ever."""
ANSWER_MAY_BE_LOST = timedelta(seconds=10)
"""So soon a client asks again when the connection broke before the answer came."""


def token_digest(refresh_token: str) -> str:
    """What is stored in the token's place: it has 256 random bits, so a plain hash cannot be turned back."""
    return hashlib.sha256(refresh_token.encode("utf-8", errors="replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in, the digest of the one refresh token that is good now, and of the one used up before it.

    It ends when it is unused until `expires_at`, at `ends_at` in any case, and when a used token is shown again.
    """

    id: SessionId
    account_id: AccountId
    epoch: int
    digest: str
    expires_at: datetime
    ends_at: datetime
    previous_digest: str | None = None
    renewed_at: datetime | None = None

    @classmethod
    def start(cls, session_id: SessionId, account: Account, refresh_token: str, at: datetime) -> Self:
        """The account signs in."""
        digest = token_digest(refresh_token)
        return cls(session_id, account.id, account.epoch, digest, at + SESSION_LASTS, at + SESSION_ENDS_AFTER)

    def is_reused(self, digest: str, at: datetime) -> bool:
        """Whether a token with this digest was used up longer ago than a lost answer explains: somebody copied it."""
        if digest == self.digest:
            return False
        return self.renewed_at is None or at > self.renewed_at + ANSWER_MAY_BE_LOST

    def renew(self, account: Account, refresh_token: str, at: datetime) -> Self:
        """The next refresh token takes the place of this one; raises SessionEnded when the sign-in is over.

        So it is also when an answer is given once more: the token of the answer that was lost counts as used.
        """
        if at >= self.expires_at or account.disabled or account.epoch != self.epoch:
            raise SessionEnded
        return replace(
            self,
            digest=token_digest(refresh_token),
            previous_digest=self.digest,
            renewed_at=at,
            expires_at=min(at + SESSION_LASTS, self.ends_at),
        )

    def lasts(self, at: datetime) -> timedelta:
        """For how long from now its refresh token is good."""
        return self.expires_at - at
