"""Leave pauses weeks, together with the calendar, whenever it is learnt; changed or withdrawn it gives them back."""

from datetime import date
from typing import Any

import pytest

from shared.events.base import Event
from shared.events.notifications import ObligationMissed, ObligationOpened, ObligationWaived
from shared.kernel.ids import derived_id
from tests.unit.notifications.world import (
    BRANCH,
    CADRE,
    COLLEAGUE,
    COUNTY,
    ELSEWHERE,
    FAR_BRANCH,
    TOWNSHIP,
    World,
    calendar,
    days,
    leave,
    posting,
    visit,
)

MONDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2023, 11, day) for day in (20, 22, 23, 24))


async def test_a_week_with_fewer_than_three_working_days_beside_the_leave_is_waived(world: World) -> None:
    await world.learn(leave(MONDAY, WEDNESDAY))
    await world.at("2023-11-20 12:00")

    assert world.published == ["Waived"]
    assert world.last.event.reason == "leave"
    assert world.owed("2023-W47").noticed is None


async def test_three_working_days_beside_the_leave_are_enough_to_owe_it(world: World) -> None:
    await world.learn(leave(THURSDAY, date(2023, 11, 26)))
    await world.at("2023-11-20 12:00")

    assert world.owed("2023-W47").state == "open"


async def test_leave_and_holidays_count_together(world: World) -> None:
    await world.at("2023-11-20 12:00")
    await world.learn(leave(THURSDAY, FRIDAY))
    assert world.owed("2023-W47").state == "open"
    await world.learn(calendar(2023, MONDAY))

    assert (world.owed("2023-W47").state, world.last.event.reason) == ("waived", "leave")


async def test_a_week_that_is_free_by_the_calendar_alone_is_so_for_that_reason(world: World) -> None:
    await world.at("2023-11-20 12:00")
    await world.learn(leave(MONDAY, FRIDAY))
    await world.learn(calendar(2023, *days(MONDAY, 3)))

    assert world.last.event.reason == "calendar"
    assert [correction.type.split(".")[-2] for correction in world.last.event.corrects] == ["waived"]


async def test_two_leaves_of_one_week_count_together(world: World) -> None:
    await world.at("2023-11-20 12:00")
    await world.learn(leave(MONDAY, MONDAY), leave(THURSDAY, FRIDAY, name="another"))

    assert world.owed("2023-W47").state == "waived"


async def test_leave_learnt_after_the_miss_takes_it_back(world: World) -> None:
    await world.at("2023-12-05 12:00")
    await world.learn(leave(MONDAY, date(2023, 12, 1)))

    assert [world.owed(f"2023-W{week}").state for week in (47, 48, 49)] == ["waived", "waived", "open"]
    [missed] = [fact for fact in world.obligations.facts if isinstance(fact.event, ObligationMissed)]
    waived = [event for event in world.told if isinstance(event, ObligationWaived)]
    assert waived[0].obligation_id == missed.subject
    assert {correction.type.split(".")[-2] for correction in waived[0].corrects} == {"opened", "overdue", "missed"}


async def test_a_leave_that_is_moved_gives_the_old_weeks_back(world: World) -> None:
    await world.at("2023-12-05 12:00")
    await world.learn(leave(MONDAY, FRIDAY))
    await world.learn(leave(date(2023, 11, 27), date(2023, 12, 1), revision=2))
    await world.at("2023-12-05 12:02")

    assert [world.owed(f"2023-W{week}").state for week in (47, 48)] == ["missed", "waived"]


async def test_a_leave_withdrawn_is_owed_again(world: World) -> None:
    await world.at("2023-11-20 12:00")
    await world.learn(leave(MONDAY, FRIDAY))
    await world.learn(leave(MONDAY, FRIDAY, revision=2, gone=True))

    assert isinstance(world.last.event, ObligationOpened)
    assert world.owed("2023-W47").state == "open"


async def test_an_older_version_of_a_leave_changes_nothing(world: World) -> None:
    await world.at("2023-11-20 12:00")
    await world.learn(leave(MONDAY, FRIDAY, revision=2, gone=True))
    await world.learn(leave(MONDAY, FRIDAY))

    assert world.published == ["Opened"]


async def test_the_leave_of_another_frees_nobody(world: World) -> None:
    await world.learn(posting(COLLEAGUE))
    await world.at("2023-11-20 12:00")
    await world.learn(leave(MONDAY, FRIDAY, cadre_id=COLLEAGUE, name="of the colleague"))

    assert (world.owed("2023-W47").state, world.owed("2023-W47", COLLEAGUE).state) == ("open", "waived")


def _posted_elsewhere_too() -> tuple[Event, dict[str, Any]]:
    event, envelope = posting(
        posting_id=derived_id("posting elsewhere"), organisation_id=FAR_BRANCH, starts_on=date(2023, 11, 22)
    )
    return event, {**envelope, "subject": derived_id("posting elsewhere"), "path": f"{COUNTY}/{ELSEWHERE}/{FAR_BRANCH}"}


@pytest.mark.parametrize("by", [ELSEWHERE, FAR_BRANCH])
async def test_another_township_lets_nobody_off(world: World, by: str) -> None:
    """It has him posted as well, but it is not there that he owes the week."""
    await world.go_live(township=ELSEWHERE)
    await world.learn(_posted_elsewhere_too(), leave(MONDAY, FRIDAY, organisation_id=by))
    await world.at("2023-11-20 12:00")

    owed = world.owed("2023-W47", CADRE)
    assert (owed.terms.organisation_id, owed.state) == (TOWNSHIP, "open")


@pytest.mark.parametrize("by", [COUNTY, TOWNSHIP, BRANCH])
async def test_who_stands_above_the_post_lets_off(world: World, by: str) -> None:
    await world.at("2023-11-20 12:00")
    await world.learn(leave(MONDAY, FRIDAY, organisation_id=by))

    assert world.owed("2023-W47").state == "waived"


async def test_a_visit_during_a_leave_leaves_the_week_waived(world: World) -> None:
    await world.learn(leave(MONDAY, FRIDAY))
    await world.at("2023-11-22 12:00")
    await world.learn(visit("2023-11-21 10:00"))

    assert world.owed("2023-W47").state == "waived"


async def test_a_change_learnt_in_part_is_finished_when_the_fact_comes_again(world: World) -> None:
    """The new days were remembered, then the process died before the old ones had been seen to."""
    await world.at("2023-11-20 12:00")
    await world.learn(leave(MONDAY, FRIDAY))
    told = world.fact(*leave(date(2023, 11, 27), date(2023, 12, 1), revision=2))
    weeks_of = world.obligations.weeks_of

    async def nothing(*_: object) -> list[object]:
        return []

    world.obligations.weeks_of = nothing  # type: ignore[assignment]
    await world.handle(told)
    world.obligations.weeks_of = weeks_of  # type: ignore[method-assign]
    assert world.owed("2023-W47").state == "waived"
    await world.handle(told)

    assert world.owed("2023-W47").state == "open"
    assert derived_id("leave") == told.subject
