"""Scores through the front door: what they say, of which period, to whom."""

from datetime import date

import pytest

from shared.kernel.ids import derived_id
from tests.unit.scoring.conftest import FAR_BRANCH, FAR_CADRE, World
from tests.unit.scoring.facts import BRANCH, CADRE, OTHER_BRANCH, OTHER_CADRE, ObligationLife, ProblemLife, VisitLife

MONDAY, SUNDAY = date(2023, 11, 20), date(2023, 11, 26)


def a_week(cadre_id: str = CADRE) -> ObligationLife:
    return ObligationLife("weekly-visit", SUNDAY, cadre_id).open()


def a_late_problem(name: str = "", branch_id: str = BRANCH) -> ObligationLife:
    return ObligationLife("problem-deadline", MONDAY, CADRE, branch_id, name=name).open().miss()


async def test_the_report_sentence_is_a_full_week(world: World) -> None:
    problems = [ProblemLife(f"problem {number}").confirm(MONDAY) for number in range(3)]
    await world.fold(a_week(), VisitLife("visit").log(MONDAY), *problems)

    found = await world.read("cadre", f"/scores/cadre/{CADRE}", period="2023-Q4")

    assert (
        found["points"],
        found["items"],
        found["attainable"],
        found["awaiting"],
    ) == ("100.00", "5.00", "5.00", None)
    assert {line["rule_id"]: line["count"] for line in found["rules"]} == {
        "weekly-visit": 1,
        "problem": 3,
        "problem-late": 0,
    }


async def test_a_branch_nothing_happened_to_has_its_base_and_awaits_the_review(world: World) -> None:
    found = await world.read("organiser", f"/scores/branch/{BRANCH}", period="2023")

    assert (
        found["base"],
        found["taken_off"],
        found["items"],
        found["points"],
        found["awaiting"],
    ) == ("100.00", "0.00", "100.00", None, "评议待评")


async def test_a_late_problem_takes_points_off_and_says_by_which_rule(world: World) -> None:
    await world.fold(a_late_problem())

    found = await world.read("branch secretary", f"/scores/branch/{BRANCH}", period="2023")

    [line] = [line for line in found["rules"] if line["count"]]
    assert (found["taken_off"], found["items"]) == ("0.50", "99.50")
    assert (
        line["rule_id"],
        line["source"],
        line["count"],
        line["counted"],
    ) == ("problem-late", "“四有”民情服务处理机制", 1, "-0.50")


async def test_a_cap_shows_what_it_changed(world: World) -> None:
    await world.fold(*(VisitLife(f"visit {number}").log(MONDAY) for number in range(3)))

    found = await world.read("cadre", f"/scores/cadre/{CADRE}", period="2023-Q4")

    line = found["rules"][0]
    assert (
        line["points"],
        line["cap_effect"],
        line["counted"],
        line["caps"],
    ) == ("6.00", "-4.00", "2.00", [{"points": "2.00", "per": "week"}])


async def test_nothing_attainable_is_no_score(world: World) -> None:
    found = await world.read("cadre", f"/scores/cadre/{CADRE}", period="2023-Q4")

    assert (found["points"], found["awaiting"], found["attainable"]) == (None, "待评", "0.00")


async def test_a_year_is_the_mean_of_quarters_with_something_attainable(world: World) -> None:
    await world.fold(a_week(), VisitLife("visit").log(MONDAY))
    await world.fold(*(ProblemLife(f"problem {number}").confirm(MONDAY) for number in range(3)))
    summer = ObligationLife("weekly-visit", date(2023, 7, 9)).open()
    await world.fold(summer, VisitLife("summer").log(date(2023, 7, 4)))

    found = await world.read("cadre", f"/scores/cadre/{CADRE}", period="2023")

    assert [quarter["points"] for quarter in found["quarters"]] == [None, None, "40.00", "100.00"]
    assert found["points"] == "70.00"


async def test_a_year_tells_what_each_rule_gave_and_took_in_all_its_quarters(world: World) -> None:
    await world.fold(a_week(), VisitLife("winter").log(MONDAY), VisitLife("again").log(MONDAY))
    await world.fold(VisitLife("summer").log(date(2023, 7, 4)), a_late_problem())

    found = await world.read("cadre", f"/scores/cadre/{CADRE}", period="2023")

    told = {line["rule_id"]: (line["count"], line["points"], line["counted"]) for line in found["rules"]}
    assert told == {
        "weekly-visit": (3, "6.00", "4.00"),
        "problem": (0, "0.00", "0.00"),
        "problem-late": (1, "-1.00", "-1.00"),
    }
    assert [line["counted"] for line in found["attainable_rules"]] == ["5.00"]
    assert (found["taken_off"], found["items"]) == ("1.00", "3.00")


async def test_without_a_period_it_is_the_current_one(world: World) -> None:
    cadre = await world.read("cadre", f"/scores/cadre/{CADRE}")
    branch = await world.read("organiser", f"/scores/branch/{BRANCH}")

    assert (cadre["period"], branch["period"]) == ("2023-Q4", "2023")


@pytest.mark.parametrize(
    ("path", "period", "says"),
    [
        (f"/scores/branch/{BRANCH}", "2023-Q1", "《党支部考评》按年考评，不能查询“2023-Q1”，请改用 2023"),
        (f"/scores/branch/{BRANCH}", "2023-W47", "按年考评"),
        (f"/scores/cadre/{CADRE}", "2023-11", "按季考评、全年取平均，不能查询“2023-11”，请改用 2023-Q4 或 2023"),
        (f"/scores/cadre/{CADRE}", "去年", "“去年”无法识别"),
        (f"/scores/cadre/{CADRE}/passport", "2022-Q4", "没有生效的考评细则"),
        ("/scores/branch", "2023-Q1", "按年考评"),
    ],
)
async def test_a_period_that_cannot_be_is_refused_by_name(world: World, path: str, period: str, says: str) -> None:
    response = await world.get("organiser", path, period=period)

    assert response.status_code == 422
    assert "period" in response.text
    assert says in response.text


@pytest.mark.parametrize(
    ("who", "branch", "cadre"),
    [
        ("secretary", 200, 200),
        ("organiser", 200, 200),
        ("county", 200, 200),
        ("branch secretary", 200, 200),
        ("supervisor", 200, 403),
        ("cadre", 403, 200),
        ("colleague", 403, 403),
        ("member", 403, 403),
        ("stranger", 404, 404),
        ("administrator", 403, 403),
        ("nobody", 401, 401),
    ],
)
@pytest.mark.parametrize("tail", ["", "/passport"])
async def test_who_may_read(world: World, who: str, branch: int, cadre: int, tail: str) -> None:
    answers = (
        (await world.get(who, f"/scores/branch/{BRANCH}{tail}")).status_code,
        (await world.get(who, f"/scores/cadre/{CADRE}{tail}")).status_code,
    )

    assert (branch, cadre) == answers


@pytest.mark.parametrize("standard", ["branch", "cadre"])
async def test_an_unknown_subject_is_not_found(world: World, standard: str) -> None:
    response = await world.get("county", f"/scores/{standard}/{derived_id('nobody')}")

    assert (response.status_code, response.json()["code"]) == (404, "subject.not_found")


@pytest.mark.parametrize(
    ("who", "branches", "cadres"),
    [
        ("organiser", {BRANCH, OTHER_BRANCH}, {CADRE, OTHER_CADRE}),
        ("county", {BRANCH, OTHER_BRANCH, FAR_BRANCH}, {CADRE, OTHER_CADRE, FAR_CADRE}),
        ("branch secretary", {BRANCH}, {CADRE}),
        ("stranger", {FAR_BRANCH}, {FAR_CADRE}),
    ],
)
async def test_lists_hold_what_lies_in_scope(world: World, who: str, branches: set[str], cadres: set[str]) -> None:
    found = [await world.read(who, f"/scores/{standard}") for standard in ("branch", "cadre")]

    assert [branches, cadres] == [{item["subject_id"] for item in page["items"]} for page in found]


async def test_a_cadre_lists_himself_alone(world: World) -> None:
    found = await world.read("cadre", "/scores/cadre")

    assert [item["subject_id"] for item in found["items"]] == [CADRE]
    assert (await world.get("cadre", "/scores/branch")).status_code == 403
    assert (await world.get("supervisor", "/scores/cadre")).status_code == 403


async def test_pages_go_on_where_the_last_one_ended(world: World) -> None:
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await world.read("county", "/scores/branch", limit=1, **cursor)
        seen += [item["subject_id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}

    assert sorted([BRANCH, OTHER_BRANCH, FAR_BRANCH]) == seen
