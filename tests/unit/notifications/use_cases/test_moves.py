"""Branches that move take along what is owed there and who is posted there, through crashes and old facts."""

from datetime import date

import pytest

from services.notifications.adapters.in_memory import InMemoryObligations
from shared.events import members, visits
from shared.kernel.access import OrganisationPath
from shared.kernel.errors import Unavailable
from shared.kernel.ids import OrganisationId
from tests.unit.notifications.world import (
    BRANCH,
    BRANCH_PATH,
    COLLEAGUE,
    COUNTY,
    ELSEWHERE,
    TOWNSHIP,
    World,
    calendar,
    days,
    local,
    posting,
    problem_fact,
)

THERE = f"{COUNTY}/{ELSEWHERE}/{BRANCH}"
CHANGED = members.OrganisationChanged(
    organisation_id=BRANCH,
    kind="branch",
    title="演示",
    parent_id=ELSEWHERE,
    occurred_on=date(2023, 11, 20),
)
REGISTERED = members.OrganisationRegistered(
    organisation_id=BRANCH, kind="branch", title="演示", parent_id=TOWNSHIP, occurred_on=date(2023, 1, 2)
)


async def _with_a_problem(world: World) -> None:
    world.clock.set(local("2023-11-20 12:00"))
    await world.learn(problem_fact(visits.ProblemRaised, date(2023, 11, 20), 1))


def _places(world: World) -> set[str]:
    return {str(obligation.path) for obligation in world.obligations.things.values()}


async def test_a_branch_that_moves_takes_along_what_is_owed_there(world: World) -> None:
    await _with_a_problem(world)
    await world.learn((CHANGED, {"subject": BRANCH, "path": THERE, "revision": 2}))

    assert _places(world) == {THERE}


async def test_a_move_cut_short_is_finished_when_the_fact_comes_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The place was remembered, then the process died before the obligations had moved."""
    await _with_a_problem(world)
    moved = world.fact(CHANGED, {"subject": BRANCH, "path": THERE, "revision": 2})

    async def away(_self: InMemoryObligations, _id: OrganisationId, _path: OrganisationPath) -> None:
        raise Unavailable("mongodb")

    with monkeypatch.context() as broken:
        broken.setattr(InMemoryObligations, "moved", away)
        with pytest.raises(Unavailable):
            await world.handle(moved)
    await world.handle(moved)

    assert _places(world) == {THERE}


async def test_an_older_fact_moves_nothing_back(world: World) -> None:
    await _with_a_problem(world)
    await world.learn((CHANGED, {"subject": BRANCH, "path": THERE, "revision": 3}))
    await world.learn((CHANGED, {"subject": BRANCH, "path": BRANCH_PATH, "revision": 2}))

    assert _places(world) == {THERE}


async def test_what_is_opened_after_a_move_hangs_where_the_branch_is_now(world: World) -> None:
    """The problem was raised before the branch moved, and read after: so it is when everything is read again."""
    world.clock.set(local("2023-11-20 11:00"))
    await world.learn((CHANGED, {"subject": BRANCH, "path": THERE, "revision": 2}))
    await _with_a_problem(world)

    assert _places(world) == {THERE}


async def _moves_on_wednesday(world: World) -> None:
    """The branch hangs elsewhere since the Wednesday of the second week."""
    await world.learn((REGISTERED, {"subject": BRANCH, "path": BRANCH_PATH}))
    await world.at("2023-11-29 12:00")
    moved = CHANGED.model_copy(update={"occurred_on": date(2023, 11, 29)})
    await world.learn((moved, {"subject": BRANCH, "path": THERE, "revision": 2}))


async def test_who_is_posted_at_a_branch_that_moves_owes_later_weeks_at_its_new_township(world: World) -> None:
    await world.go_live(township=ELSEWHERE)
    await _moves_on_wednesday(world)
    await world.at("2023-12-05 12:00")

    owed = {week: world.owed(week) for week in ("2023-W47", "2023-W48", "2023-W49")}
    assert {week: each.terms.organisation_id for week, each in owed.items()} == {
        "2023-W47": TOWNSHIP,
        "2023-W48": TOWNSHIP,
        "2023-W49": ELSEWHERE,
    }
    assert str(owed["2023-W49"].path) == f"{COUNTY}/{ELSEWHERE}"


async def test_a_posting_told_again_as_it_was_before_the_move_moves_nobody_back(world: World) -> None:
    await world.go_live(township=ELSEWHERE)
    await _moves_on_wednesday(world)
    await world.learn(posting())
    await world.at("2023-12-05 12:00")

    assert world.owed("2023-W49").terms.organisation_id == ELSEWHERE


async def test_a_posting_that_is_learnt_after_the_move_opens_each_week_where_the_branch_hung(world: World) -> None:
    await world.go_live(township=ELSEWHERE)
    await _moves_on_wednesday(world)
    await world.at("2023-12-05 12:00")
    event, envelope = posting(COLLEAGUE)
    await world.learn((event, {**envelope, "path": THERE}))
    await world.at("2023-12-05 13:00")

    weeks = ("2023-W47", "2023-W48", "2023-W49")
    assert [world.owed(week, COLLEAGUE).terms.organisation_id for week in weeks] == [TOWNSHIP, TOWNSHIP, ELSEWHERE]


async def test_a_move_to_a_township_that_is_not_live_leaves_what_was_owed_before(world: World) -> None:
    await _moves_on_wednesday(world)
    await world.at("2023-12-05 12:00")
    await world.learn(calendar(2023, *days(date(2023, 12, 25), 1)))

    assert [world.owed(week).state for week in ("2023-W47", "2023-W48")] == ["missed", "overdue"]
    assert world.week("2023-W49") is None
