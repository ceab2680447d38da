"""Signed grades: of what is sealed, by a person, who says why when it is another than the reference."""

from datetime import date
from typing import Any

import pytest

from services.scoring.domain.awards import CardKey
from services.scoring.use_cases.fold_facts import fold_facts
from shared.kernel.access import Role
from shared.testing.access import a_caller
from tests.unit.scoring.conftest import World, a_member
from tests.unit.scoring.facts import BRANCH, CADRE, TOWNSHIP, ObligationLife
from tests.unit.scoring.lives import MEMBER, ListingLife, MeetingLife, ReviewLife

GRADE = f"/grades/branch/{BRANCH}/2023"
OF_MEMBER = f"/grades/member/{MEMBER}/2023"
WHY = "党委会议 12 月 30 日研究，软件资料补正"


async def sealed(world: World, mark: str = "90") -> None:
    """The branch has 97 or, with another mark, fewer points, sealed."""
    await fold_facts(list(ReviewLife("2023").mark(mark).facts), world.ports)
    await world.seal(CardKey("branch", BRANCH, "2023"))


async def signed(world: World, who: str = "secretary", **form: Any) -> Any:
    response = await world.put(who, GRADE, form)
    assert response.status_code == 200, response.text
    return response.json()


async def refusal(world: World, who: str = "secretary", path: str = GRADE, seen: int | None = None, **form: Any) -> Any:
    response = await world.put(who, path, form, seen=seen)
    return response.status_code, response.json()["code"]


async def test_the_reference_is_signed_without_a_word(world: World) -> None:
    await sealed(world)

    found = await signed(world, grade="五星")

    assert {
        "grade": "五星",
        "reference": "五星",
        "points": "97.00",
        "reason": None,
        "signed_on": "2023-11-20",
        "revision": 1,
    }.items() <= found.items()
    assert await world.read("branch secretary", GRADE) == found


async def test_another_grade_than_the_reference_needs_a_reason(world: World) -> None:
    await sealed(world)

    refused = await refusal(world, grade="四星")
    blank = await refusal(world, grade="不评", reason="  ")
    found = await signed(world, grade="四星", reason=WHY)

    assert refused == blank == (422, "grade.reason_missing")
    assert (found["grade"], found["reference"], found["reason"]) == ("四星", "五星", WHY)


async def test_what_is_not_sealed_is_not_graded(world: World) -> None:
    assert await refusal(world, grade="五星") == (409, "grade.period_not_sealed")


async def test_only_the_books_grades_are_signed(world: World) -> None:
    await sealed(world)

    response = await world.put("secretary", GRADE, {"grade": "六星", "reason": WHY})

    assert (response.status_code, response.json()["code"]) == (422, "grade.unknown")
    assert "五星、四星、三星、二星、不评" in response.json()["detail"]


async def test_a_branch_under_rectification_is_not_graded(world: World) -> None:
    await fold_facts(list(ListingLife("listing").listed(date(2023, 6, 1)).facts), world.ports)
    await sealed(world)

    starred = await refusal(world, grade="三星", reason=WHY)
    silent = await refusal(world, grade="不评")
    found = await signed(world, grade="不评", reason="整顿期间")

    assert (starred, silent) == ((409, "grade.vetoed"), (422, "grade.reason_missing"))
    assert (found["grade"], found["reference"]) == ("不评", "不评")


async def test_a_grade_is_corrected_by_who_has_seen_it_and_says_why(world: World) -> None:
    await sealed(world)
    await signed(world, grade="五星")

    unseen = await refusal(world, grade="四星", reason=WHY)
    stale = await refusal(world, seen=4, grade="四星", reason=WHY)
    response = await world.put("county", GRADE, {"grade": "四星", "reason": WHY}, seen=1)
    wordless = await refusal(world, seen=2, grade="五星")

    assert (unseen, stale) == ((409, "grade.signed"), (412, "object.stale"))
    assert (response.status_code, response.headers["ETag"]) == (200, '"2"')
    assert wordless == (422, "grade.reason_missing")
    last = response.json()["trail"][-1]
    assert (last["what"], last["before"]) == ("corrected", {"grade": "五星", "reference": "五星", "reason": ""})


async def test_signing_the_same_again_changes_nothing(world: World) -> None:
    await sealed(world)
    first = await signed(world, grade="五星")

    assert await signed(world, grade="五星") == first


async def test_the_first_grade_has_nothing_to_have_seen(world: World) -> None:
    await sealed(world)

    assert await refusal(world, seen=1, grade="五星") == (412, "object.stale")


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("secretary", 200),
        ("county", 200),
        ("organiser", 403),
        ("branch secretary", 403),
        ("supervisor", 403),
        ("member", 403),
        ("far secretary", 404),
    ],
)
async def test_who_signs_the_grade_of_a_branch(world: World, who: str, status: int) -> None:
    world.callers.callers["far secretary"] = a_caller(Role.SECRETARY, "elsewhere")
    await sealed(world)

    assert (await world.put(who, GRADE, {"grade": "五星"})).status_code == status


async def test_a_member_is_graded_by_his_secretary_and_reads_it(world: World) -> None:
    world.callers.callers["the member"] = a_caller(Role.MEMBER, BRANCH, person="the member's person")
    await fold_facts([a_member(MEMBER, person_id="the member's person")], world.ports)
    await world.fold(MeetingLife("lecture", "lecture").hold(date(2023, 3, 20), MEMBER))
    await world.seal(CardKey("member", MEMBER, "2023"))

    by_county = await refusal(world, "county", OF_MEMBER, grade="优秀")
    response = await world.put("secretary", OF_MEMBER, {"grade": "优秀"})
    statuses = [(await world.get(who, OF_MEMBER)).status_code for who in ("the member", "member", "stranger")]

    assert by_county == (403, "access.forbidden")
    assert (response.json()["grade"], response.json()["points"]) == ("优秀", "95.00")
    assert statuses == [200, 403, 404]


async def test_nobody_signs_his_own_grade(world: World) -> None:
    world.callers.callers["secretary himself"] = a_caller(Role.SECRETARY, TOWNSHIP, person="person")
    await fold_facts([a_member(MEMBER, person_id="person")], world.ports)
    await world.seal(CardKey("member", MEMBER, "2023"))

    assert await refusal(world, "secretary himself", OF_MEMBER, grade="优秀") == (403, "grade.own")


async def test_a_year_of_quarters_is_graded_when_all_are_sealed(world: World) -> None:
    await world.fold(ObligationLife("weekly-visit", date(2023, 10, 15)).open())
    path, statuses = f"/grades/cadre/{CADRE}/2023", []
    for quarter in ("2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4"):
        statuses.append((await world.put("secretary", path, {"grade": "不评"})).status_code)
        await world.seal(CardKey("cadre", CADRE, quarter))

    found = await world.put("secretary", path, {"grade": "不评"})

    assert [*statuses, found.status_code] == [409, 409, 409, 409, 200]
    assert (found.json()["period"], found.json()["reference"]) == ("2023", "不评")


async def test_what_nobody_signed_is_not_found(world: World) -> None:
    response = await world.get("organiser", GRADE)

    assert (response.status_code, response.json()["code"]) == (404, "grade.unsigned")
