"""Resolve a problem: say what was done and when."""

from dataclasses import dataclass
from datetime import date

from services.visits.domain.problem import Problem
from services.visits.use_cases.access import require_resolver, visible_problem
from services.visits.use_cases.ports import Ports
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.ids import ProblemId
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class ResolveProblem:
    """What was done about which problem, and when."""

    by: Caller
    problem_id: ProblemId
    seen_revision: int
    resolved_on: date
    measure: str


@repeatable
async def resolve_problem(command: ResolveProblem, ports: Ports) -> Problem:
    """Store the resolution; saying again what stands changes nothing.

    Raises UnknownProblem, ProblemOfAnother, ProblemIsEscalated, Stale, AlreadyResolved, ResolvedBeforeRaised,
    NotLiveYet, HistoryClosed, Forbidden.
    """
    problem = await visible_problem(ports, command.by, command.problem_id)
    require_resolver(command.by, problem)
    standing = problem.resolution
    if standing is not None and (standing.resolved_on, standing.measure) == (command.resolved_on, command.measure):
        return problem
    if problem.revision != command.seen_revision:
        raise Stale
    problem, resolved = problem.resolve(
        resolved_on=command.resolved_on,
        measure=command.measure,
        times=await ports.directory.township(problem.path),
        late_after_days=ports.deadlines.late_after_days,
        by=command.by,
        at=ports.clock.now(),
    )
    await ports.problems.save(problem, resolved)
    return problem
