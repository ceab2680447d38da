"""What a branch owes in months and quarters: opened when these begin, met by meetings, or made up for later."""

from datetime import date

import pytest

from shared.events.notifications import ObligationMissed, ObligationSatisfied, ObligationSatisfiedLate
from tests.unit.notifications.meetings import meeting
from tests.unit.notifications.world import (
    BRANCH,
    FAR_BRANCH,
    World,
    branch,
    calendar,
    days,
    local,
    still_held,
)

SEPTEMBER = date(2023, 9, 18)
"""A Monday; the township is live since then, and the first whole quarter begins in October."""


@pytest.fixture
async def world() -> World:
    world = World()
    world.clock.set(local("2023-09-18 18:00"))
    await world.learn(branch())
    await world.go_live(SEPTEMBER)
    return world


async def test_what_a_branch_owes_is_opened_when_the_period_begins(world: World) -> None:
    await world.at("2023-10-01 00:02")

    owed = {(thing.terms.regulation_id, thing.terms.period) for thing in world.obligations.things.values()}
    assert owed == {
        ("general-meeting", "2023-Q4"),
        ("lecture", "2023-Q4"),
        ("committee", "2023-10"),
        ("theme-day", "2023-10"),
    }
    committee = world.met("2023-10")
    assert committee is not None
    assert (committee.opened_at, committee.terms.due_on) == (local("2023-10-01 00:00"), date(2023, 10, 31))
    terms = committee.terms
    assert (terms.subject_kind, terms.subject_id, terms.organisation_id, terms.branch_id, terms.cadre_id) == (
        "branch",
        BRANCH,
        BRANCH,
        BRANCH,
        None,
    )


async def test_nothing_is_owed_before_the_first_whole_period_of_a_live_township(world: World) -> None:
    await world.at("2023-09-30 23:00")
    assert world.published == []
    await world.at("2023-11-01 00:02")

    assert (world.state("2023-09"), world.state("2023-Q3", "lecture")) == (None, None)
    assert (world.state("2023-10"), world.state("2023-11")) == ("overdue", "open")


async def test_a_township_that_is_live_since_the_first_owes_that_very_month() -> None:
    world = World()
    world.clock.set(local("2023-11-01 08:00"))
    await world.learn(branch(on=date(2023, 11, 1)))
    await world.go_live(date(2023, 11, 1))
    await world.at("2023-11-01 12:00")

    assert world.state("2023-11") == "open"
    assert world.state("2023-Q4", "lecture") is None


async def test_time_warns_runs_over_and_misses(world: World) -> None:
    seen = []
    for moment in (
        "2023-11-01 00:02",
        "2023-11-16 09:02",
        "2023-11-27 09:02",
        "2023-12-01 00:02",
        "2023-12-07 23:59",
        "2023-12-08 00:02",
    ):
        await world.at(moment)
        seen.append(world.state("2023-11"))

    assert seen == ["open", "warned", "warned", "overdue", "overdue", "missed"]
    committee = world.met("2023-11")
    assert committee is not None
    assert [line.step for line in committee.lines if line.step] == ["mid-period", "three-working-days-before"]
    [missed] = [line for line in committee.lines if line.what == "missed"]
    assert missed.occurred_at == local("2023-12-08 00:00")


async def test_the_last_warning_counts_working_days_by_the_calendar(world: World) -> None:
    await world.learn(calendar(2023, *days(date(2023, 11, 27), 3)))
    await world.at("2023-11-01 00:02")

    committee = world.met("2023-11")
    assert committee is not None
    assert committee.schedule.step("three-working-days-before").at == local("2023-11-22 09:00")


async def test_a_meeting_within_the_period_satisfies_it(world: World) -> None:
    await world.at("2023-11-10 12:00")
    await world.learn(meeting("2023-11-10"))

    event = world.last.event
    assert isinstance(event, ObligationSatisfied)
    assert (len(event.satisfied_by), event.period) == (1, "2023-11")
    assert world.state("2023-11") == "satisfied"
    assert world.state("2023-11", "theme-day") == "open"


async def test_a_meeting_counts_by_when_it_was_held_however_late_that_is_learnt(world: World) -> None:
    await world.at("2024-01-05 12:00")
    assert world.state("2023-11") == "missed"
    await world.learn(meeting("2023-11-30", entry="late"))

    event = world.last.event
    assert isinstance(event, ObligationSatisfied)
    assert {correction.type.split(".")[-2] for correction in event.corrects} == {"overdue", "missed"}
    assert event.entry == "late"


@pytest.mark.parametrize("changed", [{"quorate": False}, {"kind": "group"}, {"branch_id": FAR_BRANCH}])
async def test_what_is_no_such_meeting_of_the_branch_satisfies_nothing(
    world: World, changed: dict[str, object]
) -> None:
    await world.at("2023-11-10 12:00")
    told, envelope = meeting("2023-11-10")
    await world.learn((told.model_copy(update=changed), envelope))

    assert world.state("2023-11") == "open"


async def test_the_next_periods_first_meeting_is_its_own_and_its_second_makes_up(world: World) -> None:
    await world.at("2023-12-06 12:00")
    await world.learn(meeting("2023-12-02", "first"))
    assert (world.state("2023-11"), world.state("2023-12")) == ("overdue", "satisfied")
    await world.learn(meeting("2023-12-05", "second"))

    assert (world.state("2023-11"), world.state("2023-12")) == ("satisfied_late", "satisfied")
    assert isinstance(world.last.event, ObligationSatisfiedLate)
    assert world.last.event.after_grace is False


async def test_a_meeting_entered_twice_on_a_day_makes_up_for_nothing(world: World) -> None:
    """Nor do two groups that meet on one day; one on another day does."""
    await world.at("2023-12-06 12:00")
    await world.learn(meeting("2023-12-02", "first"), meeting("2023-12-02", "entered twice"))
    assert (world.state("2023-11"), world.state("2023-12")) == ("overdue", "satisfied")
    await world.learn(meeting("2023-12-05", "second"))

    assert world.state("2023-11") == "satisfied_late"


async def test_what_is_made_up_for_after_the_grace_was_missed_first(world: World) -> None:
    await world.at("2023-12-20 12:00")
    await world.learn(meeting("2023-12-02", "first"), meeting("2023-12-20", "second"))

    assert isinstance(world.last.event, ObligationSatisfiedLate)
    assert world.last.event.after_grace is True
    committee = world.met("2023-11")
    assert committee is not None
    assert {what for _, what in still_held(world.obligations.facts, {committee.id})} == {
        "opened",
        "overdue",
        "missed",
        "satisfied_late",
    }


async def test_nothing_is_made_up_for_in_the_period_after_the_next(world: World) -> None:
    await world.at("2024-01-20 12:00")
    await world.learn(*(meeting(f"2024-01-{day}", day) for day in ("03", "04", "05")))

    assert [world.state(month) for month in ("2023-11", "2023-12", "2024-01")] == [
        "missed",
        "satisfied_late",
        "satisfied",
    ]


async def test_a_meeting_moved_to_another_month_opens_the_one_and_satisfies_the_other(world: World) -> None:
    await world.at("2023-11-10 12:00")
    await world.learn(meeting("2023-11-02"))
    await world.learn(meeting("2023-10-31", revision=2))

    assert (world.state("2023-10"), world.state("2023-11")) == ("satisfied", "open")


async def test_a_meeting_of_another_kind_after_all_satisfies_the_other_obligation(world: World) -> None:
    await world.at("2023-11-10 12:00")
    await world.learn(meeting("2023-11-02"))
    await world.learn(meeting("2023-11-02", kind="theme_day", revision=2))

    assert (world.state("2023-11"), world.state("2023-11", "theme-day")) == ("open", "satisfied")


async def test_a_meeting_withdrawn_after_the_grace_is_missed_after_all(world: World) -> None:
    await world.at("2023-11-10 12:00")
    await world.learn(meeting("2023-11-02"))
    await world.at("2023-12-20 12:00")
    await world.learn(meeting("2023-11-02", revision=2, gone=True))
    await world.at("2023-12-20 12:05")

    assert world.state("2023-11") == "missed"
    assert isinstance(world.told[-1], ObligationMissed)


async def test_a_first_meeting_withdrawn_takes_its_second_back_from_the_month_before(world: World) -> None:
    await world.at("2023-12-06 12:00")
    await world.learn(meeting("2023-12-02", "first"), meeting("2023-12-05", "second"))
    await world.learn(meeting("2023-12-02", "first", revision=2, gone=True))

    assert (world.state("2023-11"), world.state("2023-12")) == ("overdue", "satisfied")


async def test_a_correction_learnt_in_part_is_finished_when_the_fact_comes_again(world: World) -> None:
    """The meeting was remembered as another kind, then the process died before what it was before had been seen to."""
    await world.at("2023-11-10 12:00")
    await world.learn(meeting("2023-11-02"))
    told = world.fact(*meeting("2023-11-02", kind="theme_day", revision=2))
    save = world.obligations.save

    async def killed(*_: object) -> None:
        raise KeyboardInterrupt

    world.obligations.save = killed  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        await world.handle(told)
    world.obligations.save = save  # type: ignore[method-assign]
    await world.handle(told)

    assert (world.state("2023-11"), world.state("2023-11", "theme-day")) == ("open", "satisfied")


async def test_a_jump_of_the_clock_opens_and_misses_all_in_order(world: World) -> None:
    await world.at("2024-02-20 12:00")

    assert [world.state(f"2023-{month}") for month in (10, 11, 12)] == ["missed"] * 3
    assert [world.state(month) for month in ("2024-01", "2024-02")] == ["missed", "warned"]
    assert [world.state(quarter, "general-meeting") for quarter in ("2023-Q4", "2024-Q1")] == ["missed", "warned"]


async def test_nothing_lived_makes_up_for_a_period_of_history() -> None:
    """August is made up for within the span; October, its last month, by nothing that is lived after it."""
    world = World()
    world.clock.set(local("2023-11-01 12:00"))
    await world.learn(branch(), *(meeting(f"2023-09-{day}", day, entry="history") for day in ("10", "20")))
    await world.span(date(2023, 8, 1), date(2023, 10, 31), closed=True)
    await world.go_live(date(2023, 11, 1))
    await world.at("2023-11-20 12:00")
    before = [world.state(f"2023-{month}") for month in ("08", "09", "10", "11")]
    await world.learn(*(meeting(f"2023-11-{day}", f"lived {day}") for day in ("10", "20")))

    assert before == ["satisfied_late", "satisfied", "missed", "warned"]
    assert [world.state(f"2023-{month}") for month in ("08", "09", "10", "11")] == [*before[:3], "satisfied"]
