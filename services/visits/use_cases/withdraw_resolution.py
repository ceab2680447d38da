"""Withdraw a resolution that does not hold."""

from dataclasses import dataclass

from services.visits.domain.problem import Problem
from services.visits.use_cases.access import require_own_problem, visible_problem
from services.visits.use_cases.ports import Ports
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.ids import ProblemId


@dataclass(frozen=True, slots=True)
class WithdrawResolution:
    """Who takes back the resolution of which problem, as he saw it."""

    by: Caller
    problem_id: ProblemId
    seen_revision: int


async def withdraw_resolution(command: WithdrawResolution, ports: Ports) -> Problem:
    """Open the problem again; its points go back.

    Raises UnknownProblem, ProblemOfAnother, Stale, NotResolved.
    """
    problem = await visible_problem(ports, command.by, command.problem_id)
    require_own_problem(command.by, problem)
    if problem.revision != command.seen_revision:
        raise Stale
    problem, withdrawn = problem.withdraw_resolution(on=ports.clock.today())
    await ports.problems.save(problem, withdrawn)
    return problem
