"""The passport: every ledger entry with what it was worth, when and why."""

from datetime import date
from decimal import Decimal

from tests.unit.scoring.conftest import World
from tests.unit.scoring.facts import BRANCH, CADRE, ObligationLife, ProblemLife, VisitLife

MONDAY, TUESDAY = date(2023, 11, 20), date(2023, 11, 21)
PASSPORT = f"/scores/cadre/{CADRE}/passport"


async def test_the_report_sentence_is_four_awards(world: World) -> None:
    visit = VisitLife("visit").log(MONDAY)
    problems = [ProblemLife(f"problem {number}").confirm(MONDAY) for number in range(3)]
    await world.fold(visit, *problems)

    found = await world.read("cadre", PASSPORT, period="2023-Q4")

    [first, *_] = found["awards"]
    assert [line["running_total"] for line in found["awards"]] == ["2.00", "3.00", "4.00", "5.00"]
    assert {
        "event_id": visit.facts[0].id,
        "event_type": "xianfeng.visits.visit.logged.v1",
        "rule_id": "weekly-visit",
        "rule_title": "每周走访",
        "source": "周调研走访1次",
        "book_version": "2023.1",
        "day": "2023-11-20",
        "points": "2.00",
        "cap_effect": "0.00",
        "counted": "2.00",
        "state_title": "计分",
    }.items() <= first.items()


async def test_the_cap_cuts_the_later_award(world: World) -> None:
    await world.fold(VisitLife("later").log(TUESDAY), VisitLife("earlier").log(MONDAY))

    found = await world.read("cadre", PASSPORT, period="2023-Q4")

    assert [(line["day"], line["cap_effect"], line["counted"]) for line in found["awards"]] == [
        ("2023-11-20", "0.00", "2.00"),
        ("2023-11-21", "-2.00", "0.00"),
    ]


async def test_a_withdrawn_visit_stays_visible_and_counts_zero(world: World) -> None:
    await world.fold(VisitLife("visit").log(MONDAY).withdraw())

    found = await world.read("cadre", PASSPORT, period="2023-Q4")

    lines = {line["state_title"]: line for line in found["awards"]}
    assert {"已冲销", "冲销"} == lines.keys()
    assert [line["counted"] for line in lines.values()] == ["0.00", "0.00"]
    assert (lines["已冲销"]["points"], lines["冲销"]["points"]) == ("2.00", "-2.00")
    assert lines["冲销"]["reverses"] == lines["已冲销"]["award_id"]


async def test_a_withdrawn_award_makes_room_below_the_cap(world: World) -> None:
    await world.fold(VisitLife("first").log(MONDAY).withdraw(), VisitLife("second").log(TUESDAY))

    found = await world.read("cadre", PASSPORT, period="2023-Q4")

    assert found["score"]["items"] == "2.00"
    assert [line["counted"] for line in found["awards"] if line["state"] == "counted"] == ["2.00"]


async def test_a_branch_counts_down_from_its_base(world: World) -> None:
    late = ObligationLife("problem-deadline", MONDAY, CADRE, BRANCH).open().miss().satisfy_late(after_grace=True)
    await world.fold(late)

    found = await world.read("organiser", f"/scores/branch/{BRANCH}/passport", period="2023")

    assert [(line["points"], line["running_total"]) for line in found["awards"]] == [
        ("-0.50", "99.50"),
        ("0.25", "99.75"),
    ]
    assert found["score"]["items"] == "99.75"


async def test_a_free_week_is_shown_and_not_attainable(world: World) -> None:
    sunday = date(2023, 11, 26)
    await world.fold(ObligationLife("weekly-visit", sunday).open().waive())

    found = await world.read("cadre", PASSPORT, period="2023-Q4")

    assert found["score"]["attainable"] == "0.00"
    assert {"已冲销", "冲销"} == {line["state_title"] for line in found["attainable"]}


async def test_a_week_across_two_quarters_lies_where_its_thursday_lies(world: World) -> None:
    saturday, sunday = date(2023, 9, 30), date(2023, 10, 1)
    await world.fold(VisitLife("visit").log(sunday), ObligationLife("weekly-visit", sunday).open())
    await world.fold(ProblemLife("problem").confirm(saturday))

    third = await world.read("cadre", PASSPORT, period="2023-Q3")
    fourth = await world.read("cadre", PASSPORT, period="2023-Q4")

    assert tuple(third["score"][name] for name in ("items", "attainable", "points")) == ("3.00", "5.00", "60.00")
    assert fourth["awards"] == []


async def test_a_year_holds_the_passports_of_its_quarters(world: World) -> None:
    await world.fold(VisitLife("visit").log(MONDAY))

    found = await world.read("cadre", PASSPORT, period="2023")

    assert [len(quarter["awards"]) for quarter in found["quarters"]] == [0, 0, 0, 1]
    assert Decimal(2) == Decimal(found["score"]["items"])
