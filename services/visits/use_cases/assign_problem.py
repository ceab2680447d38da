"""Assign a problem to another cadre."""

from dataclasses import dataclass

from services.visits.domain.problem import Problem
from services.visits.use_cases.access import DESK, visible_problem
from services.visits.use_cases.ports import Ports
from services.visits.use_cases.require_posted import require_posted
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.ids import CadreId, ProblemId
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class AssignProblem:
    """Who gives which problem to whom."""

    by: Caller
    problem_id: ProblemId
    seen_revision: int
    cadre_id: CadreId


@repeatable
async def assign_problem(command: AssignProblem, ports: Ports) -> Problem:
    """Make the cadre responsible; giving it to who has it changes nothing, unless the desk had to decide.

    What a closed history span left unsolved may change hands too: the span said nothing about it.

    Raises UnknownProblem, Forbidden, UnknownCadre, NotPostedThen, Stale, AlreadyResolved.
    """
    problem = await visible_problem(ports, command.by, command.problem_id)
    command.by.require(DESK, problem.path)
    if problem.cadre_id == command.cadre_id and not problem.escalated:
        return problem
    if problem.revision != command.seen_revision:
        raise Stale
    await require_posted(ports, command.cadre_id, problem.path, on=ports.clock.today(), field="cadre_id")
    problem, assigned = problem.assign(to=command.cadre_id, by=command.by, at=ports.clock.now())
    await ports.problems.save(problem, assigned)
    return problem
