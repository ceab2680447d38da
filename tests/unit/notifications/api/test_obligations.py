"""Obligations over HTTP: lists scoped to the reader, one with its history, the decision that it need not be done."""

from datetime import date

import pytest

from shared.events.visits import ProblemRaised
from shared.web.pages import cursor_of
from tests.unit.notifications.api.conftest import Call
from tests.unit.notifications.world import BRANCH, COLLEAGUE, TOWNSHIP, World, local, posting, problem_fact, visit


async def listed(call: Call, who: str, query: str = "") -> list[str]:
    response = await call(who, "GET", f"/obligations{query}")
    assert response.status_code == 200, response.text
    return [f"{item['regulation_id']} {item['period']} {item['state']}" for item in response.json()["items"]]


async def a_problem(world: World) -> None:
    world.clock.set(local("2023-11-20 12:00"))
    await world.learn(problem_fact(ProblemRaised, date(2023, 11, 20), 1))


async def test_a_cadre_sees_his_own_the_last_due_first(world: World, call: Call) -> None:
    await world.learn(posting(COLLEAGUE))
    await a_problem(world)
    await world.at("2023-11-28 12:00")

    assert await listed(call, "cadre") == [
        "weekly-visit 2023-W48 open",
        "weekly-visit 2023-W47 overdue",
        "problem-deadline 2023-11-20 overdue",
    ]


@pytest.mark.parametrize(
    ("who", "count"),
    [("organiser", 3), ("secretary", 3), ("county", 3), ("branch secretary", 1), ("stranger", 0), ("colleague", 0)],
)
async def test_who_oversees_a_scope_sees_what_is_owed_in_it(world: World, call: Call, who: str, count: int) -> None:
    await a_problem(world)
    await world.at("2023-11-28 12:00")

    assert len(await listed(call, who)) == count


@pytest.mark.parametrize("who", ["member", "administrator"])
async def test_whoever_has_no_business_with_obligations_is_refused(call: Call, who: str) -> None:
    assert (await call(who, "GET", "/obligations")).status_code == 403


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?state=overdue", ["weekly-visit 2023-W47 overdue", "problem-deadline 2023-11-20 overdue"]),
        ("?state=open,warned", ["weekly-visit 2023-W48 open"]),
        ("?regulation=problem-deadline", ["problem-deadline 2023-11-20 overdue"]),
        (f"?organisation={BRANCH}", ["problem-deadline 2023-11-20 overdue"]),
        (f"?organisation={TOWNSHIP}&state=open", ["weekly-visit 2023-W48 open"]),
    ],
)
async def test_lists_are_narrowed_down(world: World, call: Call, query: str, expected: list[str]) -> None:
    await a_problem(world)
    await world.at("2023-11-28 12:00")

    assert await listed(call, "organiser", query) == expected


async def test_a_state_there_is_not_is_named(call: Call) -> None:
    response = await call("cadre", "GET", "/obligations?state=done")

    assert (response.status_code, response.json()["field"]) == (422, "state")
    assert "overdue" in response.json()["detail"]


@pytest.mark.parametrize("cursor", [("x!",), ("a",), ("a", "2023-11-26", "c"), ("own", "tomorrow", "c")])
async def test_a_cursor_nobody_handed_out_is_refused(call: Call, cursor: tuple[str, ...]) -> None:
    response = await call("cadre", "GET", f"/obligations?cursor={cursor_of(cursor)}")

    assert (response.status_code, response.json()["field"]) == (422, "cursor")


async def test_pages_go_from_ones_own_into_the_scope_without_gap_or_repetition(world: World, call: Call) -> None:
    await world.learn(posting(COLLEAGUE))
    await world.at("2023-12-12 12:00")
    whole = (await call("cadre's own organiser", "GET", "/obligations")).json()["items"]
    seen, cursor = [], ""
    while True:
        page = (await call("cadre's own organiser", "GET", f"/obligations?limit=3{cursor}")).json()
        seen += page["items"]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"

    assert seen == whole
    assert [item["own"] for item in whole] == [True] * 4 + [False] * 4


async def test_an_obligation_shows_its_history_and_what_comes_next(world: World, call: Call) -> None:
    await world.at("2023-11-27 12:00")
    await world.learn(visit("2023-11-26 12:00"))
    response = await call("organiser", "GET", f"/obligations/{world.owed('2023-W47').id}")
    detail = response.json()

    assert response.headers["etag"] == f'"{detail["obligation"]["revision"]}"'
    assert [(line["what"], line["taken_back_in"]) for line in detail["history"]] == [
        ("opened", None),
        ("warned", None),
        ("warned", None),
        ("overdue", 5),
        ("satisfied", None),
    ]
    assert (detail["source"], detail["missed_on"], detail["next_step"]) == ("周调研走访1次", "2023-12-04", None)


@pytest.mark.parametrize(
    ("who", "status"), [("stranger", 404), ("branch secretary", 404), ("colleague", 403), ("member", 403)]
)
async def test_an_obligation_out_of_scope_is_not_found_and_inside_it_refused(
    world: World, call: Call, who: str, status: int
) -> None:
    await world.at("2023-11-27 12:00")

    assert (await call(who, "GET", f"/obligations/{world.owed('2023-W47').id}")).status_code == status


async def test_the_organiser_decides_that_a_missed_week_need_not_be_done(world: World, call: Call) -> None:
    await world.at("2023-12-05 12:00")
    week = world.owed("2023-W47")
    path = f"/obligations/{week.id}/waiver"
    response = await call("organiser", "PUT", path, {"reason": "illness"}, seen=week.revision)
    again = await call("organiser", "PUT", path, {"reason": "illness"}, seen=week.revision)

    assert (response.status_code, again.status_code) == (200, 200)
    detail = response.json()
    assert (detail["obligation"]["state_text"], detail["waiver"]["decision"]) == ("免办", "illness")
    assert detail == again.json()
    assert world.last.event.reason == "decision"
    assert {correction.type.split(".")[-2] for correction in world.last.event.corrects} == {
        "opened",
        "overdue",
        "missed",
    }


@pytest.mark.parametrize(
    ("who", "decision"),
    [("organiser", "illness"), ("secretary", "illness"), ("cadre", "illness"), ("county", None)],
)
async def test_why_somebody_need_not_do_it_is_for_the_desk_and_himself(
    world: World, call: Call, who: str, decision: str | None
) -> None:
    await world.at("2023-12-05 12:00")
    week = world.owed("2023-W47")
    await call("organiser", "PUT", f"/obligations/{week.id}/waiver", {"reason": "illness"}, seen=week.revision)
    detail = (await call(who, "GET", f"/obligations/{week.id}")).json()

    assert detail["obligation"]["state_text"] == "免办"
    assert (detail["waiver"]["reason"], detail["waiver"]["decision"]) == ("decision", decision)


async def test_the_branch_secretary_is_not_told_why_either(world: World, call: Call) -> None:
    await a_problem(world)
    [problem] = world.obligations.things.values()
    await call("organiser", "PUT", f"/obligations/{problem.id}/waiver", {"reason": "illness"}, seen=problem.revision)
    response = await call("branch secretary", "GET", f"/obligations/{problem.id}")

    assert response.json()["waiver"]["decision"] is None
    assert "illness" not in response.text


async def test_nobody_decides_about_his_own_and_is_told_who_may(world: World, call: Call) -> None:
    await world.at("2023-11-22 12:00")
    path = f"/obligations/{world.owed('2023-W47').id}/waiver"
    response = await call("cadre's own organiser", "PUT", path, {"reason": "leave"}, seen=1)

    assert (response.status_code, response.json()["code"]) == (403, "obligation.own_decision")


@pytest.mark.parametrize(
    ("who", "status"),
    [("cadre", 403), ("county", 403), ("stranger", 404), ("cadre's own organiser", 403), ("secretary", 200)],
)
async def test_who_may_decide_that(world: World, call: Call, who: str, status: int) -> None:
    await world.at("2023-11-22 12:00")
    path = f"/obligations/{world.owed('2023-W47').id}/waiver"

    assert (await call(who, "PUT", path, {"reason": "leave"}, seen=1)).status_code == status


@pytest.mark.parametrize(
    ("body", "seen", "status"),
    [
        ({"reason": "leave"}, 7, 412),
        ({"reason": "leave"}, None, 428),
        ({"reason": "tired"}, 1, 422),
        ({"reason": "leave", "why": "a story"}, 1, 422),
    ],
)
async def test_a_decision_is_checked(
    world: World, call: Call, body: dict[str, str], seen: int | None, status: int
) -> None:
    await world.at("2023-11-22 12:00")
    response = await call("organiser", "PUT", f"/obligations/{world.owed('2023-W47').id}/waiver", body, seen=seen)

    assert response.status_code == status


async def test_what_is_done_needs_no_decision(world: World, call: Call) -> None:
    await world.at("2023-11-22 12:00")
    await world.learn(visit("2023-11-21 10:00"))
    response = await call(
        "organiser", "PUT", f"/obligations/{world.owed('2023-W47').id}/waiver", {"reason": "leave"}, seen=2
    )

    assert (response.status_code, response.json()["code"]) == (409, "obligation.nothing_to_waive")


async def test_a_decision_stands_once(world: World, call: Call) -> None:
    await world.at("2023-11-22 12:00")
    path = f"/obligations/{world.owed('2023-W47').id}/waiver"
    await call("organiser", "PUT", path, {"reason": "leave"}, seen=1)
    response = await call("secretary", "PUT", path, {"reason": "illness"}, seen=2)

    assert (response.status_code, response.json()["code"]) == (409, "obligation.already_waived")
    assert "2023-11-22" in response.json()["detail"]


async def test_a_waived_week_stays_waived_whatever_is_learnt_after(world: World, call: Call) -> None:
    await world.at("2023-11-22 12:00")
    await call("organiser", "PUT", f"/obligations/{world.owed('2023-W47').id}/waiver", {"reason": "leave"}, seen=1)
    await world.learn(visit("2023-11-22 11:00"))
    await world.at("2023-12-12 12:00")

    assert world.owed("2023-W47").state == "waived"


async def test_the_regulations_are_there_to_be_read(call: Call) -> None:
    regulations = (await call("member", "GET", "/regulations")).json()

    assert [(found["id"], found["version"], found["source"]) for found in regulations] == [
        ("committee", "2023.1", "中国共产党支部工作条例（试行）第十二条"),
        ("general-meeting", "2023.1", "中国共产党支部工作条例（试行）第十一条"),
        ("group", "2023.1", "中国共产党支部工作条例（试行）第十三条"),
        ("lecture", "2023.1", "中国共产党支部工作条例（试行）第十六条"),
        ("problem-deadline", "2023.1", "“四有”民情服务处理机制"),
        ("theme-day", "2023.1", "中国共产党支部工作条例（试行）第十六条"),
        ("weekly-visit", "2023.1", "周调研走访1次"),
    ]
    assert regulations[0]["content"]["warn"][0] == {"step": "mid-period", "on_day": 16, "at": "09:00:00"}
    assert regulations[-1]["content"]["warn"][0] == {"weekday": "thursday", "at": "09:00:00", "step": "thursday"}
