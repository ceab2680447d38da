"""The curve through the front door: a point a week, the last one the score."""

from datetime import date

import pytest

from services.scoring.domain.awards import CardKey
from services.scoring.use_cases.fold_facts import fold_facts
from tests.unit.scoring.conftest import World
from tests.unit.scoring.facts import BRANCH, CADRE, ObligationLife, VisitLife
from tests.unit.scoring.sealing import recorded

CURVE = f"/scores/cadre/{CADRE}/curve"
_WEEKS = [date(2023, 10, 15), date(2023, 10, 22)]


def two_weeks() -> list[ObligationLife]:
    return [ObligationLife("weekly-visit", sunday).open() for sunday in _WEEKS]


async def test_a_curve_rises_with_the_days_the_facts_count_for(world: World) -> None:
    await world.fold(*two_weeks(), VisitLife("visit").log(date(2023, 10, 18)))

    found = await world.read("cadre", CURVE, period="2023-Q4")

    [quarter] = found["periods"]
    told = {point["on"]: (point["items"], point["attainable"], point["points"]) for point in quarter["points"]}
    assert told["2023-10-08"] == ("0.00", "0.00", None)
    assert told["2023-10-15"] == ("0.00", "5.00", "0.00")
    assert told["2023-10-22"] == ("2.00", "10.00", "20.00")
    assert list(told)[-1] == "2023-11-20"


async def test_the_last_point_is_the_score_people_see(world: World) -> None:
    running = ObligationLife("weekly-visit", date(2023, 11, 26)).open()
    await world.fold(*two_weeks(), running, VisitLife("visit").log(date(2023, 11, 20)))

    score = await world.read("cadre", f"/scores/cadre/{CADRE}")
    curve = await world.read("cadre", CURVE)

    last = curve["periods"][0]["points"][-1]
    assert [last[name] for name in ("points", "items", "attainable")] == [
        score[name] for name in ("points", "items", "attainable")
    ]


async def test_a_year_of_quarters_has_a_curve_for_each_that_began(world: World) -> None:
    found = await world.read("cadre", CURVE, period="2023")

    assert [(part["period"], bool(part["points"])) for part in found["periods"]] == [
        (f"2023-Q{number}", True) for number in range(1, 5)
    ]


async def test_a_sealed_curve_stays_as_it_was_sealed(world: World) -> None:
    await world.fold(*two_weeks(), VisitLife("visit").log(date(2023, 10, 18)))
    await world.seal(CardKey("cadre", CADRE, "2023-Q4"))
    before = await world.read("cadre", CURVE, period="2023-Q4")
    late = VisitLife("late").log(date(2023, 10, 11)).facts[0]
    await fold_facts([recorded(late, date(2024, 2, 1))], world.ports)

    after = await world.read("cadre", CURVE, period="2023-Q4")

    assert before == after


@pytest.mark.parametrize(("who", "status"), [("cadre", 200), ("organiser", 200), ("colleague", 403), ("stranger", 404)])
async def test_who_reads_the_score_reads_its_curve(world: World, who: str, status: int) -> None:
    assert (await world.get(who, CURVE)).status_code == status


async def test_a_branch_counts_down_from_its_base(world: World) -> None:
    await world.fold(ObligationLife("general-meeting", date(2023, 3, 31), branch_id=BRANCH).open().miss())

    found = await world.read("organiser", f"/scores/branch/{BRANCH}/curve", period="2023")

    points = {point["on"]: point["items"] for point in found["periods"][0]["points"]}
    assert (points["2023-03-26"], points["2023-04-02"]) == ("100.00", "97.00")
