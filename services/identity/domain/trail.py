"""What was done to an account: a line each, written with the deed itself and never changed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from shared.kernel.access import Grant
from shared.kernel.ids import AccountId

_TOLD_AGAIN_AFTER = timedelta(days=1)
"""A stranger can pause a username 288 times a day for ever; one line a day keeps a trail bounded by nature."""


What = Literal[
    "opened",
    "roles_changed",
    "disabled",
    "enabled",
    "password_reset",
    "password_changed",
    "paused",
    "restored",
]
"""What can be done to an account."""


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One deed: what, by whose account, when; ids alone, no names, no passwords.

    `by` is None where nobody was signed in: wrong passwords paused the username, or the platform's own start made or
    restored the first administrator. `grants` are the roles given, where the deed gave roles.
    """

    what: What
    by: AccountId | None
    at: datetime
    grants: tuple[Grant, ...] = ()

    @property
    def repeats_since(self) -> datetime:
        """A last line that says the same and is younger than this makes this one needless, if it is only noted."""
        return self.at - _TOLD_AGAIN_AFTER
