"""Facts of the visits service: visits and the problems raised on them (周调研走访1次，解决问题不少于3条)."""

from datetime import date
from typing import ClassVar, Literal

from shared.events.base import Correction, Entry, Event, Instant

ProblemClass = Literal["simple", "ordinary", "complex"]


class _Visit(Event):
    visit_id: str
    cadre_id: str
    branch_id: str
    occurred_at: Instant
    household_ref: str | None = None
    entry: Entry = "live"


class VisitLogged(_Visit):
    """A cadre visited; `occurred_at` is when the visit happened, however late it was synced."""

    TYPE: ClassVar[str] = "xianfeng.visits.visit.logged.v1"


class VisitCorrected(_Visit):
    """The visit happened as said here, not as said before; `corrects` names what no longer stands."""

    TYPE: ClassVar[str] = "xianfeng.visits.visit.corrected.v1"

    corrects: tuple[Correction, ...]


class VisitWithdrawn(_Visit):
    """The visit is taken back by who logged it; nothing of it counts."""

    TYPE: ClassVar[str] = "xianfeng.visits.visit.withdrawn.v1"

    corrects: tuple[Correction, ...]


class _Problem(Event):
    problem_id: str
    branch_id: str
    cadre_id: str
    """Who is responsible for it (on a resolution: who resolved it)."""
    occurred_on: date
    entry: Entry = "live"


class ProblemRaised(_Problem):
    """A villager asked for something; `due_on` follows from its class and the working-day calendar.

    `due_provisional` (暂算): some of those days lie in a year no calendar was published for.
    """

    TYPE: ClassVar[str] = "xianfeng.visits.problem.raised.v1"

    visit_id: str | None = None
    problem_class: ProblemClass
    due_on: date
    due_provisional: bool = False


class ProblemAssigned(_Problem):
    """This cadre is responsible from now on; the deadline stays.

    It is the same one as before where the desk so decided about an escalated problem.
    """

    TYPE: ClassVar[str] = "xianfeng.visits.problem.assigned.v1"

    due_on: date


class ProblemResolved(_Problem):
    """The cadre says it is solved; it counts once confirmed. `occurred_on` is the day it was solved."""

    TYPE: ClassVar[str] = "xianfeng.visits.problem.resolved.v1"

    due_on: date
    helper_ids: tuple[str, ...] = ()
    """The members who helped (帮办民情); never the cadre himself."""


class ResolutionWithdrawn(_Problem):
    """The resolution is taken back, the problem is open again and its points with it.

    `corrects` names the resolution and, if there was one, the confirmation.
    """

    TYPE: ClassVar[str] = "xianfeng.visits.resolution.withdrawn.v1"

    due_on: date
    resolved_on: date
    corrects: tuple[Correction, ...]


class ProblemConfirmed(_Problem):
    """Another person asked the citizen, who said yes; it counts for `resolved_on`, the day it was solved."""

    TYPE: ClassVar[str] = "xianfeng.visits.problem.confirmed.v1"

    resolved_on: date
    helper_ids: tuple[str, ...] = ()
    """The members who helped to solve it (帮办民情); never the cadre himself."""


class ProblemReopened(_Problem):
    """The citizen said no: the resolution no longer stands and the problem is open again.

    `escalated`: not for the first time, so the organiser or the secretary decides who goes on with it.
    """

    TYPE: ClassVar[str] = "xianfeng.visits.problem.reopened.v1"

    due_on: date
    resolved_on: date
    escalated: bool = False
    corrects: tuple[Correction, ...]


class ConfirmationAttempted(_Problem):
    """The citizen was not reached; the resolution waits for another try."""

    TYPE: ClassVar[str] = "xianfeng.visits.confirmation.attempted.v1"
