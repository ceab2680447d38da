"""Days of a closed history span were judged for good: nobody is let off on them, or no more, afterwards."""

from typing import Any

import pytest

from shared.kernel.ids import derived_id
from tests.unit.members.conftest import (
    BRANCH,
    COUNTY,
    ELSEWHERE,
    GENERAL_BRANCH,
    TOWNSHIP,
    World,
    a_change,
    a_leave,
    a_member,
    a_posting,
    an_exemption,
)

SPAN = {"id": derived_id("span"), "from_on": "2023-07-01", "to_on": "2023-09-30"}
LEAVE, EXEMPTION = f"/leaves/{a_leave()['id']}", f"/exemptions/{an_exemption()['id']}"
INSIDE = {"starts_on": "2023-08-07", "ends_on": "2023-08-11"}
AFTER = {"starts_on": "2023-10-09", "ends_on": "2023-10-13"}


@pytest.fixture
async def world(world: World) -> World:
    await world.call("organiser", "POST", f"/townships/{TOWNSHIP}/history-spans", SPAN)
    await world.call("organiser", "POST", "/postings", a_posting())
    await world.call("organiser", "POST", "/members", a_member())
    return world


async def _close(world: World, township: str = TOWNSHIP) -> None:
    path = f"/townships/{township}/history-spans/{SPAN['id']}/closure"
    assert (await world.call("county", "PUT", path, seen=1)).status_code == 200


async def _move_to_elsewhere(world: World) -> None:
    general = a_change(title="总支", category=None, parent_id=ELSEWHERE)
    await world.call("county", "PUT", f"/organisations/{GENERAL_BRANCH}", general, seen=1)


def _refusal(response: Any) -> tuple[int, str, str]:
    told = response.json()
    return response.status_code, told.get("code"), told.get("field")


@pytest.mark.parametrize("place", [TOWNSHIP, BRANCH, COUNTY])
async def test_no_leave_is_granted_on_a_closed_day_by_whomever(world: World, place: str) -> None:
    await _close(world)
    who = "county desk" if place == COUNTY else "organiser"
    touching = a_leave(organisation_id=place, starts_on="2023-09-30", ends_on="2023-10-08")
    refused = await world.call(who, "POST", "/leaves", touching)
    granted = await world.call(who, "POST", "/leaves", a_leave(organisation_id=place, starts_on="2023-10-01"))

    assert _refusal(refused) == (422, "history_span.closed", "starts_on")
    assert "2023-07-01 至 2023-09-30" in refused.json()["detail"]
    assert granted.status_code == 201


async def test_a_leave_of_closed_days_is_neither_changed_nor_withdrawn(world: World) -> None:
    await world.call("organiser", "POST", "/leaves", a_leave(**INSIDE))
    await _close(world)
    answers = [
        await world.call("organiser", "PUT", LEAVE, {**INSIDE, "ends_on": "2023-08-14"}, seen=1),
        await world.call("organiser", "PUT", LEAVE, AFTER, seen=1),
        await world.call("organiser", "PUT", f"{LEAVE}/withdrawal", seen=1),
    ]

    assert [_refusal(each) for each in answers] == [(422, "history_span.closed", "starts_on")] * 3


async def test_a_leave_is_not_moved_into_the_closed_days_but_reaches_over_their_edge_as_it_did(world: World) -> None:
    over = {"starts_on": "2023-09-25", "ends_on": "2023-10-13"}
    await world.call("organiser", "POST", "/leaves", a_leave(**over))
    await _close(world)
    shorter = await world.call("organiser", "PUT", LEAVE, {**over, "ends_on": "2023-10-10"}, seen=1)
    earlier = await world.call("organiser", "PUT", LEAVE, {**over, "starts_on": "2023-09-24"}, seen=2)

    assert shorter.status_code == 200
    assert _refusal(earlier) == (422, "history_span.closed", "starts_on")


async def test_in_an_open_span_leave_and_exemption_are_granted_changed_and_withdrawn(world: World) -> None:
    answers = [
        await world.call("organiser", "POST", "/leaves", a_leave(**INSIDE)),
        await world.call("organiser", "PUT", LEAVE, AFTER, seen=1),
        await world.call("organiser", "PUT", f"{LEAVE}/withdrawal", seen=2),
        await world.call("organiser", "POST", "/exemptions", an_exemption(**INSIDE)),
        await world.call("organiser", "PUT", EXEMPTION, {"ends_on": None}, seen=1),
        await world.call("organiser", "PUT", f"{EXEMPTION}/withdrawal", seen=2),
    ]

    assert [each.status_code for each in answers] == [201, 200, 200, 201, 200, 200]


async def test_no_exemption_is_granted_on_a_closed_day(world: World) -> None:
    await _close(world)
    refused = await world.call("organiser", "POST", "/exemptions", an_exemption(starts_on="2023-09-30"))
    granted = await world.call("organiser", "POST", "/exemptions", an_exemption(starts_on="2023-10-01"))

    assert _refusal(refused) == (422, "history_span.closed", "starts_on")
    assert granted.status_code == 201


async def test_an_exemption_from_closed_days_on_ends_after_them_and_is_not_withdrawn(world: World) -> None:
    await world.call("organiser", "POST", "/exemptions", an_exemption(starts_on="2023-08-01"))
    await _close(world)
    ended = await world.call("organiser", "PUT", EXEMPTION, {"ends_on": "2023-09-30"}, seen=1)
    shortened = await world.call("organiser", "PUT", EXEMPTION, {"ends_on": "2023-09-29"}, seen=2)
    withdrawn = await world.call("organiser", "PUT", f"{EXEMPTION}/withdrawal", seen=2)

    assert ended.status_code == 200
    assert _refusal(shortened) == (422, "history_span.closed", "ends_on")
    assert _refusal(withdrawn) == (422, "history_span.closed", "starts_on")


async def test_a_branch_that_moves_takes_nobody_out_of_the_closed_days(world: World) -> None:
    await world.call("organiser", "POST", "/leaves", a_leave(organisation_id=BRANCH, **INSIDE))
    await world.call("organiser", "POST", "/exemptions", an_exemption(**INSIDE))
    await _close(world)
    await _move_to_elsewhere(world)
    answers = [
        await world.call("stranger", "PUT", LEAVE, AFTER, seen=1),
        await world.call("stranger", "PUT", f"{LEAVE}/withdrawal", seen=1),
        await world.call("stranger", "PUT", EXEMPTION, {"ends_on": "2023-08-14"}, seen=1),
        await world.call("stranger", "PUT", f"{EXEMPTION}/withdrawal", seen=1),
    ]

    assert [each.json().get("code") for each in answers] == ["history_span.closed"] * 4


async def test_a_request_repeated_after_closing_still_gets_its_answer(world: World) -> None:
    first = await world.call("organiser", "POST", "/leaves", a_leave(**INSIDE))
    exempt = await world.call("organiser", "POST", "/exemptions", an_exemption(**INSIDE))
    await _close(world)
    again = await world.call("organiser", "POST", "/leaves", a_leave(**INSIDE))
    exempt_again = await world.call("organiser", "POST", "/exemptions", an_exemption(**INSIDE))

    assert (again.json(), exempt_again.json()) == (first.json(), exempt.json())
