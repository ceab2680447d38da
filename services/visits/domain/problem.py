"""A problem: something a villager asked for, from raised to confirmed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, Self

from services.visits.domain.membership import Membership
from services.visits.domain.refusals import AlreadyResolved, NotResolved, ResolvedBeforeRaised
from services.visits.domain.resolution import Answer, Confirmation, Resolution
from services.visits.domain.township import Township
from services.visits.domain.trail import What
from shared.events.base import Entry
from shared.events.visits import (
    ConfirmationAttempted,
    ProblemAssigned,
    ProblemClass,
    ProblemConfirmed,
    ProblemRaised,
    ProblemReopened,
    ProblemResolved,
    ResolutionWithdrawn,
)
from shared.kernel.access import Caller, OrganisationPath
from shared.kernel.clock import local_day
from shared.kernel.errors import Forbidden
from shared.kernel.ids import BranchId, CadreId, HouseholdRef, PersonId, ProblemId, TownshipId, VisitId
from shared.kernel.trail import TrailEntry

State = Literal["open", "resolved", "confirmed"]
_REOPENED_BY_ITSELF = 1
"""domain.md section 6: dissatisfied, it is reopened once automatically; after that the organiser decides [P]."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a villager asked for, from raised to confirmed (report: 解决问题不少于3条).

    `cadre_id` is who is responsible now, `raised_by` who brought it. `content` and `trail` stay in this service. A
    problem of a history span keeps `entry` "history" through all its facts. `due_provisional` (暂算) says that `due_on`
    was counted in a year without a calendar. `escalated` since the citizen said no for the second time, until the desk
    has decided or the citizen says yes. `township_id` is where it was raised: what that township closed stays closed
    to it, wherever its branch hangs now.
    """

    id: ProblemId
    branch_id: BranchId
    path: OrganisationPath
    township_id: TownshipId
    cadre_id: CadreId
    raised_by: CadreId
    raised_on: date
    due_on: date
    problem_class: ProblemClass
    content: str
    entry: Entry
    made_from: str
    visit_id: VisitId | None = None
    household_ref: HouseholdRef | None = None
    resolution: Resolution | None = None
    attempts: int = 0
    reopened: int = 0
    revision: int = 1
    due_provisional: bool = False
    escalated: bool = False
    last_confirmation: Confirmation | None = None
    trail: tuple[TrailEntry, ...] = ()

    @property
    def state(self) -> State:
        """Where it stands."""
        if self.resolution is None:
            return "open"
        return "resolved" if self.resolution.confirmed_on is None else "confirmed"

    def raised(self) -> ProblemRaised:
        """The fact that begins it."""
        return ProblemRaised(
            problem_id=self.id,
            branch_id=self.branch_id,
            cadre_id=self.cadre_id,
            visit_id=self.visit_id,
            problem_class=self.problem_class,
            occurred_on=self.raised_on,
            due_on=self.due_on,
            due_provisional=self.due_provisional,
            entry=self.entry,
        )

    def assign(self, *, to: CadreId, by: Caller, at: datetime) -> tuple[Self, ProblemAssigned]:
        """Make a cadre responsible, and so decide what was escalated; the deadline stays. Raises AlreadyResolved."""
        if self.resolution is not None:
            raise AlreadyResolved(resolved_on=self.resolution.resolved_on)
        given = replace(self, cadre_id=to, escalated=False)
        return self._next(given, "assigned", by=by, at=at, before={"cadre_id": self.cadre_id}), ProblemAssigned(
            problem_id=self.id,
            branch_id=self.branch_id,
            cadre_id=to,
            occurred_on=local_day(at),
            due_on=self.due_on,
            entry=self.entry,
        )

    def resolve(
        self,
        *,
        resolved_on: date,
        measure: str,
        times: Township,
        late_after_days: int,
        by: Caller,
        at: datetime,
        helpers: Sequence[Membership] = (),
    ) -> tuple[Self, ProblemResolved]:
        """Say the problem is solved, or refuse if somebody said so already; who enters it is a person.

        A problem of a history span was solved in an open span or after go-live: the days between are nobody's.

        Raises AlreadyResolved, ResolvedBeforeRaised, NotLiveYet, HistoryClosed, Forbidden.
        """
        if self.resolution is not None:
            raise AlreadyResolved(resolved_on=self.resolution.resolved_on)
        today = local_day(at)
        if not self.raised_on <= resolved_on <= today:
            raise ResolvedBeforeRaised(raised_on=self.raised_on)
        entry = times.entry(resolved_on, today=today, late_after_days=late_after_days, field="resolved_on")
        resolution = Resolution(
            cadre_id=self.cadre_id,
            entered_by=_person(by),
            resolved_on=resolved_on,
            measure=measure,
            revision=self.revision + 1,
            entry="history" if self.entry == "history" else entry,
            township_id=TownshipId(self.path.township_id),
            helper_ids=tuple(helper.member_id for helper in helpers),
            helped_by=tuple(helper.person_id for helper in helpers if helper.person_id is not None),
        )
        return self._next(replace(self, resolution=resolution), "resolved", by=by, at=at), ProblemResolved(
            problem_id=self.id,
            branch_id=self.branch_id,
            cadre_id=self.cadre_id,
            occurred_on=resolved_on,
            due_on=self.due_on,
            entry=resolution.entry,
            helper_ids=resolution.helper_ids,
        )

    def withdraw_resolution(self, *, by: Caller, at: datetime) -> tuple[Self, ResolutionWithdrawn]:
        """Take the resolution back, and with it its confirmation and its points. Raises NotResolved."""
        resolution = self._resolved()
        opened = replace(self, resolution=None)
        before = resolution.overwritten()
        return self._next(opened, "resolution_withdrawn", by=by, at=at, before=before), ResolutionWithdrawn(
            problem_id=self.id,
            branch_id=self.branch_id,
            cadre_id=resolution.cadre_id,
            occurred_on=local_day(at),
            resolved_on=resolution.resolved_on,
            due_on=self.due_on,
            entry=resolution.entry,
            corrects=resolution.corrections(),
        )

    def lost_its_resolution(self, *, after: int) -> bool:
        """Whether the resolution that stood in that revision was taken back in the next, which still stands."""
        last = self.trail[-1] if self.trail else None
        return last is not None and last.revision == after + 1 and last.what in {"resolution_withdrawn", "reopened"}

    def confirm(
        self, *, answer: Answer, on: date, by: Caller, at: datetime
    ) -> tuple[Self, ProblemConfirmed | ProblemReopened | ConfirmationAttempted]:
        """Note what the citizen said: yes confirms, no reopens, unreached waits for another try.

        Raises NotResolved, AlreadyConfirmed, ResolverMayNotConfirm, ConfirmedBeforeResolved, Forbidden.
        """
        resolution, person = self._resolved(), _person(by)
        resolution.refuse_confirmation(by=person, on=on, today=local_day(at))
        said = Confirmation(answer, on, self.revision + 1)
        if answer == "yes":
            kept = resolution.confirmed(by=person, on=on, revision=said.revision)
            confirmed = replace(self, resolution=kept, escalated=False, last_confirmation=said)
            return self._next(confirmed, "confirmed", by=by, at=at), ProblemConfirmed(
                problem_id=self.id,
                branch_id=self.branch_id,
                cadre_id=resolution.cadre_id,
                occurred_on=on,
                resolved_on=resolution.resolved_on,
                entry=resolution.entry,
                helper_ids=resolution.helper_ids,
            )
        if answer == "no":
            return self._reopened(resolution, said, by=by, at=at)
        attempted = replace(self, attempts=self.attempts + 1, last_confirmation=said)
        return self._next(attempted, "unreached", by=by, at=at), ConfirmationAttempted(
            problem_id=self.id,
            branch_id=self.branch_id,
            cadre_id=resolution.cadre_id,
            occurred_on=on,
            entry=resolution.entry,
        )

    def _reopened(
        self, resolution: Resolution, said: Confirmation, *, by: Caller, at: datetime
    ) -> tuple[Self, ProblemReopened]:
        """Open again, and from the second no on the desk's to decide."""
        reopened = self.reopened + 1
        opened = replace(
            self,
            resolution=None,
            reopened=reopened,
            escalated=reopened > _REOPENED_BY_ITSELF,
            last_confirmation=said,
        )
        before = resolution.overwritten()
        return self._next(opened, "reopened", by=by, at=at, before=before), ProblemReopened(
            problem_id=self.id,
            branch_id=self.branch_id,
            cadre_id=resolution.cadre_id,
            occurred_on=said.confirmed_on,
            resolved_on=resolution.resolved_on,
            due_on=self.due_on,
            entry=resolution.entry,
            escalated=opened.escalated,
            corrects=resolution.corrections(),
        )

    def _next(
        self, changed: Self, what: What, *, by: Caller, at: datetime, before: Mapping[str, str | None] | None = None
    ) -> Self:
        """What was changed, as the next revision and with its trail."""
        revision = self.revision + 1
        left = TrailEntry.left_by(by, what, revision=revision, at=at, before=before)
        return replace(changed, revision=revision, trail=(*self.trail, left))

    def _resolved(self) -> Resolution:
        if self.resolution is None:
            raise NotResolved
        return self.resolution


def _person(by: Caller) -> PersonId:
    """Who solves and who asks the citizen are told apart as persons. Raises Forbidden for an account of nobody."""
    if by.person_id is None:
        raise Forbidden
    return by.person_id
