"""Rankings: off until somebody who may has recorded a basis, and of branches alone."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.scoring.use_cases import read_ranking
from services.scoring.use_cases.fold_facts import fold_facts
from shared.kernel.access import OrganisationPath, Role
from shared.kernel.ids import derived_id
from shared.testing.access import a_caller
from tests.unit.scoring.conftest import World, an_organisation
from tests.unit.scoring.facts import (
    BRANCH,
    COUNTY,
    OTHER_BRANCH,
    OTHER_TOWNSHIP,
    TOWNSHIP,
    ObligationLife,
)
from tests.unit.scoring.lives import ReviewLife

HERE, COUNTYWIDE = f"/rankings/branch/{TOWNSHIP}", f"/rankings/branch/{COUNTY}"
BASIS = {"basis": "演组发〔2023〕12号《年度考核办法》：先进支部评选需要"}
THIRD_BRANCH = derived_id("third branch")


async def turned_on(world: World, who: str = "secretary", path: str = HERE) -> Any:
    response = await world.put(who, path, BASIS)
    assert response.status_code == 200, response.text
    return response.json()


async def three_branches(world: World) -> None:
    """Two village branches with 97 points, and one of an office whose review is awaited."""
    path = OrganisationPath((COUNTY, TOWNSHIP, THIRD_BRANCH))
    fact = an_organisation(THIRD_BRANCH, "branch", path, title="机关党支部")
    of_an_office = replace(fact, event=fact.event.model_copy(update={"category": "office"}))
    await fold_facts([of_an_office], world.ports)
    reviews = [ReviewLife("2023", branch).mark("90") for branch in (BRANCH, OTHER_BRANCH)]
    await fold_facts([fact for life in reviews for fact in life.facts], world.ports)


async def test_rankings_are_off_and_say_who_may_turn_them_on_with_what(world: World) -> None:
    response = await world.get("organiser", HERE, period="2023")

    assert (response.status_code, response.json()["code"]) == (409, "ranking.off")
    assert all(part in response.json()["detail"] for part in ("默认关闭", "党委书记", "县委组织部", "文号"))


async def test_a_list_stands_beside_its_basis(world: World) -> None:
    await three_branches(world)
    await world.fold(ObligationLife("general-meeting", date(2023, 3, 31), branch_id=OTHER_BRANCH).open().miss())
    await turned_on(world)

    found = await world.read("organiser", HERE, period="2023")

    assert (found["permit"]["basis"], found["permit"]["organisation_id"]) == (BASIS["basis"], TOWNSHIP)
    assert [(each["place"], each["subject_id"], each["points"]) for each in found["items"]] == [
        (1, BRANCH, "97.00"),
        (2, OTHER_BRANCH, "94.90"),
        (None, THIRD_BRANCH, None),
    ]
    assert {each["state"] for each in found["items"]} == {"live"}


async def test_equal_points_share_a_place(world: World) -> None:
    await three_branches(world)
    await turned_on(world)

    found = await world.read("supervisor", HERE, period="2023")

    assert [each["place"] for each in found["items"]] == [1, 1, None]


async def test_one_category_is_ranked_by_itself(world: World) -> None:
    await three_branches(world)
    await turned_on(world)

    village = await world.read("secretary", HERE, period="2023", category="village")
    office = await world.read("secretary", HERE, period="2023", category="office")

    assert [each["subject_id"] for each in village["items"]] == sorted([BRANCH, OTHER_BRANCH])
    assert [(each["title"], each["place"]) for each in office["items"]] == [("机关党支部", None)]


async def test_a_permit_holds_for_all_below_and_not_beside(world: World) -> None:
    await turned_on(world, "county", COUNTYWIDE)

    below = await world.get("branch secretary", f"/rankings/branch/{BRANCH}", period="2023")
    await world.put("county", f"{COUNTYWIDE}/withdrawal", seen=1)
    await turned_on(world)
    beside = await world.get("county", f"/rankings/branch/{OTHER_TOWNSHIP}", period="2023")

    assert (below.status_code, below.json()["permit"]["organisation_id"]) == (200, COUNTY)
    assert (beside.status_code, beside.json()["code"]) == (409, "ranking.off")


async def test_a_withdrawn_basis_turns_them_off_and_another_one_on_again(world: World) -> None:
    await turned_on(world)
    stale = await world.put("secretary", f"{HERE}/withdrawal", seen=7)
    off = await world.put("secretary", f"{HERE}/withdrawal", seen=1)
    again = await world.put("secretary", f"{HERE}/withdrawal", seen=1)
    refused = await world.get("organiser", HERE, period="2023")
    unseen = await world.put("secretary", HERE, {"basis": "另一份文件"})
    on = await world.put("secretary", HERE, {"basis": "另一份文件"}, seen=2)
    shown = await world.read("organiser", f"{HERE}/permit")

    assert (stale.status_code, off.json()["state"], again.json() == off.json()) == (412, "off", True)
    assert refused.status_code == 409
    assert (unseen.status_code, unseen.json()["code"]) == (409, "ranking.permit_stands")
    assert (on.status_code, on.json()["state"], on.headers["ETag"]) == (200, "on", '"3"')
    assert [entry["what"] for entry in shown["trail"]] == ["granted", "withdrawn", "granted"]
    assert shown["trail"][2]["before"] == {"basis": BASIS["basis"], "state": "off"}


async def test_saying_the_same_basis_again_changes_nothing(world: World) -> None:
    first = await turned_on(world)

    again = await world.put("secretary", HERE, BASIS)
    late = await world.put("secretary", HERE, {"basis": "另一份文件"}, seen=9)

    assert again.json() == first
    assert late.status_code == 412


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("secretary", HERE, 200),
        ("county", HERE, 200),
        ("county", COUNTYWIDE, 200),
        ("secretary", COUNTYWIDE, 404),
        ("secretary", f"/rankings/branch/{OTHER_TOWNSHIP}", 404),
        ("secretary", f"/rankings/branch/{derived_id('nowhere')}", 404),
        ("organiser", HERE, 403),
        ("branch secretary", HERE, 403),
        ("supervisor", HERE, 403),
        ("administrator", HERE, 403),
    ],
)
async def test_who_may_turn_them_on(world: World, who: str, path: str, status: int) -> None:
    assert (await world.put(who, path, BASIS)).status_code == status


async def test_a_lender_of_roles_reaches_no_further(world: World) -> None:
    world.callers.callers["far secretary"] = a_caller(Role.SECRETARY, OTHER_TOWNSHIP)
    await turned_on(world)

    answers = [
        await world.get("far secretary", HERE),
        await world.get("far secretary", f"{HERE}/permit"),
        await world.put("far secretary", f"{HERE}/withdrawal", seen=1),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


async def test_nobody_ever_turned_them_on(world: World) -> None:
    response = await world.get("organiser", f"{HERE}/permit")

    assert (response.status_code, response.json()["code"]) == (404, "ranking.permit_unknown")


@pytest.mark.parametrize("standard", ["cadre", "member"])
async def test_persons_are_never_ranked(world: World, standard: str) -> None:
    path = f"/rankings/{standard}/{TOWNSHIP}"

    answers = [await world.put("secretary", path, BASIS), await world.get("organiser", path)]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(422, "ranking.never")] * 2
    assert "不排名" in answers[0].json()["detail"]


async def test_a_scope_too_large_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_ranking, "MOST_RANKED", 1)
    await turned_on(world)

    response = await world.get("organiser", HERE)

    assert (response.status_code, response.json()["code"]) == (422, "board.too_large")


@pytest.mark.parametrize("body", [{}, {"basis": ""}, {"basis": "无"}, {"basis": BASIS["basis"], "state": "on"}])
async def test_a_permit_without_a_basis_is_refused(world: World, body: dict[str, str]) -> None:
    assert (await world.put("secretary", HERE, body)).status_code == 422
