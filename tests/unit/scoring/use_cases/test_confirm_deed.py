"""The branch confirms a deed, it is on public notice for five working days, and then it counts."""

import asyncio
from datetime import date, datetime, time
from typing import Any

import pytest

from services.scoring.use_cases.make_deeds_effective import is_any_notice_over, make_deeds_effective
from shared.events import members
from shared.events.scoring import DeedConfirmed, DeedEffective
from shared.kernel.clock import at_local_time
from tests.unit.scoring.facts import COUNTY, TOWNSHIP
from tests.unit.scoring.record_world import HERE, RecordWorld, a_calendar, a_deed, a_span

DEED = f"/deeds/{a_deed()['id']}"
CONFIRMATION = f"{DEED}/confirmation"


async def on_notice(recorded: RecordWorld, **changed: Any) -> Any:
    await recorded.done("member", "POST", "/deeds", a_deed(**changed))
    return await recorded.done("branch secretary", "PUT", CONFIRMATION, seen=1)


def local(text: str) -> datetime:
    day, clock = text.split()
    return at_local_time(date.fromisoformat(day), time.fromisoformat(clock))


@pytest.mark.parametrize("who", ["branch secretary", "organiser", "secretary"])
async def test_the_branch_or_the_desk_confirms(recorded: RecordWorld, who: str) -> None:
    await recorded.done("member", "POST", "/deeds", a_deed())
    deed = await recorded.done(who, "PUT", CONFIRMATION, seen=1)

    assert (deed["state"], deed["notice_until"], deed["notice_provisional"]) == ("confirmed", "2023-11-27", False)
    assert isinstance(recorded.deeds.events[-1], DeedConfirmed)
    assert recorded.deeds.events[-1].day == date(2023, 11, 18)


@pytest.mark.parametrize(
    ("reporter", "who", "answer"),
    [
        ("branch secretary", "branch secretary", "403 deed.own_not_confirmed"),
        ("organiser", "organiser", "403 deed.own_not_confirmed"),
        ("branch secretary", "member who is secretary", "403 deed.own_not_confirmed"),
        ("member", "member who is secretary", "403 deed.own_not_confirmed"),
        ("member", "desk of nobody", "403 access.forbidden"),
        ("member", "member", "403 access.forbidden"),
        ("member", "county", "403 access.forbidden"),
        ("member", "stranger", "404 deed.unknown"),
    ],
)
async def test_neither_who_reported_it_nor_whom_it_is_about_confirms(
    recorded: RecordWorld, reporter: str, who: str, answer: str
) -> None:
    await recorded.done(reporter, "POST", "/deeds", a_deed())

    assert await recorded.refused(who, "PUT", CONFIRMATION, seen=1) == answer
    assert len(recorded.deeds.facts) == 1


async def test_confirming_again_changes_nothing_and_another_is_told_so(recorded: RecordWorld) -> None:
    first = await on_notice(recorded)

    assert first == await recorded.done("branch secretary", "PUT", CONFIRMATION, seen=1)
    assert await recorded.refused("organiser", "PUT", CONFIRMATION, seen=2) == "409 deed.confirmed"
    assert await recorded.refused("organiser", "PUT", CONFIRMATION, seen=1) == "412 object.stale"
    assert await recorded.refused("organiser", "PUT", CONFIRMATION) == "428 request.precondition_required"


async def test_days_off_lengthen_the_notice_and_the_nearer_table_wins(recorded: RecordWorld) -> None:
    await recorded.learn(a_calendar(2023, date(2023, 11, 21), date(2023, 11, 22)), subject="c", path=COUNTY, revision=2)
    township = members.CalendarPublished(
        organisation_id=TOWNSHIP, year=2023, working_days=(date(2023, 11, 22),), occurred_on=date(2023, 1, 1)
    )
    await recorded.learn(township, subject="t", path=HERE)

    assert (await on_notice(recorded))["notice_until"] == "2023-11-28"


async def test_a_notice_into_a_year_without_a_calendar_is_provisional(recorded: RecordWorld) -> None:
    recorded.clock.move_to(date(2023, 12, 27))
    deed = await on_notice(recorded, done_on="2023-12-20")

    assert (deed["notice_until"], deed["notice_provisional"]) == ("2024-01-03", True)
    assert recorded.deeds.events[-1].model_dump()["notice_provisional"] is True


async def test_it_counts_when_the_last_day_of_the_notice_has_ended(recorded: RecordWorld) -> None:
    await on_notice(recorded)

    assert await make_deeds_effective(local("2023-11-27 23:59"), recorded.ports) == 0
    assert not await is_any_notice_over(local("2023-11-27 23:59"), recorded.ports)
    assert await is_any_notice_over(local("2023-11-28 00:00"), recorded.ports)
    assert await make_deeds_effective(local("2023-11-28 00:00"), recorded.ports) == 1
    [*_, effective] = recorded.deeds.facts
    assert isinstance(effective.event, DeedEffective)
    assert (effective.revision, effective.event.day) == (3, date(2023, 11, 18))


async def test_several_workers_make_it_effective_once(recorded: RecordWorld) -> None:
    await on_notice(recorded)
    now = local("2023-11-28 00:00")
    made = await asyncio.gather(*(make_deeds_effective(now, recorded.ports) for _ in range(4)))

    assert sum(made) == 1
    assert await make_deeds_effective(now, recorded.ports) == 0
    assert [type(event) for event in recorded.deeds.events].count(DeedEffective) == 1


async def test_a_withdrawal_at_the_last_moment_wins(recorded: RecordWorld) -> None:
    await on_notice(recorded)
    over = recorded.deeds.over

    async def slowly(today: date, limit: int) -> Any:
        found = await over(today, limit)
        if found:
            await recorded.done("branch secretary", "PUT", f"{DEED}/withdrawal", {"reason": "不实"}, seen=2)
        return found

    recorded.deeds.over = slowly  # type: ignore[method-assign]

    assert await make_deeds_effective(local("2023-11-28 00:00"), recorded.ports) == 0
    assert (await recorded.done("member", "GET", DEED))["state"] == "refused"


async def test_history_is_never_on_notice_and_counts_at_once(recorded: RecordWorld) -> None:
    await recorded.learn(a_span(members.HistorySpanDeclared), subject=TOWNSHIP, path=HERE, revision=2)
    deed = await on_notice(recorded, done_on="2023-08-01")

    assert (deed["state"], deed["entry"]) == ("effective", "history")
    assert [type(event) for event in recorded.deeds.events[1:]] == [DeedConfirmed, DeedEffective]
    assert len({fact.id for fact in recorded.deeds.facts}) == 3


async def test_what_lies_in_a_closed_span_is_not_confirmed_any_more(recorded: RecordWorld) -> None:
    await recorded.learn(a_span(members.HistorySpanDeclared), subject=TOWNSHIP, path=HERE, revision=2)
    await recorded.done("member", "POST", "/deeds", a_deed(done_on="2023-08-01"))
    await recorded.learn(a_span(members.HistorySpanClosed), subject=TOWNSHIP, path=HERE, revision=3)

    assert await recorded.refused("branch secretary", "PUT", CONFIRMATION, seen=1) == "422 history_span.closed"
