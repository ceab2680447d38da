"""A branch holds one meeting of a kind on a day; of groups, each one."""

import asyncio

from shared.kernel.ids import derived_id
from tests.unit.duties.conftest import FULL, World, a_committee_meeting, a_meeting


async def test_a_meeting_entered_already_is_refused_naming_the_one_there_is(world: World) -> None:
    await world.call("branch secretary", "POST", "/meetings", a_meeting())
    response = await world.call("organiser", "POST", "/meetings", a_meeting(id=derived_id("twice"), absent=[]))
    told = response.json()

    assert (response.status_code, told["code"], told["field"]) == (409, "meeting.already_held", "held_on")
    assert a_meeting()["id"] in told["detail"]
    assert world.published == ["MeetingHeld"]


async def test_many_who_enter_the_same_meeting_at_once_enter_it_once(world: World) -> None:
    forms = [a_meeting(id=derived_id("by", number)) for number in range(5)]
    responses = await asyncio.gather(*(world.call("organiser", "POST", "/meetings", form) for form in forms))

    assert sorted(response.status_code for response in responses) == [201, 409, 409, 409, 409]


async def test_two_groups_may_meet_on_one_day(world: World) -> None:
    groups = (FULL[:3], FULL[3:], FULL[:3])
    answers = [
        await world.call(
            "branch secretary",
            "POST",
            "/meetings",
            a_committee_meeting() | {"kind": "group", "id": derived_id("group", number), "expected": list(group)},
        )
        for number, group in enumerate(groups)
    ]

    assert [answer.status_code for answer in answers] == [201, 201, 409]
