"""A problem: something a villager asked for, from raised to confirmed."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, Self

from services.visits.domain.refusals import (
    AlreadyConfirmed,
    AlreadyResolved,
    ConfirmedBeforeResolved,
    NotResolved,
    ResolvedBeforeRaised,
    ResolverMayNotConfirm,
)
from shared.events.base import Correction, Entry
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
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import BranchId, CadreId, HouseholdRef, PersonId, ProblemId, VisitId

State = Literal["open", "resolved", "confirmed"]
Answer = Literal["yes", "no", "unreached"]


@dataclass(frozen=True, slots=True)
class Resolution:
    """What was done, by whom, when; `entered_by` differs from the cadre when somebody entered it for him."""

    cadre_id: CadreId
    entered_by: PersonId
    resolved_on: date
    measure: str
    revision: int
    confirmed_at_revision: int | None = None
    confirmed_on: date | None = None
    confirmed_by: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a villager asked for, from raised to confirmed (report: 解决问题不少于3条).

    `cadre_id` is who is responsible now, `raised_by` who brought it. `content` stays in this service. A problem of a
    history span keeps `entry` "history" through all its facts.
    """

    id: ProblemId
    branch_id: BranchId
    path: OrganisationPath
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
            entry=self.entry,
        )

    def assign(self, *, to: CadreId, on: date) -> tuple[Self, ProblemAssigned]:
        """Make another cadre responsible; the deadline stays. Raises AlreadyResolved."""
        if self.resolution is not None:
            raise AlreadyResolved(resolved_on=self.resolution.resolved_on)
        assigned = replace(self, cadre_id=to, revision=self.revision + 1)
        return assigned, ProblemAssigned(
            problem_id=self.id,
            branch_id=self.branch_id,
            cadre_id=to,
            occurred_on=on,
            due_on=self.due_on,
            entry=self.entry,
        )

    def resolve(
        self, *, entered_by: PersonId, resolved_on: date, measure: str, today: date
    ) -> tuple[Self, ProblemResolved]:
        """Say the problem is solved, or refuse if somebody said so already.

        Raises AlreadyResolved, ResolvedBeforeRaised.
        """
        if self.resolution is not None:
            raise AlreadyResolved(resolved_on=self.resolution.resolved_on)
        if not self.raised_on <= resolved_on <= today:
            raise ResolvedBeforeRaised(raised_on=self.raised_on)
        revision = self.revision + 1
        resolution = Resolution(self.cadre_id, entered_by, resolved_on, measure, revision)
        return replace(self, resolution=resolution, revision=revision), ProblemResolved(
            problem_id=self.id,
            branch_id=self.branch_id,
            cadre_id=self.cadre_id,
            occurred_on=resolved_on,
            due_on=self.due_on,
            entry=self.entry,
        )

    def withdraw_resolution(self, *, on: date) -> tuple[Self, ResolutionWithdrawn]:
        """Take the resolution back, and with it its confirmation and its points. Raises NotResolved."""
        resolution = self._resolved()
        return replace(self, resolution=None, revision=self.revision + 1), ResolutionWithdrawn(
            problem_id=self.id,
            branch_id=self.branch_id,
            cadre_id=resolution.cadre_id,
            occurred_on=on,
            resolved_on=resolution.resolved_on,
            due_on=self.due_on,
            entry=self.entry,
            corrects=_facts_of(resolution),
        )

    def confirm(
        self, *, by: PersonId, answer: Answer, on: date, today: date
    ) -> tuple[Self, ProblemConfirmed | ProblemReopened | ConfirmationAttempted]:
        """Note what the citizen said: yes confirms, no reopens, unreached waits for another try.

        Raises NotResolved, AlreadyConfirmed, ResolverMayNotConfirm, ConfirmedBeforeResolved.
        """
        resolution = self._resolved()
        if resolution.confirmed_on is not None:
            raise AlreadyConfirmed
        if by in {resolution.cadre_id, resolution.entered_by}:
            raise ResolverMayNotConfirm
        if not resolution.resolved_on <= on <= today:
            raise ConfirmedBeforeResolved(resolved_on=resolution.resolved_on)
        if answer == "yes":
            return self._confirmed(resolution, by=by, on=on)
        if answer == "no":
            return self._reopened(resolution, on=on)
        attempted = replace(self, attempts=self.attempts + 1, revision=self.revision + 1)
        return attempted, ConfirmationAttempted(
            problem_id=self.id,
            branch_id=self.branch_id,
            cadre_id=resolution.cadre_id,
            occurred_on=on,
            entry=self.entry,
        )

    def _confirmed(self, resolution: Resolution, *, by: PersonId, on: date) -> tuple[Self, ProblemConfirmed]:
        revision = self.revision + 1
        confirmed = replace(resolution, confirmed_at_revision=revision, confirmed_on=on, confirmed_by=by)
        return replace(self, resolution=confirmed, revision=revision), ProblemConfirmed(
            problem_id=self.id,
            branch_id=self.branch_id,
            cadre_id=resolution.cadre_id,
            occurred_on=on,
            resolved_on=resolution.resolved_on,
            entry=self.entry,
        )

    def _reopened(self, resolution: Resolution, *, on: date) -> tuple[Self, ProblemReopened]:
        reopened = replace(self, resolution=None, reopened=self.reopened + 1, revision=self.revision + 1)
        return reopened, ProblemReopened(
            problem_id=self.id,
            branch_id=self.branch_id,
            cadre_id=resolution.cadre_id,
            occurred_on=on,
            resolved_on=resolution.resolved_on,
            due_on=self.due_on,
            entry=self.entry,
            corrects=_facts_of(resolution),
        )

    def _resolved(self) -> Resolution:
        if self.resolution is None:
            raise NotResolved
        return self.resolution


def _facts_of(resolution: Resolution) -> tuple[Correction, ...]:
    """The facts that fall with a resolution: itself and, if there was one, its confirmation."""
    day = resolution.resolved_on
    resolved = Correction(type=ProblemResolved.TYPE, revision=resolution.revision, day=day)
    if resolution.confirmed_at_revision is None:
        return (resolved,)
    return resolved, Correction(type=ProblemConfirmed.TYPE, revision=resolution.confirmed_at_revision, day=day)
