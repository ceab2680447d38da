"""Correcting a meeting and taking it back: what stood before no longer stands, and whom it named is named again."""

from datetime import date
from typing import Any

import pytest

from shared.events.base import Correction
from shared.events.duties import MeetingCorrected, MeetingHeld, MeetingWithdrawn
from shared.events.members import ExemptionWithdrawn, HistorySpanClosed, HistorySpanDeclared, OrganisationChanged
from shared.kernel.ids import MeetingId, derived_id
from tests.unit.duties.conftest import (
    BRANCH,
    COUNTY,
    ELSEWHERE,
    EXEMPT,
    FULL,
    HELD_ON,
    World,
    a_meeting,
    enter_history,
    exempt,
)

MEETING = f"/meetings/{a_meeting()['id']}"


def a_correction(**changed: Any) -> dict[str, Any]:
    """The one who was thought missing had been excused; another was missing."""
    form = {"held_on": HELD_ON, "absent": [FULL[2]], "excused": [FULL[0], FULL[1]], "note": "学习条例"}
    return {**form, **changed}


async def _held(world: World, **changed: Any) -> None:
    response = await world.call("branch secretary", "POST", "/meetings", a_meeting(**changed))
    assert response.status_code == 201, response.text


async def test_a_correction_takes_back_what_stood_and_names_whom_that_named(world: World) -> None:
    await _held(world)
    response = await world.call("branch secretary", "PUT", MEETING, a_correction(held_on="2023-11-19"), seen=1)
    corrected = world.meetings.events[-1]

    assert (response.status_code, response.headers["ETag"]) == (200, '"2"')
    assert isinstance(corrected, MeetingCorrected)
    assert (corrected.absent, corrected.day) == ((FULL[2],), date(2023, 11, 19))
    assert corrected.corrects == (
        Correction(type=MeetingHeld.TYPE, revision=1, day=date(2023, 11, 20), concerned=(FULL[0],)),
    )


async def test_a_second_correction_takes_back_the_first(world: World) -> None:
    await _held(world)
    await world.call("branch secretary", "PUT", MEETING, a_correction(), seen=1)
    await world.call("branch secretary", "PUT", MEETING, a_correction(absent=[], excused=[]), seen=2)
    corrected = world.meetings.events[-1]

    assert isinstance(corrected, MeetingCorrected)
    assert corrected.corrects == (
        Correction(type=MeetingCorrected.TYPE, revision=2, day=date(2023, 11, 20), concerned=(FULL[2],)),
    )


async def test_a_meeting_withdrawn_says_once_more_what_stood(world: World) -> None:
    await _held(world)
    response = await world.call("branch secretary", "PUT", f"{MEETING}/withdrawal", seen=1)
    again = await world.call("branch secretary", "PUT", f"{MEETING}/withdrawal", seen=1)
    held, withdrawn = world.meetings.events

    assert (response.json()["withdrawn"], again.json()) == (True, response.json())
    assert isinstance(withdrawn, MeetingWithdrawn)
    assert held.model_dump() == {k: v for k, v in withdrawn.model_dump().items() if k != "corrects"}
    assert withdrawn.corrects[0].concerned == (FULL[0],)


async def test_saying_again_what_stands_changes_nothing(world: World) -> None:
    await _held(world)
    first = await world.call("branch secretary", "PUT", MEETING, a_correction(), seen=1)
    again = await world.call("branch secretary", "PUT", MEETING, a_correction(), seen=1)

    assert (again.status_code, again.json()) == (200, first.json())
    assert world.published == ["MeetingHeld", "MeetingCorrected"]


async def test_who_corrects_what_somebody_else_changed_reads_it_first(world: World) -> None:
    await _held(world)
    await world.call("branch secretary", "PUT", MEETING, a_correction(), seen=1)

    response = await world.call("organiser", "PUT", MEETING, a_correction(absent=[]), seen=1)

    assert response.status_code == 412


async def test_a_correction_tells_anew_who_was_expected(world: World) -> None:
    """The exemption was granted by mistake and withdrawn after the meeting was entered."""
    await _held(world)
    await exempt(world, ExemptionWithdrawn, revision=2)
    said = {"held_on": HELD_ON, "absent": [FULL[0], EXEMPT], "excused": [FULL[1]], "note": "学习条例"}
    response = await world.call("branch secretary", "PUT", MEETING, said, seen=1)

    assert (response.json()["expected"], response.json()["absent"]) == (9, 2)


async def test_a_withdrawn_meeting_stays_withdrawn(world: World) -> None:
    await _held(world)
    await world.call("branch secretary", "PUT", f"{MEETING}/withdrawal", seen=1)
    response = await world.call("branch secretary", "PUT", MEETING, a_correction(), seen=2)

    assert (response.status_code, response.json()["code"]) == (409, "meeting.withdrawn")


async def test_a_meeting_that_keeps_its_day_keeps_how_it_came_in(world: World) -> None:
    await _held(world)
    world.clock.move_to(date(2024, 1, 8))
    same_day = await world.call("branch secretary", "PUT", MEETING, a_correction(), seen=1)
    other_day = await world.call("branch secretary", "PUT", MEETING, a_correction(held_on="2023-11-19"), seen=2)

    assert (same_day.json()["entry"], other_day.json()["entry"]) == ("live", "late")


async def test_what_a_closed_span_holds_is_neither_corrected_nor_withdrawn(world: World) -> None:
    await enter_history(world, HistorySpanDeclared)
    await _held(world, held_on="2023-08-15")
    await enter_history(world, HistorySpanClosed)
    answers = [
        await world.call("organiser", "PUT", MEETING, a_correction(held_on="2023-08-15"), seen=1),
        await world.call("organiser", "PUT", MEETING, a_correction(), seen=1),
        await world.call("organiser", "PUT", f"{MEETING}/withdrawal", seen=1),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(422, "history_span.closed")] * 3


async def test_the_trail_keeps_who_did_what_and_what_stood_there(world: World) -> None:
    await _held(world)
    await world.call("organiser", "PUT", MEETING, a_correction(held_on="2023-11-19", note="改"), seen=1)
    trail = (await world.call("organiser", "GET", MEETING)).json()["trail"]

    assert [entry["what"] for entry in trail] == ["held", "corrected"]
    assert set(trail[1]["before"]) == {"held_on", "attended", "excused", "note"}
    assert (trail[1]["before"]["held_on"], trail[1]["before"]["note"]) == (HELD_ON, None)
    assert trail[1]["before"]["excused"] == FULL[1]


async def test_a_meeting_is_not_corrected_to_a_day_that_has_one(world: World) -> None:
    await _held(world)
    await _held(world, id=derived_id("the day before"), held_on="2023-11-19")
    refused = await world.call("branch secretary", "PUT", MEETING, a_correction(held_on="2023-11-19"), seen=1)
    await world.call("branch secretary", "PUT", f"/meetings/{derived_id('the day before')}/withdrawal", seen=1)
    accepted = await world.call("branch secretary", "PUT", MEETING, a_correction(held_on="2023-11-19"), seen=1)

    assert (refused.status_code, refused.json()["code"]) == (409, "meeting.already_held")
    assert derived_id("the day before") in refused.json()["detail"]
    assert accepted.status_code == 200


async def test_a_branch_that_moves_takes_nothing_out_of_a_closed_span(world: World) -> None:
    """The township it hangs in now knows nothing of that span."""
    await enter_history(world, HistorySpanDeclared)
    await _held(world, held_on="2023-08-15")
    await enter_history(world, HistorySpanClosed)
    moved = OrganisationChanged(organisation_id=BRANCH, kind="branch", title="演示", occurred_on=date(2023, 11, 20))
    await world.learn(moved, subject=BRANCH, path=f"{COUNTY}/{ELSEWHERE}/{BRANCH}", revision=2)
    answers = [
        await world.call("stranger", "PUT", MEETING, a_correction(held_on="2023-08-15"), seen=1),
        await world.call("stranger", "PUT", f"{MEETING}/withdrawal", seen=1),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(422, "history_span.closed")] * 2


@pytest.mark.parametrize("who", ["county", "supervisor"])
async def test_who_only_oversees_changes_nothing(world: World, who: str) -> None:
    await _held(world)
    answers = [
        await world.call(who, "PUT", MEETING, a_correction(), seen=1),
        await world.call(who, "PUT", f"{MEETING}/withdrawal", seen=1),
        await world.call(who, "POST", "/meetings", a_meeting()),
        await world.call(who, "GET", f"/branches/{BRANCH}/roll"),
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert (await world.meetings.get(MeetingId(a_meeting()["id"]))).revision == 1
