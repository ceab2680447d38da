"""A rule changes in the middle of a quarter: tried, consulted on, published, scored from its day on, on real engines.

The county's organisation department makes a visit worth 3 points instead of 2. What was sealed stays to the letter;
what is learnt of a sealed quarter later is a correction in the quarter that runs.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from deploy.local.stack import Stack
from shared.testing.waiting import until
from tests.running import running_stack
from tests.stories import county
from tests.stories.answers import corrected, reckoned, refusal, rule_line, scoring_command
from tests.stories.build_compared import the_county_sees_who_moved
from tests.stories.township import Township, at_nine, settled_township

GO_LIVE = date(2026, 3, 16)
"""A Monday: the first quarter has two weeks that count in full."""
SEALED_QUARTER, QUARTER = "2026-Q1", "2026-Q2"
OLD, NEW = "2023.1", "2026.1"
STARTS_ON = date(2026, 5, 11)
"""A Monday, six weeks into the quarter: by their Thursdays the weeks from 30 March on are its own."""
CLOSING = "/api/scoring/closings/cadre/{township}/2026-Q1"
_PATIENCE_SECONDS = 300.0


@pytest.fixture(scope="module")
def county_platform() -> Iterator[Stack]:
    """A platform of this story's own: what a county publishes holds for everybody on it, and time does not go back."""
    with running_stack() as stack:
        yield stack


async def test_a_rule_changes_in_mid_quarter_and_what_was_sealed_stays(county_platform: Stack) -> None:
    async with settled_township(county_platform, "rules change", GO_LIVE) as township:
        township.clock.patience_seconds = _PATIENCE_SECONDS
        await _the_cadre_works_through_the_end_of_a_quarter(township)
        await _the_quarter_is_put_on_notice(township)
        sealed = await _the_quarter_is_sealed_by_somebody_else(township)
        await _the_next_quarter_begins_under_the_same_rules(township)
        drafted = await _the_county_drafts_a_sound_book_and_is_told_of_an_unsound_one(township)
        await _the_laboratory_says_who_would_move_and_by_which_rule(township, drafted)
        consulted = await _the_county_asks_the_cadres(township, drafted)
        await _a_start_in_the_past_is_refused(township)
        before = (await county.books(township))["generation"]
        await _the_book_is_published(township, consulted)
        await _another_generation_is_shown_and_the_former_kept(county_platform, township, before)
        await the_county_sees_who_moved(county_platform, township, before, (SEALED_QUARTER, QUARTER))
        await _bounds_follow_the_version_of_the_quarters_last_day(township)
        await _points_follow_the_version_of_the_day(township)
        await _the_sealed_quarter_is_what_it_was(township, sealed)
        await _a_visit_taken_back_late_is_corrected_in_the_running_quarter(township)
        await _a_resolution_taken_back_late_is_corrected_and_so_is_the_deadline_missed(township)
        await _a_visit_told_late_is_corrected_as_well(township)
        await _the_sealed_quarter_is_what_it_was(township, sealed)
        await _all_scores_are_what_the_facts_say(county_platform)


async def _the_cadre_works_through_the_end_of_a_quarter(township: Township) -> None:
    await township.works("cadre", "branch", date(2026, 3, 17), "一", "二", "三")
    await township.works("cadre", "branch", date(2026, 3, 24), "四", visit="of the sealed quarter")

    score = await township.score("cadre", "cadre", "cadre", SEALED_QUARTER)

    assert reckoned(score) == (8, 10, 80)
    assert (score["state_title"], score["book_version"]) == ("实时", OLD)


async def _the_quarter_is_put_on_notice(township: Township) -> None:
    path = CLOSING.format(township=township.id("township"))
    early = await township.ask("organiser", "PUT", f"{path}/notice")
    await township.noon(date(2026, 4, 1))
    opened = await township.call("organiser", "PUT", f"{path}/notice")
    await township.clock.settle()
    score = await township.score("cadre", "cadre", "cadre", SEALED_QUARTER)
    own = await township.ask("organiser", "PUT", f"{path}/sealing", seen=opened["revision"])
    await township.noon(date(2026, 4, 8))
    within = await township.ask("secretary", "PUT", f"{path}/sealing", seen=opened["revision"])

    assert refusal(early) == (409, "closing.period_not_over")
    assert (opened["notice_until"], score["state_title"]) == ("2026-04-08", "公示")
    assert own.status_code == 403
    assert refusal(within) == (409, "closing.notice_not_over")


async def _the_quarter_is_sealed_by_somebody_else(township: Township) -> dict[str, Any]:
    """Gives what the cadre's score and passport are from now on."""
    path = CLOSING.format(township=township.id("township"))
    await township.noon(date(2026, 4, 9))
    closing = await township.call("secretary", "GET", path)
    await township.call("secretary", "PUT", f"{path}/sealing", seen=closing["revision"])
    await township.clock.settle()
    closed = await township.call("secretary", "GET", path)
    sealed = await _sealed(township)

    assert (closed["state"], closed["subjects"], closed["sealed_on"]) == ("sealed", 2, "2026-04-09")
    assert (sealed["score"]["state_title"], reckoned(sealed["score"])) == ("归档", (8, 10, 80))
    assert sealed["seal"]["book_version"] == OLD
    assert sealed["seal"]["entries"] == len(sealed["awards"]) + len(sealed["attainable"]) == 8
    return sealed


async def _the_next_quarter_begins_under_the_same_rules(township: Township) -> None:
    for day in (date(2026, 4, 9), date(2026, 4, 14), date(2026, 4, 15)):
        await township.works("cadre", "branch", day)

    score = await township.score("cadre", "cadre", "cadre", QUARTER)

    assert reckoned(score) == (4, 15, 26.67)
    assert rule_line(score, "weekly-visit") == (3, 6, -2)


async def _the_county_drafts_a_sound_book_and_is_told_of_an_unsound_one(township: Township) -> dict[str, Any]:
    text = county.a_visit_worth_three(NEW, STARTS_ON)
    checked = await county.check(township, text)
    refused = await county.check(township, county.with_points_for_signing_in(text))
    drafted = await county.draft(township, "three points", text)

    assert (checked["ok"], checked["faults"], checked["book"]["effective_from"]) == (True, [], STARTS_ON.isoformat())
    assert (refused["ok"], [fault["place"] for fault in refused["faults"]]) == (False, ["rules.3.on"])
    assert refused["faults"][0]["reason"].startswith("签到打卡（attendance.sign_in.done.v1）不得计分：只看到没到")
    assert (drafted["state_title"], drafted["version"]) == ("校验通过", NEW)
    return drafted


async def _the_laboratory_says_who_would_move_and_by_which_rule(township: Township, drafted: dict[str, Any]) -> None:
    told, trial = await county.try_out(township, drafted, SEALED_QUARTER)
    [mover] = trial["result"]["movers"]
    [period] = trial["result"]["periods"]
    changes = {(each["rule_id"], each["part"]): (each["before"], each["after"]) for each in mover["rules"]}

    assert told[-1] == "done"
    assert set(told[:-1]) <= {"progress"}
    assert trial["result"]["as_if_from"] == "2026-01-01"
    assert (period["up"], period["down"], period["unchanged"]) == (1, 0, 1)
    assert (mover["subject_id"], float(mover["before"]), float(mover["after"])) == (township.id("cadre"), 80, 83.33)
    assert {key: tuple(map(float, pair)) for key, pair in changes.items()} == {
        ("weekly-visit", "rule"): (4, 6),
        ("weekly-attainable", "attainable"): (10, 12),
    }


async def _the_county_asks_the_cadres(township: Township, drafted: dict[str, Any]) -> dict[str, Any]:
    unasked = await county.ask_to_publish(township, drafted)
    await township.works("cadre", "branch", date(2026, 4, 21))
    await township.works("cadre", "branch", date(2026, 4, 28))
    consulted = await county.consult(township, drafted, date(2026, 4, 15), date(2026, 4, 28))

    assert refusal(unasked) == (409, "draft.not_consulted")
    assert consulted["state_title"] == "已征求意见"
    return consulted


async def _a_start_in_the_past_is_refused(township: Township) -> None:
    await township.works("cadre", "branch", date(2026, 5, 5))
    drafted = await county.draft(township, "too late", county.a_visit_worth_three("2026.0", date(2026, 5, 4)))
    consulted = await county.consult(township, drafted, date(2026, 4, 15), date(2026, 4, 28))
    refused = await county.ask_to_publish(township, consulted)

    assert refusal(refused) == (409, "publication.starts_in_past")


async def _the_book_is_published(township: Township, consulted: dict[str, Any]) -> None:
    published = await county.ask_to_publish(township, consulted)

    assert (published.status_code, published.json()["state_title"]) == (200, "已发布")
    assert published.json()["publication"]["published_on"] == "2026-05-05"


async def _another_generation_is_shown_and_the_former_kept(stack: Stack, township: Township, before: str) -> None:
    """Built beside what people see, then shown; an api may look a second later."""
    await township.clock.settle()

    async def is_shown() -> bool:
        found = await county.books(township)
        return bool(found["generation"] != before)

    await until(is_shown, seconds=_PATIENCE_SECONDS)
    shown = await county.books(township)
    score = await township.score("cadre", "cadre", "cadre", QUARTER)
    board = await township.call("organiser", "GET", f"/api/scoring/boards/cadre?period={QUARTER}")
    _, builds = await scoring_command(stack, "builds")

    assert {name: book["state_title"] for name, book in shown["versions"].items()} == {OLD: "施行中", NEW: "将施行"}
    assert shown["versions"][OLD]["effective_to"] == (STARTS_ON - timedelta(days=1)).isoformat()
    assert {score["generation"], board["generation"]} == {shown["generation"]}
    lines = [line for line in builds.splitlines() if not line.startswith(" ")]
    assert [(before in line, shown["generation"] in line) for line in lines] == [(True, False), (False, True)]
    assert ["保留" in line for line in lines] == [True, False]


async def _bounds_follow_the_version_of_the_quarters_last_day(township: Township) -> None:
    """In the week with two visits of 2 points each the new version lets 3 count; no visit is worth more for that."""
    score = await township.score("cadre", "cadre", "cadre", QUARTER)
    passport = await township.passport("cadre", "cadre", "cadre", QUARTER)

    assert (score["book_version"], reckoned(score)) == (NEW, (11, 30, 36.67))
    assert rule_line(score, "weekly-visit") == (6, 12, -1)
    assert {(award["book_version"], float(award["points"])) for award in passport["awards"]} == {(OLD, 2)}


async def _points_follow_the_version_of_the_day(township: Township) -> None:
    """A visit on the second day of the new version; one of the week before told only now is worth what it was then."""
    await township.works("cadre", "branch", STARTS_ON + timedelta(days=1), "五")
    await township.visit("colleague", "other branch", at_nine(STARTS_ON - timedelta(days=3)))
    await township.clock.settle()
    shown = await county.books(township)
    passport = await township.passport("cadre", "cadre", "cadre", QUARTER)
    colleague = await township.passport("colleague", "cadre", "colleague", QUARTER)

    assert {name: book["state_title"] for name, book in shown["versions"].items()} == {OLD: "已停止施行", NEW: "施行中"}
    assert {(award["rule_id"], award["book_version"], float(award["points"])) for award in passport["awards"]} == {
        ("weekly-visit", OLD, 2),
        ("weekly-visit", NEW, 3),
        ("problem", NEW, 1),
    }
    assert all(
        (award["book_version"] == NEW) == (award["day"] >= STARTS_ON.isoformat())
        for award in (*passport["awards"], *passport["attainable"])
    )
    assert [float(award["points"]) for award in passport["attainable"]] == [5] * 6 + [6]
    assert reckoned(passport["score"]) == (15, 36, 41.67)
    assert [(award["book_version"], float(award["points"])) for award in colleague["awards"]] == [(OLD, 2)]
    assert reckoned(colleague["score"]) == (2, 36, 5.56)


async def _a_visit_taken_back_late_is_corrected_in_the_running_quarter(township: Township) -> None:
    path = f"/api/visits/visits/{township.id('visit', 'of the sealed quarter')}"
    visit = await township.call("cadre", "GET", path)
    await township.call("cadre", "PUT", f"{path}/withdrawal", seen=visit["revision"])
    await township.clock.settle()
    running = await township.passport("cadre", "cadre", "cadre", QUARTER)
    closed = await township.passport("cadre", "cadre", "cadre", SEALED_QUARTER)

    assert corrected(running["corrections"]) == [(SEALED_QUARTER, QUARTER, "weekly-visit", "2026-03-24", -20)]
    assert closed["late"] == running["corrections"]
    assert (float(running["score"]["corrections"]), reckoned(running["score"])) == (-20, (15, 36, 21.67))
    assert (float(closed["score"]["points"]), closed["corrections"]) == (80, [])


async def _a_resolution_taken_back_late_is_corrected_and_so_is_the_deadline_missed(township: Township) -> None:
    """Unsolved all the time, the problem was overdue and missed already in the quarter that is sealed."""
    path = f"/api/visits/problems/{township.id('problem', '四')}"
    problem = await township.call("cadre", "GET", path)
    await township.call("cadre", "PUT", f"{path}/resolution/withdrawal", seen=problem["revision"])
    await township.clock.settle()
    running = await township.passport("cadre", "cadre", "cadre", QUARTER)
    closed = await township.passport("cadre", "cadre", "cadre", SEALED_QUARTER)

    assert corrected(running["corrections"]) == [
        (SEALED_QUARTER, QUARTER, "problem", "2026-03-24", -10),
        (SEALED_QUARTER, QUARTER, "problem-late", "2026-03-31", -10),
        (SEALED_QUARTER, QUARTER, "weekly-visit", "2026-03-24", -20),
    ]
    assert corrected(closed["late"]) == corrected(running["corrections"])
    assert (float(running["score"]["corrections"]), reckoned(running["score"])) == (-40, (15, 36, 1.67))


async def _a_visit_told_late_is_corrected_as_well(township: Township) -> None:
    visit = await township.visit("colleague", "other branch", at_nine(date(2026, 3, 18)))
    await township.clock.settle()
    running = await township.passport("colleague", "cadre", "colleague", QUARTER)
    closed = await township.passport("colleague", "cadre", "colleague", SEALED_QUARTER)

    assert visit["entry"] == "late"
    assert corrected(running["corrections"]) == [(SEALED_QUARTER, QUARTER, "weekly-visit", "2026-03-18", 20)]
    assert closed["late"] == running["corrections"]
    assert reckoned(running["score"]) == (2, 36, 25.56)
    assert reckoned(closed["score"]) == (0, 10, 0)


async def _the_sealed_quarter_is_what_it_was(township: Township, sealed: dict[str, Any]) -> None:
    assert await _sealed(township) == sealed


async def _all_scores_are_what_the_facts_say(stack: Stack) -> None:
    """What `make verify-scores` says."""
    code, said = await scoring_command(stack, "verify")

    assert (code, said.splitlines()[-1].startswith("一致：")) == (0, True), said


async def _sealed(township: Township) -> dict[str, Any]:
    """The cadre's passport of the sealed quarter and his score, without what may become known later.

    Those are the name of the generation it is shown from, and the entries that came too late.
    """
    score = await township.score("cadre", "cadre", "cadre", SEALED_QUARTER)
    passport = await township.passport("cadre", "cadre", "cadre", SEALED_QUARTER)
    assert passport["score"] == score
    shown = {name: value for name, value in score.items() if name != "generation"}
    return {**passport, "score": shown, "late": []}
