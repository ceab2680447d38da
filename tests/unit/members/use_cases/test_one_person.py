"""One person is one member, holds a post once, and finds his own records first."""

import asyncio

import pytest

from shared.kernel.access import Role
from shared.kernel.ids import derived_id
from shared.testing.access import a_caller
from shared.web.pages import cursor_of
from tests.unit.members.conftest import (
    BRANCH,
    COUNTY,
    FAR_BRANCH,
    GENERAL_BRANCH,
    TOWNSHIP,
    World,
    a_disposal,
    a_member,
    a_posting,
)

SECRETARY = str(a_caller(Role.SECRETARY, TOWNSHIP).person_id)
ANOTHER = derived_id("another record")


async def test_a_person_enrolled_twice_is_told_where_he_belongs(world: World) -> None:
    await world.call("organiser", "POST", "/members", a_member())
    response = await world.call("organiser", "POST", "/members", a_member(id=ANOTHER))

    refusal = response.json()
    assert (response.status_code, refusal["code"], refusal["field"]) == (409, "member.enrolled", "person_id")
    assert "支部" in refusal["detail"]
    assert "2019-07-01" in refusal["detail"]


async def test_who_may_not_know_the_branch_learns_only_that_there_is_one(world: World) -> None:
    await world.call("stranger", "POST", "/members", a_member(branch_id=FAR_BRANCH))
    response = await world.call("organiser", "POST", "/members", a_member(id=ANOTHER))

    refusal = response.json()
    assert (response.status_code, refusal["code"], refusal["field"]) == (
        409,
        "member.enrolled_elsewhere",
        "person_id",
    )
    assert "县委组织部" in refusal["detail"]
    assert "远支部" not in response.text
    assert FAR_BRANCH not in response.text


async def test_who_is_no_member_any_more_may_be_enrolled_again(world: World) -> None:
    await world.call("organiser", "POST", "/members", a_member())
    await world.call("secretary", "POST", "/disposals", a_disposal())
    response = await world.call("organiser", "POST", "/members", a_member(id=ANOTHER, joined_on="2023-11-20"))

    assert response.status_code == 201


async def test_whom_no_account_belongs_to_may_be_many(world: World) -> None:
    forms = [a_member(person_id=None), a_member(id=ANOTHER, person_id=None)]
    responses = [await world.call("organiser", "POST", "/members", form) for form in forms]

    assert [response.status_code for response in responses] == [201, 201]


@pytest.mark.parametrize(
    ("standing", "asked", "status"),
    [
        ({}, {}, 409),
        ({}, {"starts_on": "2023-06-01", "ends_on": "2023-06-30"}, 409),
        ({}, {"starts_on": "2022-01-01", "ends_on": "2023-01-01"}, 409),
        ({}, {"starts_on": "2022-01-01", "ends_on": "2022-12-31"}, 201),
        ({"ends_on": "2023-06-30"}, {"starts_on": "2023-06-30"}, 409),
        ({"ends_on": "2023-06-30"}, {"starts_on": "2023-07-01"}, 201),
        ({}, {"post": "first_secretary"}, 201),
        ({}, {"organisation_id": GENERAL_BRANCH}, 201),
        ({}, {"cadre_id": derived_id("colleague")}, 201),
    ],
)
async def test_a_post_is_held_once_at_a_time(
    world: World, standing: dict[str, object], asked: dict[str, object], status: int
) -> None:
    await world.call("organiser", "POST", "/postings", a_posting(**standing))
    response = await world.call("organiser", "POST", "/postings", a_posting(id=ANOTHER, **asked))

    assert response.status_code == status, response.text
    if status == 409:
        assert (response.json()["code"], response.json()["field"]) == ("posting.overlaps", "starts_on")
        assert a_posting()["id"] in response.json()["detail"]


async def test_the_same_posting_many_times_at_once_is_one(world: World) -> None:
    responses = await asyncio.gather(*(world.call("organiser", "POST", "/postings", a_posting()) for _ in range(10)))

    assert {response.status_code for response in responses} == {201}
    assert len(world.postings.facts) == 1


async def test_an_end_is_not_put_off_into_the_next_term(world: World) -> None:
    await world.call("organiser", "POST", "/postings", a_posting(ends_on="2023-12-31"))
    await world.call("organiser", "POST", "/postings", a_posting(id=ANOTHER, starts_on="2024-01-01"))
    path = f"/postings/{a_posting()['id']}/end"
    later = await world.call("organiser", "PUT", path, {"ends_on": "2024-01-31"}, seen=1)
    earlier = await world.call("organiser", "PUT", path, {"ends_on": "2023-11-30"}, seen=1)

    assert (later.status_code, later.json()["code"], later.json()["field"]) == (409, "posting.overlaps", "ends_on")
    assert ANOTHER in later.json()["detail"]
    assert earlier.status_code == 200


@pytest.mark.parametrize(
    ("post", "kinds"),
    [
        ("village_cadre", {"township", "general_branch", "branch"}),
        ("first_secretary", {"general_branch", "branch"}),
        ("branch_secretary", {"general_branch", "branch"}),
        ("leader", {"county", "township"}),
    ],
)
async def test_a_post_fits_the_kind_of_organisation(world: World, post: str, kinds: set[str]) -> None:
    places = {"county": COUNTY, "township": TOWNSHIP, "general_branch": GENERAL_BRANCH, "branch": BRANCH}
    answers = {
        kind: await world.call(
            "county desk",
            "POST",
            "/postings",
            a_posting(id=derived_id("posting", kind), organisation_id=place, post=post),
        )
        for kind, place in places.items()
    }

    assert {kind for kind, answer in answers.items() if answer.status_code == 201} == kinds
    refused = [answer for answer in answers.values() if answer.status_code != 201]
    assert {(answer.status_code, answer.json()["code"], answer.json()["field"]) for answer in refused} == {
        (422, "posting.post_out_of_place", "post")
    }


async def test_a_member_who_oversees_finds_his_own_record_first(world: World) -> None:
    for number in range(4):
        await world.call(
            "organiser",
            "POST",
            "/members",
            a_member(id=derived_id("m", number), person_id=derived_id("p", number), joined_on=f"2019-0{number + 1}-01"),
        )
    mine = a_member(id=derived_id("own"), person_id=SECRETARY, joined_on="2022-07-01")
    await world.call("organiser", "POST", "/members", mine)
    others = [derived_id("m", number) for number in range(4)]

    assert await _whole(world, "secretary", "/members") == [mine["id"], *others]
    assert await _whole(world, "organiser", "/members") == [*others, mine["id"]]
    assert await _whole(world, "secretary", "/members", "&mine=true") == [mine["id"]]


async def test_who_is_posted_and_oversees_finds_his_own_postings_first(world: World) -> None:
    for number in range(4):
        form = a_posting(
            id=derived_id("p", number), cadre_id=derived_id("c", number), starts_on=f"2023-0{number + 1}-01"
        )
        await world.call("organiser", "POST", "/postings", form)
    mine = a_posting(
        id=derived_id("own"), cadre_id=SECRETARY, organisation_id=TOWNSHIP, post="leader", starts_on="2020-01-01"
    )
    await world.call("organiser", "POST", "/postings", mine)
    others = [derived_id("p", number) for number in (3, 2, 1, 0)]

    assert await _whole(world, "secretary", "/postings") == [mine["id"], *others]
    assert await _whole(world, "organiser", "/postings") == [*others, mine["id"]]
    assert await _whole(world, "secretary", "/postings", f"&cadre_id={derived_id('c', 1)}") == [derived_id("p", 1)]
    assert await _whole(world, "secretary", "/postings", "&post=village_cadre") == others


async def _whole(world: World, who: str, path: str, query: str = "") -> list[str]:
    """All of a list, two at a time."""
    found: list[str] = []
    cursor = ""
    for _ in range(10):
        page = (await world.call(who, "GET", f"{path}?limit=2{query}{cursor}")).json()
        found += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    return found


@pytest.mark.parametrize("path", ["/members", "/postings", "/leaves", "/exemptions", "/disposals"])
@pytest.mark.parametrize("key", [("7", "2023-01-01", "x"), ("0", "yesterday", "x"), ("0",), ("1", "2023-01-01")])
async def test_a_cursor_somebody_made_up_is_refused(world: World, path: str, key: tuple[str, ...]) -> None:
    if path == "/disposals" and len(key) == 2:
        key = ("yesterday", "x")
    response = await world.call("organiser", "GET", f"{path}?cursor={cursor_of(key)}")

    assert (response.status_code, response.json()["field"]) == (422, "cursor")


@pytest.mark.parametrize("path", ["/organisations", "/members", "/postings", "/leaves", "/exemptions", "/disposals"])
async def test_a_page_holds_two_hundred_at_most(world: World, path: str) -> None:
    answers = [await world.call("organiser", "GET", f"{path}?limit={limit}") for limit in (0, 200, 201)]

    assert [answer.status_code for answer in answers] == [422, 200, 422]
