"""Wrong passwords are counted by username, also by those nobody has, so that a pause reveals no account."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from services.identity.domain.refusals import SignInPaused

ALLOWED = 5
PAUSE = timedelta(minutes=5)
FORGOTTEN_AFTER = timedelta(minutes=15)
"""A single mistype of this morning does not count this afternoon."""


@dataclass(frozen=True, slots=True)
class Attempts:
    """The wrong passwords in a row for one username, and until when no further one is listened to."""

    failures: int = 0
    paused_until: datetime | None = None
    forget_at: datetime | None = None
    revision: int = 0

    def check(self, at: datetime) -> None:
        """Raise SignInPaused while the pause lasts."""
        if self.paused_until is not None and at < self.paused_until:
            raise SignInPaused(self.paused_until - at)

    def failed(self, at: datetime) -> Self:
        """Count one more; the fifth begins a pause, after which counting starts anew."""
        forgotten = self.forget_at is None or at >= self.forget_at or self.paused_until is not None
        failures = 1 if forgotten else self.failures + 1
        return replace(
            self,
            failures=failures,
            paused_until=at + PAUSE if failures >= ALLOWED else None,
            forget_at=at + FORGOTTEN_AFTER,
            revision=self.revision + 1,
        )
