"""Who did what to a record, and when (办理痕迹): kept beside the record, for those who oversee it, in no fact.

A fact goes to every consumer and stays for ever; who entered it concerns the desk alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from shared.kernel.access import Caller
from shared.kernel.ids import AccountId, PersonId


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """Whose hand made a revision of a record; entries are added, never altered. `what` is a word of its service.

    Who enters is often not whom it concerns, so both account and person stand here; `by_person` is None for an account
    that stands for nobody. `at` is exact to the second; `before` holds what was overwritten, by field, as text, where
    no fact tells it.
    """

    revision: int
    what: str
    by_account: AccountId
    by_person: PersonId | None
    at: datetime
    before: Mapping[str, str | None] = field(default_factory=dict)

    @classmethod
    def left_by(
        cls, by: Caller, what: str, *, at: datetime, revision: int = 1, before: Mapping[str, str | None] | None = None
    ) -> Self:
        """The entry this caller leaves; the first one unless a later revision is named."""
        return cls(revision, what, by.account_id, by.person_id, at.replace(microsecond=0), before or {})
