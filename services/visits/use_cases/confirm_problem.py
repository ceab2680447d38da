"""Confirm a resolution by asking the citizen (回访核实)."""

from dataclasses import dataclass
from datetime import date

from services.visits.domain.problem import Answer, Problem
from services.visits.use_cases.access import CONFIRMERS, visible_problem
from services.visits.use_cases.ports import Ports
from shared.kernel.access import Caller
from shared.kernel.errors import Forbidden, Stale
from shared.kernel.ids import ProblemId


@dataclass(frozen=True, slots=True)
class ConfirmProblem:
    """What the citizen said to whom, and when."""

    by: Caller
    problem_id: ProblemId
    seen_revision: int
    answer: Answer
    confirmed_on: date


async def confirm_problem(command: ConfirmProblem, ports: Ports) -> Problem:
    """Note the citizen's answer; confirming again what stands changes nothing.

    Raises UnknownProblem, Forbidden, ResolverMayNotConfirm, NotResolved, AlreadyConfirmed,
    ConfirmedBeforeResolved, Stale.
    """
    problem = await visible_problem(ports, command.by, command.problem_id)
    command.by.require(CONFIRMERS, problem.path)
    if command.by.person_id is None:
        raise Forbidden
    standing = problem.resolution
    if standing is not None and command.answer == "yes" and standing.confirmed_on == command.confirmed_on:
        return problem
    if problem.revision != command.seen_revision:
        raise Stale
    problem, answered = problem.confirm(
        by=command.by.person_id,
        answer=command.answer,
        on=command.confirmed_on,
        today=ports.clock.today(),
    )
    await ports.problems.save(problem, answered)
    return problem
