"""周调研走访1次，解决问题不少于3条: the report's sentence from the phone to score and alert, on real engines."""

from datetime import date, datetime, time, timedelta
from typing import Any

from deploy.local.stack import Stack
from shared.kernel.clock import at_local_time
from tests.stories.township import Township, settled_township

MONDAY = date(2026, 3, 2)
QUARTER, YEAR = "2026-Q1", "2026"


def on(days: int, hour: int = 9) -> datetime:
    """A local time some days after the first Monday."""
    return at_local_time(MONDAY + timedelta(days=days), time(hour))


async def test_a_visit_and_three_problems_travel_to_the_score_and_a_missed_week_to_the_alert(platform: Stack) -> None:
    async with settled_township(platform, "weekly visits", MONDAY) as township:
        await _the_cadres_week_counts_in_full(township)
        await _a_duplicate_upload_changes_nothing(township)
        await _a_withdrawn_resolution_takes_its_points_back(township)
        await _the_branch_stands_at_its_base(township)
        await _the_colleague_without_a_visit_is_overdue_then_missed(township)
        await _a_visit_synced_late_that_happened_in_time_satisfies(township)
        await _a_problem_that_runs_late_takes_points_off(township)


async def _the_cadres_week_counts_in_full(township: Township) -> None:
    tuesday, wednesday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
    await township.noon(tuesday)
    await township.visit("cadre", "branch", on(1), id_=township.id("visit"))
    problems = [await township.problem("cadre", "branch", tuesday, name) for name in ("一", "二", "三")]
    await township.noon(wednesday)
    for problem in problems:
        resolved = await township.resolve("cadre", problem, wednesday)
        await township.confirm("branch secretary", resolved, wednesday)
    await township.clock.settle()

    score = await township.score("cadre", "cadre", "cadre", QUARTER)
    passport = await township.passport("cadre", "cadre", "cadre", QUARTER)

    assert (float(score["items"]), float(score["attainable"]), float(score["points"])) == (5, 5, 100)
    assert sorted(award["rule_id"] for award in passport["awards"]) == ["problem"] * 3 + ["weekly-visit"]
    assert {award["source"] for award in passport["awards"]} == {"周调研走访1次", "解决问题不少于3条"}
    assert float(passport["awards"][-1]["running_total"]) == 5


async def _a_duplicate_upload_changes_nothing(township: Township) -> None:
    before = await township.passport("cadre", "cadre", "cadre", QUARTER)
    await township.visit("cadre", "branch", on(1), id_=township.id("visit"))
    await township.clock.settle()

    assert await township.passport("cadre", "cadre", "cadre", QUARTER) == before


async def _the_branch_stands_at_its_base(township: Township) -> None:
    score = await township.score("branch secretary", "branch", "branch", YEAR)

    assert (float(score["base"]), float(score["taken_off"]), float(score["items"])) == (100, 0, 100)
    assert (score["points"], score["awaiting"]) == (None, "评议待评")


async def _the_colleague_without_a_visit_is_overdue_then_missed(township: Township) -> None:
    """Warned on Thursday and again on Sunday, overdue once Sunday has passed, missed after a week of grace."""
    told = []
    for days, state in ((3, "warned"), (6, "warned"), (7, "overdue"), (13, "overdue"), (14, "missed")):
        await township.noon(MONDAY + timedelta(days=days))
        told += [entry["revision"] for entry in await _weekly(township)]

        assert [entry["state"] for entry in await _weekly(township)] == [state]
        assert await _owed(township) == [state]

    assert told[0] < told[1] < told[2] == told[3] < told[4]


async def _owed(township: Township) -> list[str]:
    """The states of the colleague's obligations for the first week, as the organiser reads them."""
    page = await township.call("organiser", "GET", "/api/notifications/obligations?limit=200")
    return [
        item["state"]
        for item in page["items"]
        if (item["regulation_id"], item["period"], item["cadre_id"])
        == ("weekly-visit", "2026-W10", township.id("colleague"))
    ]


async def _weekly(township: Township) -> list[dict[str, Any]]:
    """The colleague's inbox entries about the first week."""
    return [
        entry
        for entry in await township.inbox("colleague")
        if entry["regulation_id"] == "weekly-visit" and entry["period"] == "2026-W10"
    ]


async def _a_visit_synced_late_that_happened_in_time_satisfies(township: Township) -> None:
    before = await township.score("colleague", "cadre", "colleague", QUARTER)
    visit = await township.visit("colleague", "other branch", on(4))
    await township.clock.settle()
    after = await township.score("colleague", "cadre", "colleague", QUARTER)

    assert visit["entry"] == "late"
    assert [entry["state"] for entry in await _weekly(township)] == ["satisfied"]
    assert float(after["items"]) - float(before["items"]) == 2


async def _a_problem_that_runs_late_takes_points_off(township: Township) -> None:
    raised_on = MONDAY + timedelta(days=14)
    problem = await township.problem("cadre", "branch", raised_on, "四")
    due_on = date.fromisoformat(problem["due_on"])
    await township.noon(due_on + timedelta(days=1))
    overdue = await township.score("branch secretary", "branch", "branch", YEAR)
    await township.noon(due_on + timedelta(days=9))
    missed = await township.score("branch secretary", "branch", "branch", YEAR)
    passport = await township.passport("branch secretary", "branch", "branch", YEAR)

    assert float(overdue["taken_off"]) == 0
    assert (abs(float(missed["taken_off"])), float(missed["items"])) == (0.5, 99.5)
    assert [award["rule_id"] for award in passport["awards"]] == ["problem-late"]


async def _a_withdrawn_resolution_takes_its_points_back(township: Township) -> None:
    wednesday = MONDAY + timedelta(days=2)
    path = f"/api/visits/problems/{township.id('problem', '三')}"
    problem = await township.call("cadre", "GET", path)
    withdrawn = await township.call("cadre", "PUT", f"{path}/resolution/withdrawal", seen=problem["revision"])
    await township.clock.settle()
    without = await township.passport("cadre", "cadre", "cadre", QUARTER)
    resolved = await township.resolve("cadre", withdrawn, wednesday)
    await township.confirm("branch secretary", resolved, wednesday)
    await township.clock.settle()
    again = await township.score("cadre", "cadre", "cadre", QUARTER)

    assert float(without["score"]["items"]) == 4
    assert sorted(award["state"] for award in without["awards"]) == ["counted"] * 3 + ["reversal", "reversed"]
    assert float(again["items"]) == 5
