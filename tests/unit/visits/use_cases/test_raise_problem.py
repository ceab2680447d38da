"""Raising a problem: on which visit, due when, and how sure that is; through the front door."""

from datetime import date

import pytest

from shared.events.members import CalendarPublished
from shared.events.visits import ProblemRaised
from shared.kernel.ids import derived_id
from tests.unit.visits.conftest import BRANCH, COLLEAGUE, COUNTY, World, a_problem, a_visit

ON_THE_VISIT = a_problem(visit_id=a_visit()["id"])


async def _publish(world: World, *years: int) -> None:
    for year in years:
        calendar = CalendarPublished(organisation_id=COUNTY, year=year, occurred_on=date(2023, 11, 1))
        await world.learn(calendar, subject=f"{COUNTY}:{year}", path=COUNTY)


async def test_a_problem_on_a_visit_not_uploaded_yet_is_refused_and_the_visit_asked_for_first(world: World) -> None:
    response = await world.call("cadre", "POST", "/problems", ON_THE_VISIT)

    assert (response.status_code, response.json()["field"]) == (422, "visit_id")
    assert "请先上传" in response.json()["detail"]


async def test_a_problem_is_raised_on_ones_own_visit_only(world: World) -> None:
    await world.call("colleague", "POST", "/visits", a_visit(cadre_id=COLLEAGUE))

    response = await world.call("cadre", "POST", "/problems", ON_THE_VISIT)

    assert (response.status_code, response.json()["field"]) == (422, "visit_id")


async def test_no_problem_is_raised_on_a_withdrawn_visit(world: World) -> None:
    await world.call("cadre", "POST", "/visits", a_visit())
    await world.call("cadre", "PUT", f"/visits/{a_visit()['id']}/withdrawal", seen=1)

    response = await world.call("cadre", "POST", "/problems", ON_THE_VISIT)

    assert (response.status_code, response.json()["field"]) == (422, "visit_id")
    assert response.json()["code"] == "problem.visit_withdrawn"
    assert world.published == ["VisitLogged", "VisitWithdrawn"]


async def test_a_problem_sent_again_after_its_visit_was_withdrawn_is_the_one_that_is_there(world: World) -> None:
    await world.call("cadre", "POST", "/visits", a_visit())
    await world.call("cadre", "POST", "/problems", ON_THE_VISIT)
    await world.call("cadre", "PUT", f"/visits/{a_visit()['id']}/withdrawal", seen=1)

    again = await world.call("cadre", "POST", "/problems", ON_THE_VISIT)

    assert again.status_code == 201


@pytest.mark.parametrize(
    ("years", "raised_on", "is_provisional"),
    [
        ((), "2023-11-20", True),
        ((2023,), "2023-11-20", False),
        ((2023,), "2023-12-27", True),
        ((2024,), "2023-12-27", True),
        ((2023, 2024), "2023-12-27", False),
        ((2024,), "2023-12-31", False),
    ],
)
async def test_a_day_counted_through_a_year_without_a_calendar_is_provisional(
    world: World, years: tuple[int, ...], raised_on: str, *, is_provisional: bool
) -> None:
    world.clock.move_to(date(2024, 1, 2))
    await _publish(world, *years)

    response = await world.call("cadre", "POST", "/problems", a_problem(raised_on=raised_on))

    assert response.json()["due_provisional"] is is_provisional
    (raised,) = world.problems.events
    assert isinstance(raised, ProblemRaised)
    assert raised.due_provisional is is_provisional


async def test_an_older_fact_says_nothing_of_it_and_is_not_provisional() -> None:
    raised = ProblemRaised(
        problem_id=derived_id("problem"),
        branch_id=BRANCH,
        cadre_id=COLLEAGUE,
        problem_class="simple",
        occurred_on=date(2023, 11, 20),
        due_on=date(2023, 11, 23),
    )

    assert raised.due_provisional is False
