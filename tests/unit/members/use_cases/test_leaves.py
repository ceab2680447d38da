"""Leave (请假), through the front door."""

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.members.domain.leave import Leave
from shared.events.members import LeaveChanged, LeaveGranted, LeaveWithdrawn
from shared.kernel.access import OrganisationPath, Role
from shared.kernel.ids import derived_id
from shared.testing.access import a_caller
from tests.unit.members.conftest import (
    BRANCH,
    CADRE,
    COUNTY,
    ELSEWHERE,
    FAR_BRANCH,
    GENERAL_BRANCH,
    TOWNSHIP,
    World,
    a_change,
    a_leave,
    a_posting,
)

LEAVE = f"/leaves/{a_leave()['id']}"
ANOTHER = derived_id("another leave")
SECRETARY = str(a_caller(Role.SECRETARY, TOWNSHIP).person_id)
DAYS = {"starts_on": "2023-11-22", "ends_on": "2023-11-30"}


async def _granted(world: World, **changed: Any) -> Any:
    await world.call("organiser", "POST", "/postings", a_posting())
    return await world.call("organiser", "POST", "/leaves", a_leave(**changed))


async def test_a_leave_granted_ahead_is_a_fact_of_today_and_keyed_by_who_granted_it(world: World) -> None:
    response = await _granted(world)
    (fact,) = world.leaves.facts

    assert (response.status_code, response.headers["ETag"]) == (201, '"1"')
    assert isinstance(fact.event, LeaveGranted)
    assert (fact.key, fact.event.cadre_id, fact.event.day) == (TOWNSHIP, CADRE, date(2023, 11, 20))
    assert (fact.event.starts_on, fact.event.ends_on) == (date(2023, 11, 27), date(2023, 12, 3))


async def test_a_leave_that_was_taken_is_a_fact_of_its_first_day(world: World) -> None:
    await _granted(world, starts_on="2023-11-06", ends_on="2023-11-08")

    assert world.leaves.events[0].day == date(2023, 11, 6)


async def test_the_same_leave_twice_is_one(world: World) -> None:
    first = await _granted(world)
    again = await world.call("organiser", "POST", "/leaves", a_leave())
    other = await world.call("organiser", "POST", "/leaves", a_leave(reason="另有事由"))

    assert (again.status_code, again.json()) == (201, first.json())
    assert (other.status_code, other.json()["field"]) == (409, "id")
    assert len(world.leaves.facts) == 1


async def test_a_leave_is_changed_and_withdrawn_by_who_saw_it(world: World) -> None:
    await _granted(world)
    stale = await world.call("secretary", "PUT", LEAVE, DAYS, seen=7)
    changed = await world.call("secretary", "PUT", LEAVE, DAYS, seen=1)
    again = await world.call("secretary", "PUT", LEAVE, DAYS, seen=1)
    unseen = await world.call("organiser", "PUT", f"{LEAVE}/withdrawal", seen=1)
    withdrawn = await world.call("organiser", "PUT", f"{LEAVE}/withdrawal", seen=2)
    once_more = await world.call("organiser", "PUT", f"{LEAVE}/withdrawal", seen=2)
    too_late = await world.call("organiser", "PUT", LEAVE, DAYS, seen=3)

    assert [each.status_code for each in (stale, changed, unseen, withdrawn)] == [412, 200, 412, 200]
    assert (again.json(), once_more.json()) == (changed.json(), withdrawn.json())
    assert (withdrawn.json()["withdrawn"], withdrawn.json()["revision"]) == (True, 3)
    assert (too_late.status_code, too_late.json()["code"]) == (409, "leave.withdrawn")
    assert [type(event) for event in world.leaves.events] == [LeaveGranted, LeaveChanged, LeaveWithdrawn]


async def test_the_trail_says_who_granted_changed_and_withdrew(world: World) -> None:
    await _granted(world)
    await world.call("secretary", "PUT", LEAVE, DAYS, seen=1)
    await world.call("organiser", "PUT", f"{LEAVE}/withdrawal", seen=2)
    shown = (await world.call("organiser", "GET", LEAVE)).json()["trail"]
    own = (await world.call("cadre", "GET", LEAVE)).json()["trail"]

    assert [(entry["revision"], entry["what"]) for entry in shown] == [
        (1, "granted"),
        (2, "changed"),
        (3, "withdrawn"),
    ]
    assert own is None


@pytest.mark.parametrize(
    ("who", "status", "reason"),
    [
        ("organiser", 200, "年休假"),
        ("secretary", 200, "年休假"),
        ("county desk", 200, "年休假"),
        ("cadre", 200, None),
        ("stranger", 404, None),
        ("branch secretary", 403, None),
        ("county", 403, None),
        ("member", 403, None),
        ("administrator", 403, None),
    ],
)
async def test_the_reason_is_for_the_desk_alone(world: World, who: str, status: int, reason: str | None) -> None:
    await _granted(world)
    response = await world.call(who, "GET", LEAVE)

    assert (response.status_code, response.json().get("reason")) == (status, reason)


async def test_a_colleague_does_not_see_it(world: World) -> None:
    await world.call("organiser", "POST", "/postings", a_posting(cadre_id=derived_id("colleague")))
    await world.call("organiser", "POST", "/leaves", a_leave(cadre_id=derived_id("colleague")))
    response = await world.call("cadre", "GET", LEAVE)
    listed = await world.call("cadre", "GET", "/leaves")

    assert (response.status_code, response.json()["code"]) == (404, "leave.unknown")
    assert listed.json()["items"] == []


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"organisation_id": derived_id("unheard of")}, (404, "organisation.unknown", "organisation_id")),
        ({"organisation_id": FAR_BRANCH}, (404, "object.not_found", None)),
        ({"ends_on": "2023-11-26"}, (422, "absence.backwards", "ends_on")),
        ({"ends_on": "2024-12-31"}, (422, "leave.too_long", "ends_on")),
        ({"cadre_id": derived_id("nobody")}, (422, "leave.not_posted", "cadre_id")),
        ({"starts_on": "2022-01-01", "ends_on": "2022-12-31"}, (422, "leave.not_posted", "cadre_id")),
        ({"reason": "事" * 501}, (422, "request.invalid", None)),
    ],
)
async def test_what_is_no_leave_is_refused(
    world: World, changed: dict[str, object], refusal: tuple[int, str, str | None]
) -> None:
    response = await _granted(world, **changed)
    answer = response.json()

    assert (response.status_code, answer["code"]) == refusal[:2]
    assert answer.get("field") == refusal[2] or refusal[2] is None
    assert world.leaves.facts == []


@pytest.mark.parametrize(("place", "status"), [(TOWNSHIP, 201), (GENERAL_BRANCH, 201), (BRANCH, 201), (ELSEWHERE, 404)])
async def test_leave_is_granted_where_the_cadre_is_posted_or_above(world: World, place: str, status: int) -> None:
    assert (await _granted(world, organisation_id=place)).status_code == status


async def test_a_post_above_is_no_post_here(world: World) -> None:
    await world.call("organiser", "POST", "/postings", a_posting(organisation_id=TOWNSHIP))
    response = await world.call("organiser", "POST", "/leaves", a_leave(organisation_id=BRANCH))

    assert (response.status_code, response.json()["code"]) == (422, "leave.not_posted")


async def test_a_post_on_one_day_of_it_is_enough(world: World) -> None:
    await world.call("organiser", "POST", "/postings", a_posting(ends_on="2023-11-27"))
    responses = [
        await world.call("organiser", "POST", "/leaves", a_leave()),
        await world.call("organiser", "PUT", LEAVE, {"starts_on": "2023-11-28", "ends_on": "2023-12-03"}, seen=1),
    ]

    assert [response.status_code for response in responses] == [201, 422]


async def test_a_person_is_on_one_leave_at_a_time(world: World) -> None:
    await _granted(world)
    overlapping = await world.call(
        "organiser",
        "POST",
        "/leaves",
        a_leave(id=ANOTHER, organisation_id=BRANCH, starts_on="2023-12-03", ends_on="2023-12-05"),
    )
    following = await world.call(
        "organiser", "POST", "/leaves", a_leave(id=ANOTHER, starts_on="2023-12-04", ends_on="2023-12-05")
    )
    extended = await world.call("organiser", "PUT", LEAVE, {"starts_on": "2023-11-27", "ends_on": "2023-12-04"}, seen=1)

    assert (overlapping.status_code, overlapping.json()["code"]) == (409, "leave.overlaps")
    assert a_leave()["id"] in overlapping.json()["detail"]
    assert "2023-12-03" in overlapping.json()["detail"]
    assert following.status_code == 201
    assert (extended.status_code, extended.json()["code"]) == (409, "leave.overlaps")
    assert ANOTHER in extended.json()["detail"]


async def test_a_leave_granted_elsewhere_is_in_the_way_without_its_days(world: World) -> None:
    """Who may not read it learns that there is one, and whom to ask: neither its days nor its id."""
    await _granted(world)
    there = a_posting(id=derived_id("there"), organisation_id=FAR_BRANCH, starts_on="2023-02-01")
    await world.call("stranger", "POST", "/postings", there)
    asked = a_leave(id=ANOTHER, organisation_id=ELSEWHERE, starts_on="2023-11-01", ends_on="2023-12-31")
    refused = await world.call("stranger", "POST", "/leaves", asked)
    free = await world.call("stranger", "POST", "/leaves", {**asked, "ends_on": "2023-11-26"})
    extended = await world.call("stranger", "PUT", f"/leaves/{ANOTHER}", DAYS, seen=1)

    assert free.status_code == 201
    for answer in (refused, extended):
        assert (answer.status_code, answer.json()["code"]) == (409, "leave.overlaps_elsewhere")
        assert [told for told in (a_leave()["id"], "2023-11-27", "2023-12-03") if told in answer.text] == []
        assert "请与其任职的其他乡镇或县委组织部联系" in answer.json()["detail"]


async def test_the_days_of_a_withdrawn_leave_are_free(world: World) -> None:
    await _granted(world)
    await world.call("organiser", "PUT", f"{LEAVE}/withdrawal", seen=1)

    assert (await world.call("organiser", "POST", "/leaves", a_leave(id=ANOTHER))).status_code == 201


async def test_nobody_grants_changes_or_withdraws_his_own(world: World) -> None:
    await world.call(
        "organiser", "POST", "/postings", a_posting(cadre_id=SECRETARY, organisation_id=TOWNSHIP, post="leader")
    )
    own = await world.call("secretary", "POST", "/leaves", a_leave(cadre_id=SECRETARY))
    await world.call("organiser", "POST", "/leaves", a_leave(cadre_id=SECRETARY))
    changed = await world.call("secretary", "PUT", LEAVE, DAYS, seen=1)
    withdrawn = await world.call("secretary", "PUT", f"{LEAVE}/withdrawal", seen=1)

    answers = [(each.status_code, each.json()["code"]) for each in (own, changed, withdrawn)]
    assert answers == [(403, "absence.own")] * 3
    assert len(world.leaves.facts) == 1


@pytest.mark.parametrize("who", ["cadre", "branch secretary", "county", "supervisor"])
async def test_leave_is_granted_by_the_desk(world: World, who: str) -> None:
    await world.call("organiser", "POST", "/postings", a_posting())

    assert (await world.call(who, "POST", "/leaves", a_leave())).status_code == 403


async def test_lists_begin_with_ones_own_and_pages_go_on(world: World) -> None:
    people = [CADRE, SECRETARY, derived_id("colleague")]
    for number, person in enumerate(people):
        form = a_posting(id=derived_id("p", number), cadre_id=person)
        await world.call("organiser", "POST", "/postings", form)
        leave = a_leave(id=derived_id("l", number), cadre_id=person, starts_on=f"2023-11-2{number}")
        assert (await world.call("organiser", "POST", "/leaves", leave)).status_code == 201
    ids = [derived_id("l", number) for number in range(3)]

    async def listed(who: str, query: str = "") -> list[str]:
        page = (await world.call(who, "GET", f"/leaves{query}")).json()
        return [item["id"] for item in page["items"]]

    assert await listed("secretary") == [ids[1], ids[2], ids[0]]
    assert await listed("organiser") == [ids[2], ids[1], ids[0]]
    assert await listed("cadre") == [ids[0]]
    assert await listed("secretary", "?mine=true") == [ids[1]]
    assert await listed("organiser", f"?cadre_id={CADRE}") == [ids[0]]
    assert await listed("organiser", f"?organisation_id={BRANCH}") == []
    first = (await world.call("secretary", "GET", "/leaves?limit=1")).json()
    assert await listed("secretary", f"?cursor={first['next']}") == [ids[2], ids[0]]


async def test_an_organisation_that_moves_takes_its_leaves_along(world: World) -> None:
    await _granted(world, organisation_id=BRANCH)
    general = a_change(title="总支", category=None, parent_id=ELSEWHERE)
    await world.call("county", "PUT", f"/organisations/{GENERAL_BRANCH}", general, seen=1)

    assert (await world.call("stranger", "GET", LEAVE)).status_code == 200
    assert (await world.call("organiser", "GET", LEAVE)).status_code == 404


async def test_who_stored_it_at_an_old_place_and_died_repeats_and_finds_it_at_the_new(world: World) -> None:
    await _granted(world, organisation_id=BRANCH)
    things: dict[str, Leave] = world.leaves.things
    here = things[a_leave()["id"]].path
    there = OrganisationPath.parse(f"{COUNTY}/{ELSEWHERE}/{BRANCH}")
    things[a_leave()["id"]] = replace(things[a_leave()["id"]], path=there)
    response = await world.call("organiser", "POST", "/leaves", a_leave(organisation_id=BRANCH))

    assert response.status_code == 201
    assert things[a_leave()["id"]].path == here


@pytest.mark.parametrize(("path", "body"), [(LEAVE, DAYS), (f"{LEAVE}/withdrawal", None)])
async def test_a_change_sent_again_while_its_first_try_is_under_way_is_answered_alike(
    world: World, monkeypatch: pytest.MonkeyPatch, path: str, body: dict[str, str] | None
) -> None:
    await _granted(world)
    find = world.leaves.find

    async def found_before_anybody_saves(leave_id: Any) -> Any:
        leave = await find(leave_id)
        await asyncio.sleep(0)
        return leave

    monkeypatch.setattr(world.leaves, "find", found_before_anybody_saves)
    tries = await asyncio.gather(*(world.call("organiser", "PUT", path, body, seen=1) for _ in range(2)))

    assert [answer.status_code for answer in tries] == [200, 200]
    assert len(world.leaves.facts) == 2
