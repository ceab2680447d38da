"""Each fact says how it came in itself: in time, late, or as history; never how another one did."""

from datetime import date

import pytest

from shared.events.members import HistorySpanDeclared
from shared.events.visits import ProblemRaised, ProblemResolved, VisitCorrected
from tests.unit.visits.conftest import World, a_problem, a_visit, enter_history

VISIT, PROBLEM = f"/visits/{a_visit()['id']}", f"/problems/{a_problem()['id']}"
AT = a_visit()["occurred_at"]
LONG_AFTER = date(2023, 12, 11)


def _entries(world: World) -> dict[str, str]:
    return {type(event).__name__: getattr(event, "entry", "") for event in world.problems.events}


async def test_a_problem_raised_late_and_solved_promptly_has_a_prompt_resolution(world: World) -> None:
    world.clock.move_to(LONG_AFTER)
    raised = await world.call("cadre", "POST", "/problems", a_problem())
    await world.call("cadre", "PUT", f"{PROBLEM}/resolution", {"resolved_on": "2023-12-11", "measure": "修"}, seen=1)
    await world.call(
        "branch secretary", "PUT", f"{PROBLEM}/confirmation", {"answer": "yes", "confirmed_on": "2023-12-11"}, seen=2
    )
    await world.call("cadre", "PUT", f"{PROBLEM}/resolution/withdrawal", seen=3)

    assert raised.json()["entry"] == "late"
    assert _entries(world) == {
        ProblemRaised.__name__: "late",
        ProblemResolved.__name__: "live",
        "ProblemConfirmed": "live",
        "ResolutionWithdrawn": "live",
    }


@pytest.mark.parametrize("answer", ["no", "unreached", "yes"])
async def test_a_resolution_entered_beyond_the_grace_is_late_in_all_its_facts(world: World, answer: str) -> None:
    await world.call("cadre", "POST", "/problems", a_problem())
    world.clock.move_to(LONG_AFTER)
    resolved = {"resolved_on": "2023-11-22", "measure": "修"}
    await world.call("cadre", "PUT", f"{PROBLEM}/resolution", resolved, seen=1)
    said = {"answer": answer, "confirmed_on": "2023-12-11"}
    await world.call("branch secretary", "PUT", f"{PROBLEM}/confirmation", said, seen=2)

    assert list(_entries(world).values()) == ["live", "late", "late"]


async def test_a_problem_of_history_is_history_in_all_its_facts(world: World) -> None:
    await enter_history(world, HistorySpanDeclared)
    await world.call("cadre", "POST", "/problems", a_problem(raised_on="2023-09-28"))
    await world.call("cadre", "PUT", f"{PROBLEM}/resolution", {"resolved_on": "2023-11-20", "measure": "修"}, seen=1)

    assert set(_entries(world).values()) == {"history"}


async def test_correcting_the_note_alone_does_not_make_a_visit_late(world: World) -> None:
    await world.call("cadre", "POST", "/visits", a_visit())
    world.clock.move_to(LONG_AFTER)

    noted = await world.call("cadre", "PUT", VISIT, {"occurred_at": AT, "note": "补记情况"}, seen=1)
    earlier = {"occurred_at": "2023-11-20T08:00:00+08:00", "note": "补记情况"}
    same_day = await world.call("cadre", "PUT", VISIT, earlier, seen=2)

    assert (noted.json()["entry"], same_day.json()["entry"]) == ("live", "live")
    corrected = world.visits.events[-1]
    assert isinstance(corrected, VisitCorrected)
    assert corrected.entry == "live"


async def test_a_visit_moved_to_a_day_long_past_is_late(world: World) -> None:
    await world.call("cadre", "POST", "/visits", a_visit())
    world.clock.move_to(LONG_AFTER)

    response = await world.call("cadre", "PUT", VISIT, {"occurred_at": "2023-11-19T10:00:00+08:00"}, seen=1)

    assert response.json()["entry"] == "late"
