"""Members who helped to solve a problem (帮办民情): who may be named, and where the names go."""

from datetime import date
from typing import Any

import pytest

from shared.events.visits import ProblemConfirmed, ProblemReopened, ProblemResolved, ResolutionWithdrawn
from shared.kernel.ids import derived_id
from tests.unit.visits.conftest import (
    BRANCH_SECRETARY,
    CADRE,
    COLLEAGUE,
    FAR_BRANCH,
    World,
    a_problem,
    end_membership,
    enrol,
)

PROBLEM = f"/problems/{a_problem()['id']}"
ONE, OTHER = sorted((derived_id("one member"), derived_id("other member")))
DONE = {"resolved_on": "2023-11-20", "measure": "更换灯泡"}
YES = {"answer": "yes", "confirmed_on": "2023-11-20"}


async def _resolved(world: World, *helpers: str, who: str = "cadre") -> Any:
    await world.call("cadre", "POST", "/problems", a_problem())
    return await world.call(who, "PUT", f"{PROBLEM}/resolution", {**DONE, "helper_ids": [*helpers]}, seen=1)


async def test_the_facts_of_a_resolution_name_who_helped(world: World) -> None:
    await enrol(world, ONE)
    await enrol(world, OTHER)
    response = await _resolved(world, OTHER, ONE)
    await world.call("branch secretary", "PUT", f"{PROBLEM}/confirmation", YES, seen=2)
    _, resolved, confirmed = world.problems.events

    assert (response.status_code, response.json()["resolution"]["helper_ids"]) == (200, [ONE, OTHER])
    assert isinstance(resolved, ProblemResolved)
    assert isinstance(confirmed, ProblemConfirmed)
    assert (resolved.helper_ids, confirmed.helper_ids) == ((ONE, OTHER), (ONE, OTHER))


async def test_what_takes_a_confirmation_back_says_whom_it_named(world: World) -> None:
    await enrol(world, ONE)
    await _resolved(world, ONE)
    await world.call("branch secretary", "PUT", f"{PROBLEM}/confirmation", YES, seen=2)
    await world.call("cadre", "PUT", f"{PROBLEM}/resolution/withdrawal", seen=3)
    withdrawn = world.problems.events[-1]

    assert isinstance(withdrawn, ResolutionWithdrawn)
    assert [(item.type, item.concerned) for item in withdrawn.corrects] == [
        (ProblemResolved.TYPE, (ONE,)),
        (ProblemConfirmed.TYPE, (ONE,)),
    ]


async def test_a_citizens_no_takes_the_helpers_back_too(world: World) -> None:
    await enrol(world, ONE)
    await _resolved(world, ONE)
    await world.call("branch secretary", "PUT", f"{PROBLEM}/confirmation", {**YES, "answer": "no"}, seen=2)
    reopened = world.problems.events[-1]
    trail = (await world.call("organiser", "GET", PROBLEM)).json()["trail"]

    assert isinstance(reopened, ProblemReopened)
    assert [item.concerned for item in reopened.corrects] == [(ONE,)]
    assert trail[-1]["before"] == {**DONE, "helper_ids": ONE}


async def test_a_resolution_without_help_names_nobody(world: World) -> None:
    await world.call("cadre", "POST", "/problems", a_problem())
    response = await world.call("cadre", "PUT", f"{PROBLEM}/resolution", DONE, seen=1)

    assert response.json()["resolution"]["helper_ids"] == []


async def test_the_same_helpers_in_another_order_are_the_same_resolution(world: World) -> None:
    await enrol(world, ONE)
    await enrol(world, OTHER)
    first = await _resolved(world, ONE, OTHER)
    again = await world.call("cadre", "PUT", f"{PROBLEM}/resolution", {**DONE, "helper_ids": [OTHER, ONE]}, seen=1)
    others = await world.call("cadre", "PUT", f"{PROBLEM}/resolution", {**DONE, "helper_ids": [ONE]}, seen=2)

    assert (again.status_code, again.json()) == (200, first.json())
    assert (others.status_code, others.json()["code"]) == (409, "problem.already_resolved")


async def test_a_member_not_known_yet_is_to_be_tried_again(world: World) -> None:
    response = await _resolved(world, ONE)
    refusal = response.json()
    await enrol(world, ONE)
    again = await world.call("cadre", "PUT", f"{PROBLEM}/resolution", {**DONE, "helper_ids": [ONE]}, seen=1)

    assert (response.status_code, refusal["code"], refusal["field"]) == (422, "member.unknown", "helper_ids")
    assert "稍后重试" in refusal["detail"]
    assert ONE in refusal["detail"]
    assert again.status_code == 200


async def test_a_member_of_another_township_is_as_unknown_as_nobody(world: World) -> None:
    await enrol(world, ONE, FAR_BRANCH)
    response = await _resolved(world, ONE)

    assert (response.status_code, response.json()["code"]) == (422, "member.unknown")
    assert world.published == ["ProblemRaised"]


@pytest.mark.parametrize(
    ("joined_on", "ended_on", "status"),
    [
        ("2023-11-20", None, 200),
        ("2023-11-21", None, 422),
        ("2020-01-01", "2023-11-20", 200),
        ("2020-01-01", "2023-11-19", 422),
    ],
)
async def test_who_helped_was_a_member_that_day(
    world: World, joined_on: str, ended_on: str | None, status: int
) -> None:
    await enrol(world, ONE, joined_on=date.fromisoformat(joined_on))
    if ended_on is not None:
        await end_membership(world, ONE, date.fromisoformat(ended_on))
    response = await _resolved(world, ONE)

    assert response.status_code == status
    if status == 422:
        assert (response.json()["code"], response.json()["field"]) == ("member.not_enrolled_then", "helper_ids")


@pytest.mark.parametrize("who", ["cadre", "organiser"])
async def test_the_cadre_does_not_help_himself(world: World, who: str) -> None:
    await enrol(world, ONE, person=CADRE)
    response = await _resolved(world, ONE, who=who)

    assert (response.status_code, response.json()["code"]) == (422, "problem.resolver_may_not_help")


async def test_a_colleague_who_is_a_member_may_have_helped(world: World) -> None:
    await enrol(world, ONE, person=COLLEAGUE)

    assert (await _resolved(world, ONE)).status_code == 200


@pytest.mark.parametrize("answer", ["yes", "no", "unreached"])
async def test_who_helped_does_not_ask_the_citizen(world: World, answer: str) -> None:
    """He earns by the confirmation, as the cadre does."""
    await enrol(world, ONE, person=BRANCH_SECRETARY)
    await _resolved(world, ONE)
    own = await world.call("branch secretary", "PUT", f"{PROBLEM}/confirmation", {**YES, "answer": answer}, seen=2)
    other = await world.call("organiser", "PUT", f"{PROBLEM}/confirmation", {**YES, "answer": answer}, seen=2)

    assert (own.status_code, own.json()["code"]) == (403, "problem.resolver_may_not_confirm")
    assert "帮办党员" in own.json()["detail"]
    assert other.status_code == 200


async def test_a_helper_is_named_once_and_ten_are_enough(world: World) -> None:
    await enrol(world, ONE)
    twice = await _resolved(world, ONE, ONE)
    many = await _resolved(world, *(derived_id("member", number) for number in range(11)))

    assert (twice.status_code, twice.json()["code"]) == (422, "problem.helper_named_twice")
    assert (many.status_code, many.json()["code"]) == (422, "request.invalid")
    assert world.published == ["ProblemRaised"]
