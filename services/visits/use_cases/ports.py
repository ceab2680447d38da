"""What the use cases need of the world."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from services.visits.domain.deadlines import Deadlines
from services.visits.domain.membership import Membership
from services.visits.domain.problem import Problem, State
from services.visits.domain.township import Township
from services.visits.domain.visit import Visit
from shared.events.base import Event
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import Period, WorkingDays
from shared.kernel.clock import Clock
from shared.kernel.ids import BranchId, CadreId, MemberId, PersonId, ProblemId, TownshipId, VisitId

OWN, OTHERS = "0", "1"
"""The ranks of a list, as they stand first in its sort keys."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Which part of a list: first what is the reader's own, then what he oversees, so many after a sort key.

    He oversees what lies below `scopes`; his own is what the cadre `own` answers for below `scopes` or `own_scopes`.
    `cadre_id` leaves one cadre's things of both.
    """

    scopes: frozenset[str]
    limit: int
    cadre_id: CadreId | None = None
    branch_id: BranchId | None = None
    period: Period | None = None
    state: State | None = None
    after: tuple[str, ...] | None = None
    own: CadreId | None = None
    own_scopes: frozenset[str] = frozenset()
    own_only: bool = False

    def visit_key(self, visit: Visit) -> tuple[str, str, str]:
        """Where a visit stands in this list."""
        return self._rank(visit.cadre_id), visit.occurred_at.isoformat(), visit.id

    def problem_key(self, problem: Problem) -> tuple[str, str, str]:
        """Where a problem stands in this list."""
        return self._rank(problem.cadre_id), problem.due_on.isoformat(), problem.id

    def _rank(self, cadre_id: CadreId) -> str:
        return OWN if cadre_id == self.own else OTHERS


class Visits(Protocol):
    """The visits."""

    async def find(self, visit_id: VisitId) -> Visit | None:
        """The visit, if there is one."""
        ...

    async def save(self, visit: Visit, *events: Event) -> None:
        """Store the visit and what happened to it in one write; raises AlreadyThere or Stale."""
        ...

    async def list(self, listing: Listing) -> Sequence[Visit]:
        """Visits, one's own first, each by when they happened, latest first."""
        ...

    async def moved(self, branch_id: BranchId, path: OrganisationPath) -> None:
        """The branch hangs elsewhere now, and its visits with it."""
        ...


class Problems(Protocol):
    """The problems."""

    async def find(self, problem_id: ProblemId) -> Problem | None:
        """The problem, if there is one."""
        ...

    async def save(self, problem: Problem, *events: Event) -> None:
        """Store the problem and what happened to it in one write; raises AlreadyThere or Stale."""
        ...

    async def list(self, listing: Listing) -> Sequence[Problem]:
        """Problems, one's own first, each by when they are due, first due first."""
        ...

    async def moved(self, branch_id: BranchId, path: OrganisationPath) -> None:
        """The branch hangs elsewhere now, and its problems with it."""
        ...


class Directory(Protocol):
    """What this service has learnt from the members service's facts: branches, people, calendars, townships."""

    async def branch(self, branch_id: BranchId) -> OrganisationPath | None:
        """Where the branch hangs; None while it is unknown, and for what is no branch: a county, a township."""
        ...

    async def knows_cadre(self, cadre_id: CadreId, path: OrganisationPath, *, on: date | None = None) -> bool:
        """Whether the person was posted in the township the path lies in, or above it: on that day, or ever."""
        ...

    async def membership(self, member_id: MemberId) -> Membership | None:
        """Since when the member belongs to which branch; None while he, or where the branch hangs, is unknown."""
        ...

    async def township(self, township_id: TownshipId) -> Township:
        """The township's times; without a go-live day while none is known."""
        ...

    async def working_days(self, path: OrganisationPath) -> WorkingDays:
        """The calendar that holds at the path: the county's, overlaid by nearer ones."""
        ...

    async def learn_organisation(self, organisation_id: str, revision: int, path: OrganisationPath) -> OrganisationPath:
        """Remember where an organisation hangs; returns where it does, for an older revision changes nothing.

        When it moved, this returns once every process goes by the new place: what is stored by the old one after that
        is followed by who stored it (`follow_if_moved`), what was stored before by who learnt of the move.
        """
        ...

    async def learn_posting(
        self,
        posting_id: str,
        revision: int,
        cadre_id: CadreId,
        organisation_id: str,
        *,
        starts_on: date,
        ends_on: date | None,
    ) -> None:
        """Remember from when to when a person holds or held a post at an organisation."""
        ...

    async def learn_enrolment(
        self, member_id: MemberId, revision: int, branch_id: BranchId, *, person_id: PersonId | None, joined_on: date
    ) -> None:
        """Remember who belongs to which branch since when."""
        ...

    async def learn_membership_end(self, member_id: MemberId, revision: int, *, ended_on: date) -> None:
        """Remember with which day a membership ended, also before its beginning is learnt."""
        ...

    async def learn_calendar(self, organisation_id: str, year: int, revision: int, days: WorkingDays) -> None:
        """Remember a year's table of an organisation; an older revision changes nothing."""
        ...

    async def learn_go_live(self, township_id: str, revision: int, go_live_on: date) -> None:
        """Remember since when a township works live."""
        ...

    async def learn_span(
        self, township_id: str, span_id: str, revision: int, *, from_on: date, to_on: date, closed: bool
    ) -> None:
        """Remember a history span of a township."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything a use case may reach."""

    visits: Visits
    problems: Problems
    directory: Directory
    clock: Clock
    deadlines: Deadlines
