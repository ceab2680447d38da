"""Free weeks, postings that end, years that begin in the middle of a week."""

from datetime import date

from shared.events.notifications import ObligationOpened, ObligationWaived
from tests.unit.notifications.world import (
    COLLEAGUE,
    COUNTY,
    ELSEWHERE,
    World,
    calendar,
    days,
    local,
    posting,
    visit,
)

MONDAY = date(2023, 11, 20)


async def test_a_week_that_is_free_before_it_begins_is_only_waived(world: World) -> None:
    await world.learn(calendar(2023, *days(MONDAY, 3)))
    await world.at("2023-11-20 12:00")

    assert world.published == ["Waived"]
    assert world.owed("2023-W47").noticed is None


async def test_three_working_days_are_enough_to_owe_a_week(world: World) -> None:
    await world.learn(calendar(2023, *days(MONDAY, 2)))
    await world.at("2023-11-20 12:00")

    assert world.published == ["Opened"]


async def test_a_week_declared_free_after_it_was_missed_is_waived_and_takes_the_miss_back(world: World) -> None:
    await world.at("2023-12-05 12:00")
    await world.learn(calendar(2023, *days(MONDAY, 5), organisation=COUNTY))

    waived = world.last.event
    assert isinstance(waived, ObligationWaived)
    assert waived.reason == "calendar"
    assert {correction.type.split(".")[-2] for correction in waived.corrects} == {"opened", "overdue", "missed"}
    assert world.owed("2023-W48").state == "overdue"


async def test_the_free_week_of_another_township_frees_nobody_here(world: World) -> None:
    await world.at("2023-11-20 12:00")
    await world.learn(calendar(2023, *days(MONDAY, 5), organisation=ELSEWHERE))

    assert world.owed("2023-W47").state == "open"


async def test_a_free_week_taken_back_is_owed_again(world: World) -> None:
    await world.at("2023-11-20 12:00")
    await world.learn(calendar(2023, *days(MONDAY, 5)))
    await world.learn(calendar(2023, revision=2))

    assert isinstance(world.last.event, ObligationOpened)
    assert [correction.type.split(".")[-2] for correction in world.last.event.corrects] == ["waived"]
    assert world.owed("2023-W47").state == "open"


async def test_a_visit_in_a_free_week_leaves_it_waived(world: World) -> None:
    await world.learn(calendar(2023, *days(MONDAY, 5)))
    await world.at("2023-11-22 12:00")
    await world.learn(visit("2023-11-21 10:00"))

    assert world.owed("2023-W47").state == "waived"


async def test_the_national_day_week_is_free_by_the_calendar() -> None:
    world = World()
    world.clock.set(local("2023-09-24 12:00"))
    await world.learn(posting(starts_on=date(2023, 9, 1)), calendar(2023, *days(date(2023, 9, 29), 8)))
    await world.go_live(date(2023, 9, 25))
    await world.at("2023-10-09 12:00")

    assert [world.owed(f"2023-W{week}").state for week in (39, 40, 41)] == ["missed", "waived", "open"]


async def test_who_leaves_within_the_week_does_not_owe_it(world: World) -> None:
    await world.at("2023-11-22 12:00")
    await world.learn(posting(ends_on=date(2023, 11, 25)))

    assert (world.owed("2023-W47").state, world.last.event.reason) == ("waived", "posting_ended")
    await world.at("2023-11-28 12:00")
    assert world.week("2023-W48") is None


async def test_who_leaves_on_sunday_owes_the_week(world: World) -> None:
    await world.at("2023-11-22 12:00")
    await world.learn(posting(ends_on=date(2023, 11, 26)))

    assert world.owed("2023-W47").state == "open"


async def test_a_posting_ended_in_the_past_waives_every_week_since(world: World) -> None:
    await world.at("2023-12-05 12:00")
    await world.learn(posting(ends_on=date(2023, 11, 26)))

    states = [world.owed(f"2023-W{week}").state for week in (47, 48, 49)]
    assert states == ["missed", "waived", "waived"]


async def test_two_postings_that_follow_one_another_cover_a_week_together(world: World) -> None:
    other = "00000000-0000-0000-0000-000000000002"
    await world.learn(posting(ends_on=date(2023, 11, 22)), posting(posting_id=other, starts_on=date(2023, 11, 23)))
    await world.at("2023-11-20 12:00")

    assert world.owed("2023-W47").state == "open"


async def test_who_begins_within_a_week_owes_the_next_one(world: World) -> None:
    await world.at("2023-11-22 12:00")
    await world.learn(posting(COLLEAGUE, starts_on=date(2023, 11, 22)))
    await world.at("2023-11-28 12:00")

    assert world.week("2023-W47", COLLEAGUE) is None
    assert world.owed("2023-W48", COLLEAGUE).state == "open"


async def test_another_post_owes_no_weekly_visit(world: World) -> None:
    await world.learn(posting(COLLEAGUE, post="first_secretary"))
    await world.at("2023-11-22 12:00")

    assert world.week("2023-W47", COLLEAGUE) is None


async def test_a_posting_learnt_weeks_later_opens_the_weeks_it_covered(world: World) -> None:
    await world.at("2023-12-12 12:00")
    await world.learn(posting(COLLEAGUE, starts_on=date(2023, 11, 1)))
    await world.at("2023-12-12 13:00")

    states = [world.owed(f"2023-W{week}", COLLEAGUE).state for week in (47, 48, 49, 50)]
    assert states == ["missed", "missed", "overdue", "open"]
    assert world.owed("2023-W47", COLLEAGUE).opened_at == local("2023-11-20 00:00")


async def test_a_township_that_has_not_gone_live_owes_nothing() -> None:
    world = World()
    await world.learn(posting(starts_on=date(2023, 1, 2)))
    await world.at("2023-11-28 12:00")

    assert world.published == []


async def test_go_live_within_a_week_counts_from_the_next_monday() -> None:
    world = World()
    await world.learn(posting(starts_on=date(2023, 1, 2)))
    await world.go_live(date(2023, 11, 22))
    await world.at("2023-11-28 12:00")

    assert world.week("2023-W47") is None
    assert world.owed("2023-W48").state == "open"


async def test_the_last_week_of_a_long_year_is_one_week() -> None:
    world = World()
    world.clock.set(local("2026-12-20 12:00"))
    await world.learn(posting(starts_on=date(2026, 12, 1)))
    await world.go_live(date(2026, 12, 28))
    await world.at("2026-12-28 00:02")
    await world.learn(visit("2026-12-28 00:00"))

    week = world.owed("2026-W53")
    assert (week.terms.due_on, week.state) == (date(2027, 1, 3), "satisfied")


async def test_a_week_across_new_year_counts_the_holidays_of_both_years() -> None:
    world = World()
    world.clock.set(local("2026-12-20 12:00"))
    await world.learn(posting(starts_on=date(2026, 12, 1)))
    await world.go_live(date(2026, 12, 28))
    await world.at("2026-12-28 00:02")
    await world.learn(calendar(2026, date(2026, 12, 30), date(2026, 12, 31)))
    assert world.owed("2026-W53").state == "open"
    await world.learn(calendar(2027, date(2027, 1, 1)))

    assert world.owed("2026-W53").state == "waived"
