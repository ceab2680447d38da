"""Dissatisfied once: reopened; dissatisfied twice: the desk decides (domain.md, section 6)."""

from typing import Any

import pytest

from shared.events.visits import ProblemReopened
from tests.unit.visits.conftest import CADRE, COLLEAGUE, World, a_problem

PROBLEM = f"/problems/{a_problem()['id']}"
DONE = {"resolved_on": "2023-11-20", "measure": "更换灯泡"}


async def _resolve(world: World, seen: int, who: str = "cadre") -> Any:
    return await world.call(who, "PUT", f"{PROBLEM}/resolution", DONE, seen=seen)


async def _answered(world: World, answer: str, seen: int) -> Any:
    said = {"answer": answer, "confirmed_on": "2023-11-20"}
    return await world.call("branch secretary", "PUT", f"{PROBLEM}/confirmation", said, seen=seen)


async def _twice_no(world: World) -> tuple[Any, Any]:
    """Gives both answers; the problem stands at revision 5."""
    await world.call("cadre", "POST", "/problems", a_problem())
    await _resolve(world, 1)
    first = await _answered(world, "no", 2)
    await _resolve(world, 3)
    return first, await _answered(world, "no", 4)


async def test_the_second_no_reopens_the_problem_and_hands_it_to_the_desk(world: World) -> None:
    first, second = await _twice_no(world)
    facts = [event for event in world.problems.events if isinstance(event, ProblemReopened)]

    assert [(each.json()["state"], each.json()["escalated"]) for each in (first, second)] == [
        ("open", False),
        ("open", True),
    ]
    assert [fact.escalated for fact in facts] == [False, True]


async def test_while_the_desk_has_to_decide_the_cadre_enters_no_resolution(world: World) -> None:
    await _twice_no(world)

    response = await _resolve(world, 5)

    assert (response.status_code, response.json()["code"]) == (403, "problem.escalated")
    assert "组织委员" in response.json()["detail"]


@pytest.mark.parametrize("who", ["organiser", "secretary"])
async def test_the_desk_enters_the_resolution_itself(world: World, who: str) -> None:
    await _twice_no(world)

    resolved = await _resolve(world, 5, who)
    confirmed = await _answered(world, "yes", 6)

    assert (resolved.json()["state"], resolved.json()["escalated"]) == ("resolved", True)
    assert (confirmed.json()["state"], confirmed.json()["escalated"]) == ("confirmed", False)


async def test_a_cadre_who_takes_the_desks_resolution_back_does_not_get_round_the_desk(world: World) -> None:
    await _twice_no(world)
    await _resolve(world, 5, "organiser")
    await world.call("cadre", "PUT", f"{PROBLEM}/resolution/withdrawal", seen=6)

    assert (await _resolve(world, 7)).json()["code"] == "problem.escalated"


@pytest.mark.parametrize(("to", "who"), [(COLLEAGUE, "colleague"), (CADRE, "cadre")])
async def test_the_desk_decides_by_giving_it_to_a_cadre_another_or_the_same(world: World, to: str, who: str) -> None:
    await _twice_no(world)

    assigned = await world.call("organiser", "PUT", f"{PROBLEM}/assignment", {"cadre_id": to}, seen=5)
    again = await world.call("organiser", "PUT", f"{PROBLEM}/assignment", {"cadre_id": to}, seen=5)
    resolved = await _resolve(world, 6, who)

    assert (assigned.json()["escalated"], again.json()["revision"]) == (False, 6)
    assert world.published[-2:] == ["ProblemAssigned", "ProblemResolved"]
    assert resolved.status_code == 200


async def test_each_further_no_goes_to_the_desk_again(world: World) -> None:
    await _twice_no(world)
    await world.call("organiser", "PUT", f"{PROBLEM}/assignment", {"cadre_id": CADRE}, seen=5)
    await _resolve(world, 6)

    third = await _answered(world, "no", 7)

    assert (third.json()["reopened"], third.json()["escalated"]) == (3, True)
