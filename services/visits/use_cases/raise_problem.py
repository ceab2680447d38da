"""Raise a problem somebody brought up, usually on a visit."""

from dataclasses import dataclass
from datetime import date

from services.visits.domain.problem import Problem
from services.visits.domain.refusals import HappensLater, UnknownBranch, UnknownCadre, UnknownVisit
from services.visits.use_cases.access import require_own_visit
from services.visits.use_cases.ports import Ports
from shared.events.visits import ProblemClass
from shared.kernel.access import Caller, OrganisationPath
from shared.kernel.creation import created_once
from shared.kernel.ids import BranchId, CadreId, HouseholdRef, ProblemId, VisitId, digest_of


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

    Raises UnknownBranch, UnknownCadre, UnknownVisit, HappensLater, NotLiveYet, HistoryClosed, VisitOfAnother, and
    AlreadyThere when the id names another problem.
    """
    path = await ports.directory.branch(command.branch_id)
    if path is None:
        raise UnknownBranch
    require_own_visit(command.by, command.cadre_id, path)

    async def raise_it() -> Problem:
        problem = await _asked_for(command, path, ports)
        await ports.problems.save(problem, problem.raised())
        return problem

    return await created_once(raise_it, lambda: ports.problems.find(command.problem_id), digest=command.digest)


async def _asked_for(command: RaiseProblem, path: OrganisationPath, ports: Ports) -> Problem:
    await _refuse_unfounded(command, path, ports)
    township = await ports.directory.township(path)
    today = ports.clock.today()
    entry = township.entry(command.raised_on, today=today, late_after_days=ports.deadlines.late_after_days)
    calendar = await ports.directory.working_days(path)
    return Problem(
        id=command.problem_id,
        branch_id=command.branch_id,
        path=path,
        cadre_id=command.cadre_id,
        raised_by=command.cadre_id,
        raised_on=command.raised_on,
        due_on=ports.deadlines.due_on(command.raised_on, command.problem_class, calendar),
        problem_class=command.problem_class,
        content=command.content,
        entry=entry,
        made_from=command.digest(),
        visit_id=command.visit_id,
        household_ref=command.household_ref,
    )


async def _refuse_unfounded(command: RaiseProblem, path: OrganisationPath, ports: Ports) -> None:
    if not await ports.directory.knows_cadre(command.cadre_id, path):
        raise UnknownCadre
    if command.raised_on > ports.clock.today():
        raise HappensLater(field="raised_on")
    if command.visit_id is not None:
        visit = await ports.visits.find(command.visit_id)
        if visit is None or visit.cadre_id != command.cadre_id or visit.branch_id != command.branch_id:
            raise UnknownVisit(field="visit_id")
