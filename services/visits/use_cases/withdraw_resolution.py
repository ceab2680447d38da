"""Withdraw a resolution that does not hold."""

from dataclasses import dataclass

from services.visits.domain.problem import Problem
from services.visits.domain.refusals import NotResolved
from services.visits.use_cases.access import require_own_problem, visible_problem
from services.visits.use_cases.ports import Ports
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.ids import ProblemId
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class WithdrawResolution:
    """Who takes back the resolution of which problem, as he saw it."""

    by: Caller
    problem_id: ProblemId
    seen_revision: int


@repeatable
async def withdraw_resolution(command: WithdrawResolution, ports: Ports) -> Problem:
    """Open the problem again; its points go back. Taking back what that very request took back changes nothing.

    Raises UnknownProblem, ProblemOfAnother, NotResolved, Stale, HistoryClosed.
    """
    problem = await visible_problem(ports, command.by, command.problem_id)
    require_own_problem(command.by, problem)
    standing = problem.resolution
    if standing is None:
        if problem.lost_its_resolution(after=command.seen_revision):
            return problem
        raise NotResolved
    if problem.revision != command.seen_revision:
        raise Stale
    township = await ports.directory.township(standing.township_id)
    township.refuse_closed(standing.resolved_on, field="resolved_on")
    problem, withdrawn = problem.withdraw_resolution(by=command.by, at=ports.clock.now())
    await ports.problems.save(problem, withdrawn)
    return problem
