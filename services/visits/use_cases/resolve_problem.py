"""Resolve a problem: say what was done and when."""

from dataclasses import dataclass
from datetime import date

from services.visits.domain.problem import Problem
from services.visits.domain.refusals import HelperNamedTwice
from services.visits.use_cases.access import require_resolver, visible_problem
from services.visits.use_cases.ports import Ports
from services.visits.use_cases.require_helpers import require_helpers
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.ids import MemberId, ProblemId, TownshipId
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class ResolveProblem:
    """What was done about which problem, when, and which members helped (帮办)."""

    by: Caller
    problem_id: ProblemId
    seen_revision: int
    resolved_on: date
    measure: str
    helper_ids: tuple[MemberId, ...] = ()


@repeatable
async def resolve_problem(command: ResolveProblem, ports: Ports) -> Problem:
    """Store the resolution; saying again what stands changes nothing.

    Raises UnknownProblem, ProblemOfAnother, ProblemIsEscalated, Stale, AlreadyResolved, ResolvedBeforeRaised,
    NotLiveYet, HistoryClosed, Forbidden, HelperNamedTwice, UnknownMember, NotMemberThen, ResolverHelps.
    """
    problem = await visible_problem(ports, command.by, command.problem_id)
    require_resolver(command.by, problem)
    helper_ids = tuple(sorted(command.helper_ids))
    standing = problem.resolution
    said = command.resolved_on, command.measure, helper_ids
    if standing is not None and (standing.resolved_on, standing.measure, standing.helper_ids) == said:
        return problem
    if problem.revision != command.seen_revision:
        raise Stale
    if len(set(helper_ids)) != len(helper_ids):
        raise HelperNamedTwice
    raised_in = await ports.directory.township(problem.township_id)
    raised_in.refuse_closed(command.resolved_on, field="resolved_on")
    problem, resolved = problem.resolve(
        resolved_on=command.resolved_on,
        measure=command.measure,
        times=await ports.directory.township(TownshipId(problem.path.township_id)),
        late_after_days=ports.deadlines.late_after_days,
        by=command.by,
        at=ports.clock.now(),
        helpers=await require_helpers(ports, helper_ids, problem, on=command.resolved_on),
    )
    await ports.problems.save(problem, resolved)
    return problem
