"""What the known facts say about an obligation: what was done, what excuses it, what took its place.

Grounds are gathered afresh from all facts known, never added up fact by fact; so neither the order in which facts
arrived nor how often they did can matter.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, Self

from shared.events.base import Entry
from shared.kernel.clock import local_day, start_of_day
from shared.kernel.ids import AccountId, EventId, ObligationId, PersonId

WaiverReason = Literal["calendar", "leave", "posting_ended", "decision"]


DecisionReason = Literal["leave", "secondment", "illness", "emergency_duty", "entered_in_error", "other"]
"""Why a person decided that something need not be done; a code, never a story about a person."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's decision that it need not be done (免办), and who entered it."""

    reason: DecisionReason
    by_account: AccountId
    by_person: PersonId | None
    at: datetime


@dataclass(frozen=True, slots=True, order=True)
class Act:
    """Something that was done and still stands, by when it happened."""

    happened_at: datetime
    event_id: EventId
    day: date
    entry: Entry = "live"


@dataclass(frozen=True, slots=True)
class Grounds:
    """All that decides an obligation's state, save the steps that have fired."""

    acts: tuple[Act, ...] = ()
    waiver: WaiverReason | None = None
    superseded_by: ObligationId | None = None

    def deciding(self, quota: int) -> tuple[Act, ...]:
        """The acts that fill the quota, earliest first; empty while it is not filled."""
        filled = tuple(sorted(set(self.acts)))[:quota]
        return filled if len(filled) == quota else ()

    def decided(self, quota: int) -> Self:
        """These grounds with only the acts that decide: what is kept, so that nothing kept can grow old."""
        return replace(self, acts=self.deciding(quota))


def instant_of(day: date, recorded_at: datetime) -> datetime:
    """When something happened of which only the day is known: when it was recorded, or as that day began."""
    return recorded_at if local_day(recorded_at) == day else start_of_day(day)
