"""Raise a problem somebody brought up, usually on a visit."""

from dataclasses import dataclass
from datetime import date

from services.visits.domain.problem import Problem
from services.visits.domain.refusals import (
    HappensLater,
    ProblemOnUnknownVisit,
    ProblemOnWithdrawnVisit,
    UnknownBranch,
)
from services.visits.use_cases.access import require_own_visit
from services.visits.use_cases.follow_if_moved import follow_if_moved
from services.visits.use_cases.ports import Ports
from services.visits.use_cases.require_posted import require_posted
from shared.events.visits import ProblemClass
from shared.kernel.access import Caller, OrganisationPath
from shared.kernel.creation import created_once
from shared.kernel.ids import BranchId, CadreId, HouseholdRef, ProblemId, TownshipId, VisitId, digest_of
from shared.kernel.trail import TrailEntry


@dataclass(frozen=True, slots=True)
class RaiseProblem:
    """What was asked for, where, when, and who takes it on."""

    by: Caller
    problem_id: ProblemId
    branch_id: BranchId
    cadre_id: CadreId
    visit_id: VisitId | None
    raised_on: date
    problem_class: ProblemClass
    content: str
    household_ref: HouseholdRef | None

    def digest(self) -> str:
        """What makes two uploads the same problem."""
        return digest_of(
            {
                "branch": self.branch_id,
                "cadre": self.cadre_id,
                "visit": self.visit_id,
                "on": self.raised_on,
                "class": self.problem_class,
                "content": self.content,
                "household": self.household_ref,
            }
        )


async def raise_problem(command: RaiseProblem, ports: Ports) -> Problem:
    """Store the problem once with its deadline; the same upload again gives the one that is there.

    Raises UnknownBranch, UnknownCadre, NotPostedThen, ProblemOnUnknownVisit, ProblemOnWithdrawnVisit, HappensLater,
    NotLiveYet, HistoryClosed, VisitOfAnother, and AlreadyThere when the id names another problem.
    """
    path = await ports.directory.branch(command.branch_id)
    if path is None:
        raise UnknownBranch
    require_own_visit(command.by, command.cadre_id, path)

    async def raise_it() -> Problem:
        problem = await _asked_for(command, path, ports)
        await ports.problems.save(problem, problem.raised())
        return problem

    problem = await created_once(raise_it, lambda: ports.problems.find(command.problem_id), digest=command.digest)
    await follow_if_moved(problem, ports.problems, ports)
    return problem


async def _asked_for(command: RaiseProblem, path: OrganisationPath, ports: Ports) -> Problem:
    await _refuse_unfounded(command, path, ports)
    township_id = TownshipId(path.township_id)
    township = await ports.directory.township(township_id)
    entry = township.entry(
        command.raised_on,
        today=ports.clock.today(),
        late_after_days=ports.deadlines.late_after_days,
        field="raised_on",
    )
    calendar = await ports.directory.working_days(path)
    due_on = ports.deadlines.due_on(command.raised_on, command.problem_class, calendar)
    return Problem(
        id=command.problem_id,
        branch_id=command.branch_id,
        path=path,
        township_id=township_id,
        cadre_id=command.cadre_id,
        raised_by=command.cadre_id,
        raised_on=command.raised_on,
        due_on=due_on,
        problem_class=command.problem_class,
        content=command.content,
        entry=entry,
        made_from=command.digest(),
        visit_id=command.visit_id,
        household_ref=command.household_ref,
        due_provisional=ports.deadlines.is_provisional(command.raised_on, due_on, calendar),
        trail=(TrailEntry.left_by(command.by, "raised", at=ports.clock.now()),),
    )


async def _refuse_unfounded(command: RaiseProblem, path: OrganisationPath, ports: Ports) -> None:
    await require_posted(ports, command.cadre_id, path, on=command.raised_on, field="raised_on")
    if command.raised_on > ports.clock.today():
        raise HappensLater(field="raised_on")
    if command.visit_id is not None:
        visit = await ports.visits.find(command.visit_id)
        if visit is None or visit.cadre_id != command.cadre_id or visit.branch_id != command.branch_id:
            raise ProblemOnUnknownVisit
        if visit.withdrawn:
            raise ProblemOnWithdrawnVisit
