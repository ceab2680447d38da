"""The life of a problem, through the front door."""

from datetime import date
from typing import Any

import pytest

from shared.events.members import CalendarPublished, HistorySpanClosed, HistorySpanDeclared
from shared.events.visits import ProblemConfirmed, ProblemResolved, ResolutionWithdrawn
from shared.kernel.ids import derived_id
from tests.unit.visits.conftest import COLLEAGUE, COUNTY, FAR_CADRE, TOWNSHIP, World, a_problem, enter_history

PROBLEM = f"/problems/{a_problem()['id']}"
DONE = {"resolved_on": "2023-11-20", "measure": "更换灯泡"}
YES = {"answer": "yes", "confirmed_on": "2023-11-20"}


async def resolved(world: World) -> Any:
    await world.call("cadre", "POST", "/problems", a_problem())
    return await world.call("cadre", "PUT", f"{PROBLEM}/resolution", DONE, seen=1)


@pytest.mark.parametrize(
    ("problem_class", "due_on"), [("simple", "2023-11-23"), ("ordinary", "2023-11-27"), ("complex", "2023-12-11")]
)
async def test_a_problem_is_due_after_the_working_days_of_its_class(
    world: World, problem_class: str, due_on: str
) -> None:
    response = await world.call("cadre", "POST", "/problems", a_problem(problem_class=problem_class))

    assert (response.status_code, response.json()["due_on"]) == (201, due_on)


async def test_a_free_week_in_the_townships_calendar_moves_the_deadline(world: World) -> None:
    free = tuple(date(2023, 11, day) for day in range(20, 25))
    calendar = CalendarPublished(organisation_id=TOWNSHIP, year=2023, days_off=free, occurred_on=date(2023, 11, 1))
    await world.learn(calendar, subject=f"{TOWNSHIP}:2023", path=f"{COUNTY}/{TOWNSHIP}")

    response = await world.call("cadre", "POST", "/problems", a_problem(problem_class="simple"))

    assert response.json()["due_on"] == "2023-11-29"


async def test_the_same_problem_uploaded_twice_is_one(world: World) -> None:
    await world.call("cadre", "POST", "/problems", a_problem())
    again = await world.call("cadre", "POST", "/problems", a_problem())
    other = await world.call("cadre", "POST", "/problems", a_problem(content="另一件事"))

    assert (again.status_code, other.status_code) == (201, 409)
    assert world.published == ["ProblemRaised"]


async def test_a_resolution_counts_for_the_day_it_was_solved_once_confirmed(world: World) -> None:
    await resolved(world)

    response = await world.call("branch secretary", "PUT", f"{PROBLEM}/confirmation", YES, seen=2)

    assert (response.status_code, response.json()["state"]) == (200, "confirmed")
    confirmed = world.problems.events[-1]
    assert isinstance(confirmed, ProblemConfirmed)
    assert (confirmed.resolved_on, confirmed.cadre_id) == (date(2023, 11, 20), a_problem()["cadre_id"])


async def test_a_second_resolution_is_refused_and_says_what_to_do(world: World) -> None:
    await resolved(world)

    response = await world.call("cadre", "PUT", f"{PROBLEM}/resolution", {**DONE, "measure": "又修了一次"}, seen=2)

    assert (response.status_code, response.json()["code"]) == (409, "problem.already_resolved")
    assert response.json()["detail"] == "该问题已于 2023-11-20 办结，如需更正请先撤回原办结记录"


async def test_the_same_resolution_sent_again_changes_nothing(world: World) -> None:
    await resolved(world)

    again = await world.call("cadre", "PUT", f"{PROBLEM}/resolution", DONE, seen=1)

    assert (again.status_code, again.json()["revision"]) == (200, 2)
    assert world.published == ["ProblemRaised", "ProblemResolved"]


async def test_the_resolver_may_not_confirm(world: World) -> None:
    await world.call("cadre", "POST", "/problems", a_problem())
    await world.call("organiser", "PUT", f"{PROBLEM}/resolution", DONE, seen=1)

    by_who_entered_it = await world.call("organiser", "PUT", f"{PROBLEM}/confirmation", YES, seen=2)
    by_the_cadre = await world.call("cadre", "PUT", f"{PROBLEM}/confirmation", YES, seen=2)

    assert (by_who_entered_it.status_code, by_the_cadre.status_code) == (403, 403)
    assert by_who_entered_it.json()["code"] == "problem.resolver_may_not_confirm"


async def test_a_citizens_no_opens_the_problem_again(world: World) -> None:
    await resolved(world)

    response = await world.call("branch secretary", "PUT", f"{PROBLEM}/confirmation", {**YES, "answer": "no"}, seen=2)

    assert (response.json()["state"], response.json()["reopened"]) == ("open", 1)
    assert world.published[-1] == "ProblemReopened"


async def test_a_citizen_not_reached_leaves_it_waiting(world: World) -> None:
    await resolved(world)

    response = await world.call(
        "branch secretary", "PUT", f"{PROBLEM}/confirmation", {**YES, "answer": "unreached"}, seen=2
    )

    assert (response.json()["state"], response.json()["attempts"]) == ("resolved", 1)


async def test_who_confirms_again_is_told_the_way_out(world: World) -> None:
    await resolved(world)
    await world.call("branch secretary", "PUT", f"{PROBLEM}/confirmation", YES, seen=2)

    response = await world.call("organiser", "PUT", f"{PROBLEM}/confirmation", {**YES, "answer": "no"}, seen=3)

    assert (response.status_code, response.json()["code"]) == (409, "problem.already_confirmed")
    assert "撤回办结" in response.json()["detail"]


async def test_a_withdrawn_resolution_takes_its_confirmation_with_it(world: World) -> None:
    await resolved(world)
    await world.call("branch secretary", "PUT", f"{PROBLEM}/confirmation", YES, seen=2)

    response = await world.call("cadre", "PUT", f"{PROBLEM}/resolution/withdrawal", seen=3)

    assert response.json()["state"] == "open"
    withdrawn = world.problems.events[-1]
    assert isinstance(withdrawn, ResolutionWithdrawn)
    assert [(item.type, item.revision) for item in withdrawn.corrects] == [
        (ProblemResolved.TYPE, 2),
        (ProblemConfirmed.TYPE, 3),
    ]


@pytest.mark.parametrize("resolved_on", ["2023-11-19", "2023-11-21"])
async def test_a_problem_is_not_solved_before_it_was_raised_nor_in_the_future(world: World, resolved_on: str) -> None:
    await world.call("cadre", "POST", "/problems", a_problem())

    response = await world.call("cadre", "PUT", f"{PROBLEM}/resolution", {**DONE, "resolved_on": resolved_on}, seen=1)

    assert (response.status_code, response.json()["field"]) == (422, "resolved_on")


async def test_the_organiser_gives_a_problem_to_another_cadre_with_its_deadline(world: World) -> None:
    await world.call("cadre", "POST", "/problems", a_problem())

    assigned = await world.call("organiser", "PUT", f"{PROBLEM}/assignment", {"cadre_id": COLLEAGUE}, seen=1)
    by_the_old = await world.call("cadre", "PUT", f"{PROBLEM}/resolution", DONE, seen=2)
    by_the_new = await world.call("colleague", "PUT", f"{PROBLEM}/resolution", DONE, seen=2)

    assert (assigned.json()["cadre_id"], assigned.json()["due_on"]) == (COLLEAGUE, "2023-11-27")
    assert (by_the_old.status_code, by_the_new.status_code) == (403, 200)


async def test_a_cadre_does_not_give_problems_away(world: World) -> None:
    await world.call("cadre", "POST", "/problems", a_problem())

    response = await world.call("cadre", "PUT", f"{PROBLEM}/assignment", {"cadre_id": COLLEAGUE}, seen=1)

    assert response.status_code == 403


async def test_a_problem_given_to_nobody_known_stays(world: World) -> None:
    await world.call("cadre", "POST", "/problems", a_problem())

    response = await world.call(
        "organiser", "PUT", f"{PROBLEM}/assignment", {"cadre_id": derived_id("unheard of")}, seen=1
    )

    assert (response.status_code, response.json()["code"]) == (422, "cadre.unknown")


async def test_no_problem_is_given_to_a_cadre_of_another_township(world: World) -> None:
    raised = await world.call("organiser", "POST", "/problems", a_problem(cadre_id=FAR_CADRE))
    await world.call("cadre", "POST", "/problems", a_problem())
    assigned = await world.call("organiser", "PUT", f"{PROBLEM}/assignment", {"cadre_id": FAR_CADRE}, seen=1)

    assert [(each.status_code, each.json()["code"]) for each in (raised, assigned)] == [(422, "cadre.unknown")] * 2
    assert world.published == ["ProblemRaised"]


async def test_a_problem_of_history_is_not_solved_on_a_day_nobody_enters(world: World) -> None:
    await enter_history(world, HistorySpanDeclared)
    await world.call("cadre", "POST", "/problems", a_problem(raised_on="2023-09-28"))

    async def resolve(on: str) -> Any:
        return await world.call("cadre", "PUT", f"{PROBLEM}/resolution", {**DONE, "resolved_on": on}, seen=1)

    between = await resolve("2023-10-01")
    await enter_history(world, HistorySpanClosed)
    closed = await resolve("2023-09-29")
    live = await resolve("2023-10-03")

    assert (between.status_code, between.json()["code"]) == (422, "township.not_live")
    assert (closed.status_code, closed.json()["code"]) == (422, "history_span.closed")
    assert (between.json()["field"], closed.json()["field"]) == ("resolved_on", "resolved_on")
    assert (live.status_code, live.json()["state"]) == (200, "resolved")
