"""Who entered, corrected, withdrew, assigned, resolved, confirmed, and what stood there before (办理痕迹)."""

from typing import Any

from shared.kernel.access import Role
from shared.kernel.ids import derived_id
from shared.testing.access import a_caller
from tests.unit.visits.conftest import CADRE, COLLEAGUE, TOWNSHIP, World, a_problem, a_visit

VISIT, PROBLEM = f"/visits/{a_visit()['id']}", f"/problems/{a_problem()['id']}"
EARLIER = {"occurred_at": "2023-11-15T10:00:00+08:00", "note": "走访"}
DONE = {"resolved_on": "2023-11-20", "measure": "更换灯泡"}
NO = {"answer": "no", "confirmed_on": "2023-11-20"}
YES, UNREACHED = {**NO, "answer": "yes"}, {**NO, "answer": "unreached"}
NOW = "2023-11-20T04:00:00Z"
BY_CADRE = {"by_account": derived_id("account", CADRE), "by_person": CADRE}


async def _trail(world: World, path: str, who: str = "organiser") -> Any:
    response = await world.call(who, "GET", path)
    assert response.status_code == 200, response.text
    return response.json()["trail"]


async def test_a_visits_trail_tells_who_did_what_when_and_what_was_overwritten(world: World) -> None:
    await world.call("cadre", "POST", "/visits", a_visit(household_ref=derived_id("household")))
    await world.call("organiser", "PUT", VISIT, EARLIER, seen=1)
    world.clock.advance(hours=1)
    await world.call("cadre", "PUT", f"{VISIT}/withdrawal", seen=2)
    logged, corrected, withdrawn = await _trail(world, VISIT)

    assert logged == {"revision": 1, "what": "logged", **BY_CADRE, "at": NOW, "before": {}}
    assert (corrected["revision"], corrected["what"]) == (2, "corrected")
    assert corrected["by_person"] != CADRE
    assert corrected["before"] == {
        "occurred_at": "2023-11-20T01:30:00+00:00",
        "household_ref": derived_id("household"),
    }
    assert withdrawn == {
        "revision": 3,
        "what": "withdrawn",
        **BY_CADRE,
        "at": "2023-11-20T05:00:00Z",
        "before": {},
    }


async def test_a_note_that_was_corrected_stands_nowhere_any_more(world: World) -> None:
    """Who wrote down more of a citizen than he should takes it out: that he did is seen, what he wrote is not."""
    await world.call("cadre", "POST", "/visits", a_visit(note="诸葛试演家屋顶漏雨"))
    await world.call("cadre", "PUT", VISIT, {"occurred_at": a_visit()["occurred_at"], "note": "屋顶漏雨"}, seen=1)
    *_, corrected = await _trail(world, VISIT)

    assert corrected["before"] == {"note": None}
    assert "诸葛试演" not in repr(world.visits.things)


async def test_a_problems_trail_keeps_what_was_taken_back(world: World) -> None:
    await world.call("cadre", "POST", "/problems", a_problem())
    await world.call("organiser", "PUT", f"{PROBLEM}/assignment", {"cadre_id": COLLEAGUE}, seen=1)
    await world.call("colleague", "PUT", f"{PROBLEM}/resolution", DONE, seen=2)
    await world.call("branch secretary", "PUT", f"{PROBLEM}/confirmation", UNREACHED, seen=3)
    await world.call("branch secretary", "PUT", f"{PROBLEM}/confirmation", NO, seen=4)
    await world.call("colleague", "PUT", f"{PROBLEM}/resolution", {**DONE, "measure": "换线路"}, seen=5)
    await world.call("branch secretary", "PUT", f"{PROBLEM}/confirmation", YES, seen=6)
    await world.call("colleague", "PUT", f"{PROBLEM}/resolution/withdrawal", seen=7)
    trail = await _trail(world, PROBLEM)

    assert [(entry["revision"], entry["what"], entry["before"]) for entry in trail] == [
        (1, "raised", {}),
        (2, "assigned", {"cadre_id": CADRE}),
        (3, "resolved", {}),
        (4, "unreached", {}),
        (5, "reopened", {"resolved_on": "2023-11-20", "measure": "更换灯泡"}),
        (6, "resolved", {}),
        (7, "confirmed", {}),
        (8, "resolution_withdrawn", {"resolved_on": "2023-11-20", "measure": "换线路", "confirmed_on": "2023-11-20"}),
    ]


async def test_what_changes_nothing_leaves_no_trail(world: World) -> None:
    for _ in range(2):
        await world.call("cadre", "POST", "/problems", a_problem())
        await world.call("cadre", "PUT", f"{PROBLEM}/resolution", DONE, seen=1)

    assert [entry["what"] for entry in await _trail(world, PROBLEM)] == ["raised", "resolved"]


async def test_an_account_that_stands_for_nobody_is_named_without_a_person(world: World) -> None:
    await world.call("desk of nobody", "POST", "/visits", a_visit())

    (logged,) = await _trail(world, VISIT)

    assert (logged["by_account"], logged["by_person"]) == (derived_id("desk"), None)


async def test_the_owner_and_who_oversees_follow_the_trail(world: World) -> None:
    await world.call("cadre", "POST", "/visits", a_visit())
    await world.call("cadre", "POST", "/problems", a_problem())

    for who in ("cadre", "organiser", "secretary", "branch secretary", "county"):
        assert [len(await _trail(world, path, who)) for path in (VISIT, PROBLEM)] == [1, 1]


async def test_who_raised_a_problem_and_gave_it_away_sees_it_without_its_trail(world: World) -> None:
    await world.call("cadre", "POST", "/problems", a_problem())
    await world.call("organiser", "PUT", f"{PROBLEM}/assignment", {"cadre_id": COLLEAGUE}, seen=1)

    assert await _trail(world, PROBLEM, "cadre") is None
    assert len(await _trail(world, PROBLEM, "colleague")) == 2


async def test_lists_and_changes_show_no_trail(world: World) -> None:
    made = await world.call("cadre", "POST", "/visits", a_visit())
    changed = await world.call("cadre", "PUT", VISIT, EARLIER, seen=1)
    listed = await world.call("cadre", "GET", "/visits")

    assert "trail" not in {**made.json(), **changed.json(), **listed.json()["items"][0]}


async def test_no_fact_carries_the_trail(world: World) -> None:
    organiser = a_caller(Role.ORGANISER, TOWNSHIP)
    await world.call("organiser", "POST", "/visits", a_visit())
    await world.call("cadre", "PUT", VISIT, EARLIER, seen=1)
    await world.call("organiser", "POST", "/problems", a_problem())
    await world.call("organiser", "PUT", f"{PROBLEM}/resolution", DONE, seen=1)
    facts = "".join(event.model_dump_json() for event in (*world.visits.events, *world.problems.events))

    assert not [word for word in ("trail", organiser.account_id, str(organiser.person_id)) if word in facts]
