"""Members and postings, through the front door."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shared.events.members import PostingEnded, PostingStarted
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import derived_id
from tests.unit.members.conftest import (
    BRANCH,
    CADRE,
    COUNTY,
    ELSEWHERE,
    FAR_BRANCH,
    TOWNSHIP,
    World,
    a_member,
    a_posting,
)


async def test_a_member_is_enrolled_once(world: World) -> None:
    first = await world.call("organiser", "POST", "/members", a_member())
    again = await world.call("organiser", "POST", "/members", a_member())
    other = await world.call("organiser", "POST", "/members", a_member(name="某丙同志"))

    assert (first.status_code, again.json(), other.status_code) == (201, first.json(), 409)
    assert [type(event).__name__ for event in world.members.events] == ["MemberEnrolled"]


@pytest.mark.parametrize(
    ("who", "status", "name"),
    [
        ("organiser", 200, "某甲同志"),
        ("secretary", 200, "某甲同志"),
        ("branch secretary", 200, "某甲同志"),
        ("member", 200, "某甲同志"),
        ("county", 200, None),
        ("other member", 404, None),
        ("cadre", 404, None),
        ("stranger", 404, None),
        ("supervisor", 403, None),
        ("administrator", 403, None),
    ],
)
async def test_a_name_is_shown_to_those_who_may_see_it(world: World, who: str, status: int, name: str | None) -> None:
    await world.call("organiser", "POST", "/members", a_member())
    response = await world.call(who, "GET", f"/members/{a_member()['id']}")

    assert (response.status_code, response.json().get("name")) == (status, name)


async def test_lists_of_members_keep_to_scope(world: World) -> None:
    await world.call("organiser", "POST", "/members", a_member())
    others = a_member(id=derived_id("b"), person_id=None, joined_on="2020-01-01")
    await world.call("organiser", "POST", "/members", others)
    far = a_member(id=derived_id("c"), branch_id=FAR_BRANCH, person_id=derived_id("far member"))
    await world.call("stranger", "POST", "/members", far)

    async def ids(who: str, query: str = "") -> list[str]:
        page = (await world.call(who, "GET", f"/members{query}")).json()
        return [item["id"] for item in page["items"]]

    assert await ids("branch secretary") == [a_member()["id"], others["id"]]
    assert len(await ids("county")) == 3
    assert await ids("county", f"?branch_id={FAR_BRANCH}") == [derived_id("c")]
    assert await ids("member") == [a_member()["id"]]
    assert await ids("cadre") == []
    first = (await world.call("organiser", "GET", "/members?limit=1")).json()
    assert await ids("organiser", f"?limit=1&cursor={first['next']}") == [others["id"]]


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"branch_id": derived_id("unheard of")}, 422, "branch.unknown"),
        ({"branch_id": TOWNSHIP}, 422, "branch.not_a_branch"),
        ({"branch_id": FAR_BRANCH}, 404, "object.not_found"),
        ({"joined_on": "2023-11-21"}, 422, "request.in_the_future"),
        ({"standing": "guest"}, 422, "request.invalid"),
    ],
)
async def test_what_is_no_enrolment_is_refused(
    world: World, changed: dict[str, object], status: int, code: str
) -> None:
    response = await world.call("organiser", "POST", "/members", a_member(**changed))

    assert (response.status_code, response.json()["code"]) == (status, code)


async def test_a_posting_may_have_begun_long_ago(world: World) -> None:
    response = await world.call("organiser", "POST", "/postings", a_posting())

    assert response.status_code == 201
    (fact,) = world.postings.facts
    assert isinstance(fact.event, PostingStarted)
    assert (fact.key, fact.event.cadre_id, fact.event.day) == (BRANCH, CADRE, date(2023, 1, 1))


async def test_a_posting_announced_ahead_is_a_fact_of_today(world: World) -> None:
    await world.call("organiser", "POST", "/postings", a_posting(starts_on="2024-01-01"))

    assert world.postings.events[0].day == date(2023, 11, 20)


async def test_a_posting_ends_once(world: World) -> None:
    await world.call("organiser", "POST", "/postings", a_posting())
    path = f"/postings/{a_posting()['id']}/end"
    early = await world.call("organiser", "PUT", path, {"ends_on": "2022-12-31"}, seen=1)
    ended = await world.call("organiser", "PUT", path, {"ends_on": "2023-10-31"}, seen=1)
    again = await world.call("organiser", "PUT", path, {"ends_on": "2023-10-31"}, seen=1)
    other = await world.call("organiser", "PUT", path, {"ends_on": "2023-11-30"}, seen=2)

    assert (early.status_code, early.json()["code"]) == (422, "posting.ends_before_it_starts")
    assert (ended.status_code, again.json()) == (200, ended.json())
    assert (other.status_code, other.json()["code"]) == (409, "posting.ended")
    assert isinstance(world.postings.events[-1], PostingEnded)


async def test_a_cadre_reads_his_own_postings_by_name_and_no_others(world: World) -> None:
    await world.call("organiser", "POST", "/postings", a_posting())
    colleague = a_posting(id=derived_id("other posting"), cadre_id=derived_id("colleague"))
    await world.call("organiser", "POST", "/postings", colleague)
    mine = (await world.call("cadre", "GET", "/postings")).json()["items"]
    all_of_them = (await world.call("county", "GET", "/postings?post=village_cadre")).json()["items"]

    assert [(item["cadre_id"], item["name"]) for item in mine] == [(CADRE, "某乙同志")]
    assert [item["name"] for item in all_of_them] == [None, None]
    assert (await world.call("cadre", "GET", f"/postings/{colleague['id']}")).status_code == 404


@pytest.mark.parametrize(
    ("who", "changed", "status"),
    [
        ("organiser", {"organisation_id": derived_id("unheard of")}, 422),
        ("organiser", {"organisation_id": FAR_BRANCH}, 404),
        ("organiser", {"ends_on": "2022-12-31"}, 422),
        ("county", {}, 403),
        ("cadre", {}, 403),
        ("secretary", {"organisation_id": TOWNSHIP}, 201),
    ],
)
async def test_who_posts_whom_where(world: World, who: str, changed: dict[str, object], status: int) -> None:
    response = await world.call(who, "POST", "/postings", a_posting(**changed))

    assert response.status_code == status


@pytest.mark.parametrize(("path", "form"), [("/members", a_member()), ("/postings", a_posting())])
async def test_who_stored_it_at_an_old_place_and_died_repeats_and_finds_it_at_the_new(
    world: World, path: str, form: dict[str, Any]
) -> None:
    """The branch moved between the look at its place and the write, and nobody looked again."""
    await world.call("organiser", "POST", path, form)
    things: dict[str, Any] = (world.members if path == "/members" else world.postings).things
    here = things[form["id"]].path
    things[form["id"]] = replace(things[form["id"]], path=OrganisationPath.parse(f"{COUNTY}/{ELSEWHERE}/{BRANCH}"))
    response = await world.call("organiser", "POST", path, form)

    assert response.status_code == 201
    assert things[form["id"]].path == here
