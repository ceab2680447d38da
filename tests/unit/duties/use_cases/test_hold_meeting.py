"""Entering a meeting, through the front door."""

import asyncio
from datetime import date
from typing import Any

import pytest

from shared.events.duties import MeetingHeld
from shared.events.members import HistorySpanClosed, HistorySpanDeclared, OrganisationChanged
from shared.kernel.ids import derived_id
from tests.unit.duties.conftest import (
    BARE_BRANCH,
    BRANCH,
    COUNTY,
    EXEMPT,
    FAR_BRANCH,
    FULL,
    GENERAL_BRANCH,
    LEAVER,
    NEWCOMER,
    PROBATIONARY,
    STRANGER,
    TOWNSHIP,
    World,
    a_committee_meeting,
    a_meeting,
    enter_history,
)

ALL_EXPECTED = sorted([*FULL, PROBATIONARY, NEWCOMER])


async def test_who_enters_says_who_was_excused_and_who_was_missing_and_the_rest_came(world: World) -> None:
    response = await world.call("branch secretary", "POST", "/meetings", a_meeting())
    told = response.json()

    assert response.status_code == 201
    assert response.headers["ETag"] == '"1"'
    assert (told["expected"], told["attended"], told["excused"], told["absent"]) == (8, 6, 1, 1)
    assert (told["quorum_needed"], told["quorum_present"], told["quorate"], told["entry"]) == (5, 6, True, "live")


async def test_the_fact_names_the_absent_alone(world: World) -> None:
    await world.call("branch secretary", "POST", "/meetings", a_meeting())

    assert world.meetings.events == [
        MeetingHeld(
            meeting_id=a_meeting()["id"],
            branch_id=BRANCH,
            kind="theme_day",
            expected=8,
            attended=6,
            excused=1,
            absent=(FULL[0],),
            quorate=True,
            occurred_on=date(2023, 11, 20),
        )
    ]


async def test_saying_who_came_is_saying_who_was_missing(world: World) -> None:
    came = [member for member in ALL_EXPECTED if member not in {FULL[0], FULL[1]}]
    response = await world.call("organiser", "POST", "/meetings", a_meeting(absent=None, attended=came))
    (held,) = world.meetings.events

    assert response.status_code == 201
    assert isinstance(held, MeetingHeld)
    assert held.absent == (FULL[0],)


async def test_who_is_exempt_is_neither_expected_nor_absent_but_may_come(world: World) -> None:
    everybody = [*ALL_EXPECTED, EXEMPT]
    without = await world.call("organiser", "POST", "/meetings", a_meeting(absent=[], excused=[]))
    with_him = await world.call(
        "organiser",
        "POST",
        "/meetings",
        a_meeting(id=derived_id("2nd"), held_on="2023-11-19", absent=None, excused=[], attended=everybody),
    )

    assert (without.json()["expected"], without.json()["attended"], without.json()["absent"]) == (8, 8, 0)
    assert (with_him.json()["expected"], with_him.json()["attended"], with_him.json()["absent"]) == (8, 9, 0)


async def test_the_roll_is_that_of_the_day_it_was_held(world: World) -> None:
    """Before the first of November nobody was exempt, the newcomer was not there yet and the leaver still was."""
    early = a_meeting(held_on="2023-10-20", absent=[LEAVER], excused=[EXEMPT])
    response = await world.call("branch secretary", "POST", "/meetings", early)

    assert response.status_code == 201
    assert (response.json()["expected"], response.json()["absent"]) == (9, 1)


async def test_a_general_meeting_needs_half_of_those_with_a_vote(world: World) -> None:
    """Seven of the eight expected have a vote: four must come, and who has none does not help."""
    voters = sorted({*FULL, NEWCOMER})
    answers = [
        (await world.call("organiser", "POST", "/meetings", form)).json()
        for form in (
            a_meeting(id=derived_id(on), kind="general_meeting", held_on=on, absent=None, excused=[], attended=attended)
            for on, attended in (("2023-11-20", voters[:4]), ("2023-11-19", [*voters[:3], PROBATIONARY]))
        )
    ]

    assert [(told["quorum_needed"], told["quorum_present"], told["quorate"]) for told in answers] == [
        (4, 4, True),
        (4, 3, False),
    ]


async def test_a_committee_is_whom_the_branch_names(world: World) -> None:
    form = a_committee_meeting() | {"absent": [FULL[0]]}
    response = await world.call("branch secretary", "POST", "/meetings", form)

    assert (response.json()["expected"], response.json()["absent"], response.json()["quorate"]) == (3, 1, True)


@pytest.mark.parametrize(("kind", "code"), [("committee", "meeting.no_committee"), ("group", "meeting.no_groups")])
async def test_a_branch_holds_no_meeting_of_what_it_does_not_have(world: World, kind: str, code: str) -> None:
    form = a_committee_meeting() | {"kind": kind, "branch_id": BARE_BRANCH}
    response = await world.call("organiser", "POST", "/meetings", form)

    assert (response.status_code, response.json()["code"], response.json()["field"]) == (422, code, "kind")


async def test_what_a_committee_held_may_be_entered_after_it_was_dissolved(world: World) -> None:
    dissolved = OrganisationChanged(organisation_id=BRANCH, kind="branch", title="演示", occurred_on=date(2023, 10, 25))
    await world.learn(dissolved, subject=BRANCH, path=f"{COUNTY}/{TOWNSHIP}/{BRANCH}", revision=2)
    answers = [
        await world.call("branch secretary", "POST", "/meetings", a_committee_meeting(id=derived_id(on), held_on=on))
        for on in ("2023-10-20", "2023-10-31", "2023-11-20")
    ]
    rolls = [
        await world.call("branch secretary", "GET", f"/branches/{BRANCH}/roll?kind=committee&held_on={on}")
        for on in ("2023-10-31", "2023-11-20")
    ]

    assert [answer.status_code for answer in answers] == [201, 201, 422]
    assert answers[-1].json()["code"] == "meeting.no_committee"
    assert [answer.status_code for answer in rolls] == [200, 422]


CONTRADICTIONS: dict[str, tuple[dict[str, Any], str, str]] = {
    "nothing is said of who came": ({"absent": None}, "attended", "meeting.attendance_missing"),
    "both lists are given": ({"attended": [FULL[2]]}, "absent", "meeting.attendance_twice"),
    "somebody came and was excused": (
        {"absent": None, "attended": [FULL[1]]},
        "excused",
        "meeting.excused_and_more",
    ),
    "somebody was missing and excused": ({"absent": [FULL[1]]}, "excused", "meeting.excused_and_more"),
    "a stranger came": ({"absent": None, "excused": [], "attended": [STRANGER]}, "attended", "member.unknown"),
    "who has left was missing": ({"absent": [LEAVER]}, "absent", "member.unknown"),
    "nobody heard of the excused": ({"excused": [derived_id("unheard of")]}, "excused", "member.unknown"),
    "the exempt was missing": ({"absent": [EXEMPT]}, "absent", "meeting.not_expected"),
    "the exempt was excused": ({"excused": [EXEMPT]}, "excused", "meeting.not_expected"),
    "everybody is expected anyway": ({"expected": list(FULL)}, "expected", "meeting.expected_computed"),
    "a committee of nobody": ({"kind": "committee", "expected": []}, "expected", "meeting.expected_missing"),
    "a committee with a stranger": ({"kind": "committee", "expected": [STRANGER]}, "expected", "member.unknown"),
    "a committee of two": ({"kind": "committee", "expected": FULL[:2]}, "expected", "meeting.expected_too_few"),
    "a group of two": ({"kind": "group", "expected": FULL[:2]}, "expected", "meeting.expected_too_few"),
    "a guest in the committee": (
        {"kind": "committee", "expected": [*FULL[:2], FULL[4]], "absent": None, "excused": [], "attended": [FULL[3]]},
        "attended",
        "meeting.not_expected",
    ),
    "it is still to come": ({"held_on": "2023-11-21"}, "held_on", "meeting.in_the_future"),
    "a bad id": ({"absent": ["x"]}, "absent.0", "request.invalid"),
    "a day nobody means": ({"held_on": "0001-01-01"}, "held_on", "request.invalid"),
    "a kind nobody knows": ({"kind": "dinner"}, "kind", "request.invalid"),
}


@pytest.mark.parametrize("what", CONTRADICTIONS)
async def test_what_cannot_be_is_refused_with_the_field_that_says_so(world: World, what: str) -> None:
    changed, field, code = CONTRADICTIONS[what]
    response = await world.call("organiser", "POST", "/meetings", a_meeting(**changed))

    assert (response.status_code, response.json()["field"], response.json()["code"]) == (422, field, code)
    assert world.published == []


async def test_a_committee_too_small_is_told_how_many_it_has_at_least(world: World) -> None:
    form = a_committee_meeting() | {"expected": [FULL[0]]}
    response = await world.call("branch secretary", "POST", "/meetings", form)

    assert "支部委员会会议应到人员不少于 3 人" in response.json()["detail"]


async def test_who_is_not_known_yet_may_be_so_shortly(world: World) -> None:
    response = await world.call("organiser", "POST", "/meetings", a_meeting(absent=[STRANGER]))

    assert "稍后重试" in response.json()["detail"]
    assert STRANGER in response.json()["detail"]


@pytest.mark.parametrize("branch", [derived_id("unheard of"), TOWNSHIP, GENERAL_BRANCH])
async def test_what_is_no_branch_as_far_as_is_known_holds_no_meeting(world: World, branch: str) -> None:
    response = await world.call("organiser", "POST", "/meetings", a_meeting(branch_id=branch))

    assert (response.status_code, response.json()["code"]) == (422, "branch.unknown")


async def test_a_branch_of_nobody_holds_no_meeting(world: World) -> None:
    form = a_meeting(branch_id=BARE_BRANCH, absent=[], excused=[])
    response = await world.call("organiser", "POST", "/meetings", form)

    assert (response.status_code, response.json()["code"]) == (422, "branch.members_unknown")


async def test_a_branch_outside_the_scope_is_not_there(world: World) -> None:
    response = await world.call("branch secretary", "POST", "/meetings", a_meeting(branch_id=FAR_BRANCH))

    assert response.status_code == 404


@pytest.mark.parametrize(("today", "entry"), [(date(2023, 12, 3), "live"), (date(2023, 12, 4), "late")])
async def test_a_meeting_entered_more_than_seven_days_after_its_week_is_late(
    world: World, today: date, entry: str
) -> None:
    world.clock.move_to(today)

    assert (await world.call("organiser", "POST", "/meetings", a_meeting())).json()["entry"] == entry


async def test_before_go_live_a_meeting_is_history_in_an_open_span_and_else_refused(world: World) -> None:
    await enter_history(world, HistorySpanDeclared)
    inside = a_meeting(held_on="2023-08-15")
    accepted = await world.call("organiser", "POST", "/meetings", inside)
    outside = a_meeting(id=derived_id("outside"), held_on="2023-10-01")
    between = await world.call("organiser", "POST", "/meetings", outside)
    await enter_history(world, HistorySpanClosed)
    closed = await world.call("organiser", "POST", "/meetings", inside | {"id": derived_id("another")})

    assert accepted.json()["entry"] == "history"
    assert (between.status_code, between.json()["code"]) == (422, "township.not_live")
    assert (closed.status_code, closed.json()["code"], closed.json()["field"]) == (
        422,
        "history_span.closed",
        "held_on",
    )


async def test_the_same_request_many_times_at_once_records_one_meeting(world: World) -> None:
    reordered = a_meeting(excused=[FULL[1], FULL[1]])
    forms = [a_meeting(), reordered] * 5
    responses = await asyncio.gather(*(world.call("organiser", "POST", "/meetings", form) for form in forms))

    assert {response.status_code for response in responses} == {201}
    assert world.published == ["MeetingHeld"]


@pytest.mark.parametrize(("held_on", "expected"), [("2023-11-15", 9), ("2023-11-16", 8)])
async def test_who_leaves_is_a_member_on_his_last_day_still(world: World, held_on: str, expected: int) -> None:
    form = a_meeting(held_on=held_on, absent=[], excused=[])

    assert (await world.call("organiser", "POST", "/meetings", form)).json()["expected"] == expected


async def test_an_id_that_names_another_meeting_is_refused(world: World) -> None:
    await world.call("organiser", "POST", "/meetings", a_meeting())

    response = await world.call("organiser", "POST", "/meetings", a_meeting(note="另一次"))

    assert (response.status_code, response.json()["field"]) == (409, "id")


async def test_no_fact_carries_the_note_nor_who_came(world: World) -> None:
    await world.call("organiser", "POST", "/meetings", a_meeting(note="王某某发言"))
    said = world.meetings.events[0].model_dump_json()

    assert "王某某" not in said
    assert [member for member in FULL[1:] if member in said] == []
