"""Facts of the notifications service: the life of an obligation (应办事项), what is due, by whom, by when."""

from datetime import date
from typing import ClassVar, Literal

from shared.events.base import Correction, Entry, Event, Instant

SubjectKind = Literal["cadre", "branch", "problem"]


class _Obligation(Event):
    KEY: ClassVar[str | None] = "organisation_id"

    obligation_id: str
    regulation_id: str
    regulation_version: str
    subject_kind: SubjectKind
    subject_id: str
    organisation_id: str
    """Where it is owed: the branch of a problem, the township of a cadre's week."""
    cadre_id: str | None = None
    branch_id: str | None = None
    period: str
    """What the obligation is about in time: `2023-W47`, or the day a problem was raised."""
    due_on: date
    """The last local day on which it is in time; what scores counts for this day."""
    occurred_at: Instant
    entry: Entry = "live"
    corrects: tuple[Correction, ...] = ()
    """Earlier facts of this obligation that no longer hold (a missed one done in time after all, …)."""


class ObligationOpened(_Obligation):
    """Something is due (待办)."""

    TYPE: ClassVar[str] = "xianfeng.notifications.obligation.opened.v1"


class ObligationWarned(_Obligation):
    """It is due soon and not done (临期)."""

    TYPE: ClassVar[str] = "xianfeng.notifications.obligation.warned.v1"

    step: str


class ObligationOverdue(_Obligation):
    """Its last day has passed and it is not done (超期); it alerts, it does not score."""

    TYPE: ClassVar[str] = "xianfeng.notifications.obligation.overdue.v1"


class ObligationSatisfied(_Obligation):
    """It was done in time, by when it happened (办结)."""

    TYPE: ClassVar[str] = "xianfeng.notifications.obligation.satisfied.v1"

    satisfied_by: tuple[str, ...]


class ObligationSatisfiedLate(_Obligation):
    """It was done after its last day (超期办结); after the grace it gives half of the missed points back."""

    TYPE: ClassVar[str] = "xianfeng.notifications.obligation.satisfied_late.v1"

    satisfied_by: tuple[str, ...]
    after_grace: bool


class ObligationMissed(_Obligation):
    """The grace has passed and it is not done (未办); this may score."""

    TYPE: ClassVar[str] = "xianfeng.notifications.obligation.missed.v1"


class ObligationReopened(_Obligation):
    """What satisfied it was withdrawn: it is due again."""

    TYPE: ClassVar[str] = "xianfeng.notifications.obligation.reopened.v1"


class ObligationWaived(_Obligation):
    """It need not be done (免办): a free week, leave, an ended posting; it no longer counts as attainable."""

    TYPE: ClassVar[str] = "xianfeng.notifications.obligation.waived.v1"

    reason: Literal["calendar", "leave", "posting_ended", "decision"]


class ObligationSuperseded(_Obligation):
    """Another obligation took its place (the problem was given to another cadre, …)."""

    TYPE: ClassVar[str] = "xianfeng.notifications.obligation.superseded.v1"

    superseded_by: str
