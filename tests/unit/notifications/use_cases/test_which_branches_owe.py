"""Which branches owe a month: as they stood when it began, in live townships; of history all that there are."""

from datetime import date

import pytest

from tests.unit.notifications.meetings import meeting
from tests.unit.notifications.world import BRANCH, ELSEWHERE, FAR_BRANCH, World, branch, local

SEPTEMBER = date(2023, 9, 18)
"""A Monday; the township is live since then, and the first whole quarter begins in October."""


@pytest.fixture
async def world() -> World:
    world = World()
    world.clock.set(local("2023-09-18 18:00"))
    await world.learn(branch())
    await world.go_live(SEPTEMBER)
    return world


async def test_a_branch_registered_within_a_month_owes_from_the_next_one_on(world: World) -> None:
    await world.at("2023-11-02 12:00")
    await world.learn(branch(FAR_BRANCH, on=date(2023, 11, 2)))
    await world.at("2023-12-02 12:00")

    assert [world.state(month, branch=FAR_BRANCH) for month in ("2023-11", "2023-12")] == [None, "open"]


async def test_a_branch_owes_as_it_stood_when_the_period_began(world: World) -> None:
    await world.at("2023-11-01 12:00")
    await world.learn(branch(on=date(2023, 11, 1), revision=2, has_committee=False, has_groups=True))
    await world.at("2023-12-02 12:00")

    assert [world.state(month) for month in ("2023-11", "2023-12")] == ["overdue", None]
    assert [world.state(month, "group") for month in ("2023-11", "2023-12")] == [None, "open"]


async def test_a_branch_learnt_of_late_owes_all_it_would_have_owed(world: World) -> None:
    await world.at("2023-12-02 12:00")
    await world.learn(branch(FAR_BRANCH, on=date(2023, 10, 2)))
    await world.at("2023-12-02 12:10")

    states = [world.state(month, branch=FAR_BRANCH) for month in ("2023-10", "2023-11", "2023-12")]
    assert states == [None, "overdue", "open"]


async def test_a_branch_that_moves_owes_the_month_where_it_began_and_the_next_where_it_is(world: World) -> None:
    await world.at("2023-11-10 12:00")
    await world.learn(branch(on=date(2023, 11, 10), revision=2, at=ELSEWHERE))
    moved = world.met("2023-11")
    await world.at("2023-12-02 12:00")

    assert moved is not None
    assert ELSEWHERE in moved.path.segments
    assert world.state("2023-12") is None
    await world.go_live(date(2024, 1, 1), ELSEWHERE)
    await world.at("2024-01-01 12:00")
    assert world.state("2024-01") == "open"


async def test_other_organisations_owe_no_meetings(world: World) -> None:
    told, envelope = branch(FAR_BRANCH)
    await world.learn((told.model_copy(update={"kind": "general_branch"}), envelope))
    await world.at("2023-11-01 12:00")

    assert {thing.terms.subject_id for thing in world.obligations.things.values()} == {BRANCH}


async def test_history_is_judged_silently_in_whole_periods_when_its_span_is_closed() -> None:
    world = World()
    world.clock.set(local("2026-09-20 12:00"))
    await world.learn(branch(on=date(2026, 9, 1)), meeting("2023-11-02", entry="history"))
    await world.learn(meeting("2023-10-20", "general", kind="general_meeting", entry="history"))
    await world.span(date(2023, 9, 15), date(2024, 1, 20), closed=True)
    await world.at("2026-09-20 12:02")

    owed = {(thing.terms.regulation_id, thing.terms.period): thing.state for thing in world.obligations.things.values()}
    assert owed == {
        ("general-meeting", "2023-Q4"): "satisfied",
        ("lecture", "2023-Q4"): "missed",
        **{("committee", f"2023-{month}"): "satisfied" if month == 11 else "missed" for month in (10, 11, 12)},
        **{("theme-day", f"2023-{month}"): "missed" for month in (10, 11, 12)},
    }
    assert {event.entry for event in world.told} == {"history"}
    assert {thing.noticed for thing in world.obligations.things.values()} == {None}
    before = len(world.told)
    await world.learn(meeting("2023-12-20", "late", entry="history"))
    assert (world.state("2023-12"), len(world.told)) == ("satisfied", before + 1)


async def test_a_branch_of_another_township_is_not_judged_here() -> None:
    world = World()
    world.clock.set(local("2026-09-20 12:00"))
    await world.learn(branch(at=ELSEWHERE))
    await world.span(date(2023, 10, 1), date(2023, 12, 31), closed=True)
    await world.at("2026-09-20 12:02")

    assert world.published == []
