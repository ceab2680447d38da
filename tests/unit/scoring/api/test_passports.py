"""The passport: every ledger entry with what it was worth, when and why."""

from datetime import date
from decimal import Decimal

import pytest

from services.scoring.domain.awards import CardKey
from services.scoring.use_cases.fold_facts import fold_facts
from tests.unit.scoring.conftest import World
from tests.unit.scoring.facts import BRANCH, CADRE, TOWNSHIP, ObligationLife, ProblemLife, VisitLife
from tests.unit.scoring.lives import ReviewLife
from tests.unit.scoring.sealing import recorded

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


async def test_as_of_an_instant_it_tells_what_was_recorded_by_then(world: World) -> None:
    first, second = VisitLife("first").log(MONDAY).facts[0], ProblemLife("second").confirm(TUESDAY).facts[0]
    await fold_facts([recorded(first, date(2023, 11, 21)), recorded(second, date(2023, 11, 24))], world.ports)

    before = await world.read("cadre", PASSPORT, period="2023-Q4", as_of="2023-11-22T09:00:00+08:00")
    after = await world.read("cadre", PASSPORT, period="2023-Q4")

    assert (before["score"]["items"], len(before["awards"])) == ("2.00", 1)
    assert (after["score"]["items"], len(after["awards"])) == ("3.00", 2)
    assert [found["as_of"] for found in (before, after)] == ["2023-11-22T09:00:00+08:00", None]


async def test_as_of_an_instant_before_the_seal_the_period_was_live(world: World) -> None:
    visit = recorded(VisitLife("visit").log(MONDAY).facts[0], TUESDAY)
    await fold_facts([visit], world.ports)
    world.clock.move_to(date(2024, 1, 10))
    await world.seal(CardKey("cadre", CADRE, "2023-Q4"))

    found = [
        (await world.read("cadre", PASSPORT, period="2023-Q4", **asked))["score"]["state_title"]
        for asked in ({"as_of": "2024-01-09T12:00:00+08:00"}, {})
    ]

    assert found == ["实时", "归档"]


async def test_an_instant_without_its_zone_is_refused(world: World) -> None:
    response = await world.get("cadre", PASSPORT, period="2023-Q4", as_of="2023-11-22T09:00:00")

    assert (response.status_code, "as_of" in response.text) == (422, True)


@pytest.mark.parametrize("as_of", ["2022-12-31T23:00:00+08:00", "0001-01-01T00:00:00+14:00", "0375-02-09T04:35:22Z"])
async def test_before_the_first_rule_book_there_is_nothing_to_tell(world: World, as_of: str) -> None:
    response = await world.get("cadre", PASSPORT, period="2023-Q4", as_of=as_of)

    assert (response.status_code, "as_of" in response.text) == (422, True)


async def test_it_says_what_would_have_earned_more_and_what_comes_back(world: World) -> None:
    missed = ObligationLife("general-meeting", date(2023, 3, 31), branch_id=BRANCH).open().miss()
    await world.fold(missed)

    found = await world.read("branch secretary", f"/scores/branch/{BRANCH}/passport", period="2023")

    told = {each["rule_id"]: (each["missing"], each["comes_back"]) for each in found["why_not"]}
    assert told["general-meeting"] == ("3.00", "1.50")
    assert all(each["meet"] for each in found["why_not"])


async def test_a_cadre_reads_what_a_week_could_still_have_given(world: World) -> None:
    await world.fold(ObligationLife("weekly-visit", date(2023, 11, 26)).open(), ProblemLife("one").confirm(MONDAY))

    found = await world.read("cadre", PASSPORT, period="2023-Q4")

    assert {each["rule_id"]: each["missing"] for each in found["why_not"]} == {
        "weekly-visit": "2.00",
        "problem": "2.00",
    }


async def test_a_review_says_where_it_came_from(world: World) -> None:
    await fold_facts(list(ReviewLife("2023").mark("88").facts), world.ports)

    found = await world.read("organiser", f"/scores/branch/{BRANCH}/passport", period="2023")

    assert [(line["rule_title"], line["points"]) for line in found["review"]] == [("评议", "88.00")]
    assert found["why_not"] == []


async def test_what_came_after_the_seal_is_shown_there_and_counts_where_it_is_posted(world: World) -> None:
    week = ObligationLife("weekly-visit", date(2023, 8, 20), CADRE).open()
    await fold_facts([recorded(fact, date(2023, 8, 21)) for fact in week.facts], world.ports)
    world.clock.move_to(date(2023, 10, 12))
    await world.seal(CardKey("cadre", CADRE, "2023-Q3"))
    late = recorded(VisitLife("late").log(date(2023, 8, 16)).facts[0], date(2023, 10, 20))
    open_week = ObligationLife("weekly-visit", date(2023, 10, 22), CADRE).open()
    await fold_facts([late, *open_week.facts], world.ports)

    sealed = await world.read("cadre", PASSPORT, period="2023-Q3")
    posted = await world.read("cadre", PASSPORT, period="2023-Q4")

    assert (sealed["score"]["points"], sealed["score"]["state"], len(sealed["awards"])) == ("0.00", "sealed", 0)
    assert sealed["seal"]["entries"] == 1
    [line] = sealed["late"]
    assert (line["posted_to"], line["points"], line["event_id"]) == ("2023-Q4", "40.00", late.id)
    assert posted["corrections"] == sealed["late"]
    assert (posted["score"]["corrections"], posted["score"]["points"]) == ("40.00", "40.00")


async def test_a_period_on_notice_says_so(world: World) -> None:
    world.notices.kept.add(("cadre", TOWNSHIP, "2023-Q3"))

    found = await world.read("cadre", PASSPORT, period="2023")

    assert [part["score"]["state_title"] for part in found["quarters"]] == ["实时", "实时", "公示", "实时"]
    assert found["score"]["state"] == "live"
