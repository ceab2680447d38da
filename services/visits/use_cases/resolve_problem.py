"""Resolve a problem: say what was done and when."""

from dataclasses import dataclass
from datetime import date

from services.visits.domain.problem import Problem
from services.visits.use_cases.access import require_own_problem, visible_problem
from services.visits.use_cases.ports import Ports
from shared.kernel.access import Caller
from shared.kernel.errors import Forbidden, Stale
from shared.kernel.ids import ProblemId


@dataclass(frozen=True, slots=True)
class ResolveProblem:
    """What was done about which problem, and when."""

    by: Caller
    problem_id: ProblemId
    seen_revision: int
    resolved_on: date
    measure: str


async def resolve_problem(command: ResolveProblem, ports: Ports) -> Problem:
    """Store the resolution; saying again what stands changes nothing.

    A problem of a history span was solved in an open span or after go-live: the days between are nobody's.

    Raises UnknownProblem, ProblemOfAnother, Stale, AlreadyResolved, ResolvedBeforeRaised, NotLiveYet, HistoryClosed.
    """
    problem = await visible_problem(ports, command.by, command.problem_id)
    require_own_problem(command.by, problem)
    if command.by.person_id is None:
        raise Forbidden
    standing = problem.resolution
    if standing is not None and (standing.resolved_on, standing.measure) == (command.resolved_on, command.measure):
        return problem
    if problem.revision != command.seen_revision:
        raise Stale
    today = ports.clock.today()
    problem, resolved = problem.resolve(
        entered_by=command.by.person_id, resolved_on=command.resolved_on, measure=command.measure, today=today
    )
    if problem.entry == "history":
        township = await ports.directory.township(problem.path)
        township.entry(command.resolved_on, today=today, late_after_days=ports.deadlines.late_after_days)
    await ports.problems.save(problem, resolved)
    return problem
