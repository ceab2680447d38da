"""Assign a problem to another cadre."""

from dataclasses import dataclass

from services.visits.domain.problem import Problem
from services.visits.domain.refusals import UnknownCadre
from services.visits.use_cases.access import DESK, visible_problem
from services.visits.use_cases.ports import Ports
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.ids import CadreId, ProblemId


@dataclass(frozen=True, slots=True)
class AssignProblem:
    """Who gives which problem to whom."""

    by: Caller
    problem_id: ProblemId
    seen_revision: int
    cadre_id: CadreId


async def assign_problem(command: AssignProblem, ports: Ports) -> Problem:
    """Make the cadre responsible; giving it to who has it changes nothing.

    Raises UnknownProblem, Forbidden, UnknownCadre, Stale, AlreadyResolved.
    """
    problem = await visible_problem(ports, command.by, command.problem_id)
    command.by.require(DESK, problem.path)
    if problem.cadre_id == command.cadre_id:
        return problem
    if problem.revision != command.seen_revision:
        raise Stale
    if not await ports.directory.knows_cadre(command.cadre_id, problem.path):
        raise UnknownCadre
    problem, assigned = problem.assign(to=command.cadre_id, on=ports.clock.today())
    await ports.problems.save(problem, assigned)
    return problem
