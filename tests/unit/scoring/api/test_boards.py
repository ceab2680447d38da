"""The board through the front door: of which scope, to whom, without an order among the subjects."""

from datetime import date

import pytest

from services.scoring.use_cases import read_board
from services.scoring.use_cases.fold_facts import fold_facts
from shared.kernel.ids import derived_id
from tests.unit.scoring.conftest import FAR_BRANCH, World, a_member
from tests.unit.scoring.facts import BRANCH, CADRE, OTHER_BRANCH, OTHER_TOWNSHIP, TOWNSHIP, ObligationLife, VisitLife
from tests.unit.scoring.lives import MEMBER, OTHER_MEMBER, DeedLife, MeetingLife, ReviewLife

MONDAY, SUNDAY = date(2023, 11, 20), date(2023, 11, 26)


def a_missed_meeting(branch_id: str, day: date = date(2023, 3, 31)) -> ObligationLife:
    return ObligationLife("general-meeting", day, branch_id=branch_id).open().miss()


async def test_a_board_says_how_the_points_are_spread_and_which_rule_took_them(world: World) -> None:
    reviews = [ReviewLife("2023", branch).mark("90") for branch in (BRANCH, OTHER_BRANCH)]
    await world.fold(a_missed_meeting(BRANCH))
    await fold_facts([fact for life in reviews for fact in life.facts], world.ports)

    found = await world.read("organiser", "/boards/branch", period="2023")

    # 97 × 70 % + 90 × 30 % = 94.90 and 100 × 70 % + 90 × 30 % = 97
    assert (found["subjects"], found["mean"], found["median"]) == (2, "95.95", "95.95")
    assert [(each["least"], each["count"]) for each in found["buckets"] if each["count"]] == [("90.00", 2)]
    assert {
        "rule_id": "general-meeting",
        "subjects": 1,
        "counted": "-3.00",
    }.items() <= found["rules"][0].items()
    assert found["categories"] == [{"category": "village", "subjects": 2, "mean": "95.95"}]


async def test_a_board_names_no_subject(world: World) -> None:
    await world.fold(a_missed_meeting(BRANCH))

    response = await world.get("organiser", "/boards/branch", period="2023")

    assert not any(name in response.text for name in (BRANCH, OTHER_BRANCH, "演示党支部"))


async def test_what_is_awaited_is_counted_apart(world: World) -> None:
    week = ObligationLife("weekly-visit", SUNDAY).open()
    await world.fold(week, VisitLife("visit").log(MONDAY))

    branches = await world.read("organiser", "/boards/branch")
    cadres = await world.read("organiser", "/boards/cadre")

    assert (branches["subjects"], branches["awaiting_review"], branches["mean"]) == (2, 2, None)
    assert (cadres["subjects"], cadres["awaiting_attainable"], cadres["mean"]) == (2, 1, "40.00")


async def test_members_have_their_board(world: World) -> None:
    await fold_facts([a_member(MEMBER), a_member(OTHER_MEMBER, branch_id=OTHER_BRANCH)], world.ports)
    await world.fold(DeedLife("deed").take_effect(MONDAY), MeetingLife("meeting", "lecture").hold(MONDAY, OTHER_MEMBER))

    found = await world.read("organiser", "/boards/member", period="2023")

    assert [(each["least"], each["count"]) for each in found["buckets"] if each["count"]] == [
        ("90.00", 1),
        ("100.00", 1),
    ]
    assert found["mean"] == "98.00"


@pytest.mark.parametrize(
    ("who", "organisation", "status", "subjects"),
    [
        ("county", None, 200, 3),
        ("county", OTHER_TOWNSHIP, 200, 1),
        ("organiser", None, 200, 2),
        ("organiser", BRANCH, 200, 1),
        ("organiser", OTHER_TOWNSHIP, 404, None),
        ("organiser", FAR_BRANCH, 404, None),
        ("organiser", derived_id("nowhere"), 404, None),
        ("branch secretary", None, 200, 1),
        ("branch secretary", TOWNSHIP, 404, None),
        ("supervisor", TOWNSHIP, 200, 2),
        ("cadre", None, 403, None),
        ("member", None, 403, None),
        ("administrator", None, 403, None),
    ],
)
async def test_who_sees_the_board_of_what(
    world: World, who: str, organisation: str | None, status: int, subjects: int | None
) -> None:
    asked = {} if organisation is None else {"organisation_id": organisation}

    response = await world.get(who, "/boards/branch", **asked)

    assert response.status_code == status
    assert response.json().get("subjects") == subjects


async def test_a_supervisor_sees_the_board_of_branches_alone(world: World) -> None:
    asked = [{}, {"organisation_id": TOWNSHIP}]

    statuses = [(await world.get("supervisor", "/boards/cadre", **each)).status_code for each in asked]

    assert statuses == [403, 403]


async def test_a_scope_too_large_is_refused_with_what_to_do(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_board, "MOST_SUBJECTS", 1)

    response = await world.get("county", "/boards/branch")

    assert (response.status_code, response.json()["code"]) == (422, "board.too_large")
    assert "请指定一个乡镇或党支部" in response.text


async def test_a_large_scope_is_read_page_by_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_board, "_AT_ONCE", 1)

    found = await world.read("county", "/boards/cadre", period="2023-Q4")

    assert (found["subjects"], CADRE in str(found)) == (3, False)
