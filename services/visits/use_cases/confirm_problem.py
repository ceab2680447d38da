"""Confirm a resolution by asking the citizen (回访核实)."""

from dataclasses import dataclass
from datetime import date

from services.visits.domain.problem import Problem
from services.visits.domain.resolution import Answer, Confirmation
from services.visits.use_cases.access import CONFIRMERS, visible_problem
from services.visits.use_cases.ports import Ports
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.ids import ProblemId
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class ConfirmProblem:
    """What the citizen said to whom, and when."""

    by: Caller
    problem_id: ProblemId
    seen_revision: int
    answer: Answer
    confirmed_on: date


@repeatable
async def confirm_problem(command: ConfirmProblem, ports: Ports) -> Problem:
    """Note the citizen's answer; saying again what was noted changes nothing.

    Raises UnknownProblem, Forbidden, ResolverMayNotConfirm, NotResolved, AlreadyConfirmed, ConfirmedBeforeResolved,
    HistoryClosed, Stale.
    """
    problem = await visible_problem(ports, command.by, command.problem_id)
    command.by.require(CONFIRMERS, problem.path)
    if _is_noted(command, problem):
        return problem
    if problem.revision != command.seen_revision:
        raise Stale
    if problem.resolution is not None:
        township = await ports.directory.township(problem.resolution.township_id)
        township.refuse_closed(problem.resolution.resolved_on, field="resolved_on")
    problem, answered = problem.confirm(
        answer=command.answer, on=command.confirmed_on, by=command.by, at=ports.clock.now()
    )
    await ports.problems.save(problem, answered)
    return problem


def _is_noted(command: ConfirmProblem, problem: Problem) -> bool:
    """Whether this very answer was noted: a yes that stands, or the same words to the revision that was seen.

    A no and a failed call leave no answer standing that one could compare with, and the second of them is another.
    """
    standing = problem.resolution
    if standing is not None and command.answer == "yes" and standing.confirmed_on == command.confirmed_on:
        return True
    return problem.last_confirmation == Confirmation(command.answer, command.confirmed_on, command.seen_revision + 1)
