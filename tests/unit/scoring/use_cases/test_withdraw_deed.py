"""A deed is taken back by who reported it before it counts, by the branch or the desk at any time with a reason."""

from typing import Any

import pytest

from services.scoring.use_cases.make_deeds_effective import make_deeds_effective
from shared.events.scoring import DeedEffective, DeedWithdrawn
from shared.kernel.clock import start_of_day
from tests.unit.scoring.record_world import RecordWorld, a_deed

DEED = f"/deeds/{a_deed()['id']}"
WITHDRAWAL = f"{DEED}/withdrawal"
REASON = {"reason": "经核实并未参加"}


async def standing(recorded: RecordWorld, state: str, *, reporter: str = "member") -> int:
    """A deed in that state; gives its revision."""
    await recorded.done(reporter, "POST", "/deeds", a_deed())
    if state == "reported":
        return 1
    confirmer = "organiser" if reporter == "branch secretary" else "branch secretary"
    await recorded.done(confirmer, "PUT", f"{DEED}/confirmation", seen=1)
    if state == "confirmed":
        return 2
    await make_deeds_effective(start_of_day(recorded.clock.today().replace(month=12)), recorded.ports)
    return 3


def withdrawn(recorded: RecordWorld) -> DeedWithdrawn:
    [*_, event] = recorded.deeds.events
    assert isinstance(event, DeedWithdrawn)
    return event


@pytest.mark.parametrize("state", ["reported", "confirmed"])
@pytest.mark.parametrize("reporter", ["member", "branch secretary"])
async def test_who_reported_it_takes_it_back_before_it_counts(recorded: RecordWorld, reporter: str, state: str) -> None:
    seen = await standing(recorded, state, reporter=reporter)
    deed = await recorded.done(reporter, "PUT", WITHDRAWAL, {}, seen=seen)

    assert (deed["state"], deed["note"]) == ("withdrawn", "清扫村道")
    assert withdrawn(recorded).corrects == ()


async def test_the_member_takes_back_what_was_reported_for_him(recorded: RecordWorld) -> None:
    await standing(recorded, "confirmed", reporter="branch secretary")

    assert (await recorded.done("member", "PUT", WITHDRAWAL, {}, seen=2))["state"] == "withdrawn"


@pytest.mark.parametrize("who", ["branch secretary", "organiser", "secretary"])
@pytest.mark.parametrize("state", ["reported", "confirmed", "effective"])
async def test_the_branch_or_the_desk_takes_it_back_with_a_reason(recorded: RecordWorld, who: str, state: str) -> None:
    seen = await standing(recorded, state)
    without = await recorded.refused(who, "PUT", WITHDRAWAL, {"reason": "  "}, seen=seen)
    deed = await recorded.done(who, "PUT", WITHDRAWAL, REASON, seen=seen)

    assert without == "422 deed.reason_missing"
    assert (deed["state"], deed["reason"]) == ("refused", REASON["reason"])


async def test_what_counted_is_named_by_what_takes_it_back(recorded: RecordWorld) -> None:
    await standing(recorded, "effective")
    [effective] = [fact for fact in recorded.deeds.facts if isinstance(fact.event, DeedEffective)]
    await recorded.done("organiser", "PUT", WITHDRAWAL, REASON, seen=3)
    [correction] = withdrawn(recorded).corrects

    assert (correction.type, correction.revision, correction.day) == (
        DeedEffective.TYPE,
        effective.revision,
        effective.event.day,
    )


async def test_once_it_counts_who_reported_it_does_not_take_it_back(recorded: RecordWorld) -> None:
    await standing(recorded, "effective")

    assert await recorded.refused("member", "PUT", WITHDRAWAL, {}, seen=3) == "403 deed.of_another"


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        ("neighbour", "403 deed.of_another"),
        ("county", "403 access.forbidden"),
        ("stranger", "404 deed.unknown"),
        ("far member", "404 deed.unknown"),
    ],
)
async def test_nobody_else_takes_it_back(recorded: RecordWorld, who: str, answer: str) -> None:
    await standing(recorded, "confirmed")

    assert await recorded.refused(who, "PUT", WITHDRAWAL, REASON, seen=2) == answer


async def test_taking_it_back_again_changes_nothing_and_it_stays_so(recorded: RecordWorld) -> None:
    await standing(recorded, "reported")
    first = await recorded.done("member", "PUT", WITHDRAWAL, {}, seen=1)
    again: Any = await recorded.done("member", "PUT", WITHDRAWAL, {}, seen=1)

    assert first == again
    assert await recorded.refused("branch secretary", "PUT", f"{DEED}/confirmation", seen=2) == "409 deed.withdrawn"


async def test_no_word_of_a_deed_is_in_any_fact(recorded: RecordWorld) -> None:
    await standing(recorded, "effective")
    await recorded.done("organiser", "PUT", WITHDRAWAL, REASON, seen=3)
    told = " ".join(event.model_dump_json() for event in recorded.deeds.events)

    assert "清扫" not in told
    assert "核实" not in told
