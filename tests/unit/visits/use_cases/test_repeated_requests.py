"""A request whose answer was lost is sent again and gets the same answer; another request does not."""

import asyncio
from typing import Any

import pytest

from tests.unit.visits.conftest import COLLEAGUE, World, a_problem

PROBLEM = f"/problems/{a_problem()['id']}"
DONE = {"resolved_on": "2023-11-20", "measure": "更换灯泡"}
RESOLVED = ["ProblemRaised", "ProblemResolved"]


async def _resolved(world: World) -> None:
    await world.call("cadre", "POST", "/problems", a_problem())
    await world.call("cadre", "PUT", f"{PROBLEM}/resolution", DONE, seen=1)


async def _withdraw(world: World, seen: int) -> Any:
    return await world.call("cadre", "PUT", f"{PROBLEM}/resolution/withdrawal", seen=seen)


async def _confirm(world: World, answer: str, seen: int, on: str = "2023-11-20") -> Any:
    said = {"answer": answer, "confirmed_on": on}
    return await world.call("branch secretary", "PUT", f"{PROBLEM}/confirmation", said, seen=seen)


async def test_a_resolution_withdrawn_twice_is_withdrawn_once(world: World) -> None:
    await _resolved(world)
    first = await _withdraw(world, 2)
    again = await _withdraw(world, 2)

    assert (again.status_code, again.json()) == (200, first.json())
    assert world.published == [*RESOLVED, "ResolutionWithdrawn"]


async def test_what_was_never_resolved_is_not_withdrawn(world: World) -> None:
    await world.call("cadre", "POST", "/problems", a_problem())
    at_once = await _withdraw(world, 1)
    before_it_was = await _withdraw(world, 0)
    await world.call("organiser", "PUT", f"{PROBLEM}/assignment", {"cadre_id": COLLEAGUE}, seen=1)
    of_another_revision = await world.call("organiser", "PUT", f"{PROBLEM}/resolution/withdrawal", seen=1)

    assert [(each.status_code, each.json()["code"]) for each in (at_once, before_it_was, of_another_revision)] == [
        (409, "problem.not_resolved")
    ] * 3


async def test_who_has_not_seen_the_resolution_does_not_withdraw_it(world: World) -> None:
    await _resolved(world)

    assert (await _withdraw(world, 1)).status_code == 412


@pytest.mark.parametrize(("answer", "fact"), [("no", "ProblemReopened"), ("unreached", "ConfirmationAttempted")])
async def test_an_answer_sent_again_is_noted_once(world: World, answer: str, fact: str) -> None:
    await _resolved(world)
    first = await _confirm(world, answer, 2)
    again = await _confirm(world, answer, 2)

    assert (again.status_code, again.json()) == (200, first.json())
    assert world.published == [*RESOLVED, fact]


@pytest.mark.parametrize(("first", "then"), [("no", "unreached"), ("no", "yes"), ("unreached", "no")])
async def test_another_answer_to_what_was_seen_is_refused(world: World, first: str, then: str) -> None:
    await _resolved(world)
    await _confirm(world, first, 2)

    assert (await _confirm(world, then, 2)).status_code == 412


async def test_the_same_answer_of_another_day_is_another_answer(world: World) -> None:
    world.clock.advance(days=1)
    await _resolved(world)
    await _confirm(world, "unreached", 2)

    assert (await _confirm(world, "unreached", 2, on="2023-11-21")).status_code == 412


async def test_a_citizen_not_reached_again_is_another_attempt(world: World) -> None:
    await _resolved(world)
    await _confirm(world, "unreached", 2)

    again = await _confirm(world, "unreached", 3)

    assert (again.status_code, again.json()["attempts"]) == (200, 2)


async def test_a_no_is_recognised_after_the_problem_was_solved_again(world: World) -> None:
    await _resolved(world)
    await _confirm(world, "no", 2)
    await world.call("cadre", "PUT", f"{PROBLEM}/resolution", DONE, seen=3)

    again = await _confirm(world, "no", 2)

    assert (again.status_code, again.json()["state"], again.json()["reopened"]) == (200, "resolved", 1)


@pytest.mark.parametrize(
    ("who", "path", "body"),
    [("cadre", "resolution", DONE), ("organiser", "assignment", {"cadre_id": COLLEAGUE})],
)
async def test_a_request_sent_again_while_its_first_try_is_under_way_is_answered_alike(
    world: World, monkeypatch: pytest.MonkeyPatch, who: str, path: str, body: dict[str, str]
) -> None:
    await world.call("cadre", "POST", "/problems", a_problem())
    find = world.problems.find

    async def found_before_anybody_saves(problem_id: Any) -> Any:
        problem = await find(problem_id)
        await asyncio.sleep(0)
        return problem

    monkeypatch.setattr(world.problems, "find", found_before_anybody_saves)
    tries = await asyncio.gather(*(world.call(who, "PUT", f"{PROBLEM}/{path}", body, seen=1) for _ in range(2)))

    assert [answer.status_code for answer in tries] == [200, 200]
    assert len(world.published) == 2
