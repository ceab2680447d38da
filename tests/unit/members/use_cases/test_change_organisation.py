"""Changing and moving organisations, through the front door."""

import pytest

from shared.events.members import OrganisationChanged
from shared.kernel.ids import derived_id
from shared.web.pages import cursor_of
from tests.unit.members.conftest import (
    BRANCH,
    COUNTY,
    ELSEWHERE,
    FAR_BRANCH,
    GENERAL_BRANCH,
    TOWNSHIP,
    World,
    a_change,
    a_member,
    a_posting,
    an_organisation,
)


def _general(**changed: object) -> dict[str, object]:
    return a_change(title="总支", category=None, **changed)


async def test_a_new_title_is_a_new_revision(world: World) -> None:
    change = a_change(title="新支部", parent_id=GENERAL_BRANCH, has_groups=True)
    response = await world.call("organiser", "PUT", f"/organisations/{BRANCH}", change, seen=1)

    assert (response.status_code, response.headers["ETag"]) == (200, '"2"')
    event = world.organisations.events[-1]
    assert isinstance(event, OrganisationChanged)
    assert (event.title, event.has_groups, event.parent_id) == ("新支部", True, GENERAL_BRANCH)


async def test_saying_again_what_stands_changes_nothing(world: World) -> None:
    response = await world.call(
        "organiser", "PUT", f"/organisations/{BRANCH}", a_change(title="支部", parent_id=GENERAL_BRANCH), seen=7
    )

    assert (response.status_code, response.json()["revision"]) == (200, 1)


async def test_a_general_branch_that_moves_takes_its_branches_members_and_postings_along(world: World) -> None:
    await world.call("organiser", "POST", "/members", a_member())
    await world.call("organiser", "POST", "/postings", a_posting())
    before = len(world.organisations.events)
    response = await world.call(
        "county", "PUT", f"/organisations/{GENERAL_BRANCH}", _general(parent_id=ELSEWHERE), seen=1
    )
    branch = await world.call("stranger", "GET", f"/organisations/{BRANCH}")

    assert response.json()["path"] == [COUNTY, ELSEWHERE, GENERAL_BRANCH]
    assert branch.json()["path"] == [COUNTY, ELSEWHERE, GENERAL_BRANCH, BRANCH]
    moved = world.organisations.facts[before:]
    assert [(fact.subject, fact.revision, str(fact.path).split("/")[1]) for fact in moved] == [
        (GENERAL_BRANCH, 2, ELSEWHERE),
        (BRANCH, 2, ELSEWHERE),
    ]
    assert (await world.call("organiser", "GET", f"/members/{a_member()['id']}")).status_code == 404
    assert (await world.call("stranger", "GET", f"/postings/{a_posting()['id']}")).status_code == 200


@pytest.mark.parametrize(
    ("who", "id_", "change", "refusal"),
    [
        ("organiser", GENERAL_BRANCH, {"parent_id": ELSEWHERE}, (404, "object.not_found")),
        ("organiser", TOWNSHIP, {"parent_id": COUNTY}, (403, "access.forbidden")),
        ("county", GENERAL_BRANCH, {"parent_id": GENERAL_BRANCH}, (422, "organisation.misplaced")),
        ("county", GENERAL_BRANCH, {"parent_id": BRANCH}, (422, "organisation.misplaced")),
        ("county", GENERAL_BRANCH, {"parent_id": None}, (422, "organisation.parent_missing")),
        ("county", GENERAL_BRANCH, {"parent_id": derived_id("unheard of")}, (422, "organisation.parent_unknown")),
        ("organiser", FAR_BRANCH, {}, (404, "organisation.unknown")),
        ("organiser", derived_id("unheard of"), {}, (404, "organisation.unknown")),
    ],
)
async def test_what_may_not_move_there_is_refused(
    world: World, who: str, id_: str, change: dict[str, object], refusal: tuple[int, str]
) -> None:
    response = await world.call(who, "PUT", f"/organisations/{id_}", _general(**change), seen=1)

    assert (response.status_code, response.json()["code"]) == refusal


async def test_a_revision_nobody_saw_is_stale_and_none_is_asked_for(world: World) -> None:
    change = a_change(title="新支部", parent_id=GENERAL_BRANCH)

    stale = await world.call("organiser", "PUT", f"/organisations/{BRANCH}", change, seen=7)
    missing = await world.call("organiser", "PUT", f"/organisations/{BRANCH}", change)

    assert (stale.status_code, missing.status_code) == (412, 428)


async def test_lists_show_the_callers_part_of_the_tree_his_own_first(world: World) -> None:
    await world.call("organiser", "POST", "/organisations", an_organisation(external_code="001"))
    await world.call("organiser", "POST", "/postings", a_posting(cadre_id=derived_id("cadre")))
    branches = await world.call("cadre", "GET", "/organisations?kind=branch")
    mine = await world.call("cadre", "GET", "/organisations?mine=true&kind=branch")
    small = await world.call("branch secretary", "GET", "/organisations")

    assert [item["id"] for item in branches.json()["items"]] == [BRANCH, derived_id("organisation")]
    assert [item["id"] for item in mine.json()["items"]] == [BRANCH]
    assert [item["id"] for item in small.json()["items"]] == [BRANCH]


async def test_pages_of_a_list_go_on_where_they_ended(world: World) -> None:
    seen, cursor = [], ""
    while True:
        page = (await world.call("county", "GET", f"/organisations?limit=2{cursor}")).json()
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"

    assert len(seen) == len(set(seen)) == 6
    assert seen[0] == COUNTY


@pytest.mark.parametrize("rank", ["", "2", "own"])
async def test_a_cursor_with_a_rank_nobody_has_is_refused(world: World, rank: str) -> None:
    made_up = cursor_of((rank, "001", BRANCH))
    response = await world.call("county", "GET", f"/organisations?cursor={made_up}")

    assert (response.status_code, response.json()["field"]) == (422, "cursor")


async def test_the_tree_nests_what_hangs_below(world: World) -> None:
    tree = (await world.call("organiser", "GET", "/organisations/tree")).json()

    assert [node["id"] for node in tree] == [TOWNSHIP]
    assert [node["id"] for node in tree[0]["children"]] == [GENERAL_BRANCH]
    assert [node["id"] for node in tree[0]["children"][0]["children"]] == [BRANCH]
