"""A problem as a set of facts: the regulation says which of them opens, satisfies, takes back and hands over."""

from datetime import date, timedelta

from services.notifications.domain.problem_case import ProblemCase, ProblemFact, tenures
from services.notifications.domain.regulation import ProblemDeadline, read_regulation
from shared.kernel.access import OrganisationPath
from shared.kernel.clock import start_of_day
from shared.kernel.ids import BranchId, CadreId, EventId, ProblemId
from tests.unit.notifications.domain.test_library import PROBLEM, document

MONDAY = date(2023, 11, 20)


def a_regulation(**changed: object) -> ProblemDeadline:
    regulation = read_regulation(document(PROBLEM, **changed))
    assert isinstance(regulation, ProblemDeadline)
    return regulation


def a_case(*types: str) -> ProblemCase:
    """A fact a day from Monday on."""
    facts = (
        ProblemFact(
            revision=number,
            event_id=EventId(f"{number}"),
            type=type_,
            cadre_id=CadreId("cadre"),
            day=MONDAY + timedelta(days=number - 1),
            happened_at=start_of_day(MONDAY + timedelta(days=number - 1)),
            due_on=date(2023, 11, 24),
            entry="live",
            path=OrganisationPath.parse("county/township/branch"),
        )
        for number, type_ in enumerate(types, start=1)
    )
    return ProblemCase(ProblemId("problem"), BranchId("branch"), frozenset(facts))


def done_by(regulation: ProblemDeadline, case: ProblemCase) -> list[str]:
    """By which facts the last who had it is said to have done it."""
    return [act.event_id for act in tenures(regulation, case)[-1].grounds.acts]


def test_what_the_regulation_names_takes_a_resolution_back() -> None:
    reopened = a_case("visits.problem.raised.v1", "visits.problem.resolved.v1", "visits.problem.reopened.v1")
    withdrawn = a_case("visits.problem.raised.v1", "visits.problem.resolved.v1", "visits.resolution.withdrawn.v1")
    strict = a_regulation()
    mild = a_regulation(taken_back_by=["visits.resolution.withdrawn.v1"])

    assert [done_by(strict, case) for case in (reopened, withdrawn)] == [[], []]
    assert [done_by(mild, case) for case in (reopened, withdrawn)] == [["2"], []]


def test_the_first_resolution_that_still_stands_decides() -> None:
    case = a_case(
        "visits.problem.raised.v1",
        "visits.problem.resolved.v1",
        "visits.problem.reopened.v1",
        "visits.problem.resolved.v1",
    )

    assert done_by(a_regulation(), case) == ["4"]
    assert done_by(a_regulation(taken_back_by=["visits.resolution.withdrawn.v1"]), case) == ["2"]


def test_what_hands_a_problem_over_begins_another_tenure() -> None:
    case = a_case("visits.problem.raised.v1", "visits.problem.assigned.v1")

    assert len(tenures(a_regulation(), case)) == 2
