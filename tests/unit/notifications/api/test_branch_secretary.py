"""What a branch owes comes before its secretary first, and before the desk once it is overdue."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from shared.events.visits import ProblemRaised
from tests.unit.notifications.meetings import meeting
from tests.unit.notifications.world import BRANCH, FAR_BRANCH, World, branch, problem_fact

Call = Callable[..., Awaitable[Any]]


@pytest.fixture
async def world(world: World) -> World:
    await world.learn(branch(), branch(FAR_BRANCH))
    return world


async def inbox(call: Call, who: str) -> list[tuple[bool, str, str]]:
    response = await call(who, "GET", "/inbox")
    assert response.status_code == 200, response.text
    obligations = [item["obligation"] for item in response.json()["items"]]
    return [(each["own"], each["regulation_id"], each["state"]) for each in obligations if each["branch_id"] == BRANCH]


async def test_the_branch_secretary_is_told_when_the_month_begins_and_the_desk_when_it_is_overdue(
    world: World, call: Call
) -> None:
    await world.at("2023-12-01 00:02")
    before = [await inbox(call, who) for who in ("branch secretary", "organiser", "secretary", "cadre", "member")]
    await world.learn(meeting("2023-12-01", kind="theme_day"))
    await world.at("2024-01-01 00:02")
    after = [await inbox(call, who) for who in ("branch secretary", "organiser")]

    assert [sorted(entries) for entries in before] == [
        [(True, "committee", "open"), (True, "theme-day", "open")],
        *([[]] * 4),
    ]
    assert (True, "committee", "overdue") in after[0]
    assert (True, "theme-day", "satisfied") in after[0]
    assert after[1] == [(False, "committee", "overdue")]


async def test_the_branch_secretary_hears_of_his_own_branch_alone(world: World, call: Call) -> None:
    await world.at("2023-12-01 00:02")
    items = (await call("branch secretary", "GET", "/inbox")).json()["items"]

    assert {item["obligation"]["branch_id"] for item in items} == {BRANCH}
    assert {item["obligation"]["subject_kind"] for item in items} == {"branch"}


async def test_what_a_problem_or_a_cadre_owes_is_not_in_the_branch_secretarys_inbox(world: World, call: Call) -> None:
    await world.at("2023-11-20 12:00")
    await world.learn(problem_fact(ProblemRaised, date(2023, 11, 20), 1))
    listed = (await call("branch secretary", "GET", "/obligations")).json()["items"]

    assert await inbox(call, "branch secretary") == []
    assert [(item["own"], item["subject_kind"]) for item in listed] == [(False, "problem")]


async def test_an_entry_says_which_month_or_quarter_is_meant(world: World, call: Call) -> None:
    await world.at("2024-01-01 00:02")
    listed = (await call("branch secretary", "GET", "/obligations?limit=200")).json()["items"]
    texts = {(item["regulation_id"], item["period"]): item["text"] for item in listed}

    assert texts["committee", "2024-01"] == "2024年1月应召开支部委员会会议 1 次，请于 1月31日 前完成并登记"
    assert texts["lecture", "2024-Q1"] == "2024年第一季度应上党课 1 次，请于 3月31日 前完成并登记"
    assert texts["committee", "2023-12"].startswith("2023年12月未登记支部委员会会议，已超期")


async def test_a_missed_one_says_in_which_month_or_quarter_to_make_up_for_it(world: World, call: Call) -> None:
    await world.at("2024-04-01 00:02")
    listed = (await call("branch secretary", "GET", "/obligations?limit=200")).json()["items"]
    texts = {(item["regulation_id"], item["period"]): item["text"] for item in listed}

    assert "在2024年1月另补 1 次（与该期应办的不同日）的记为超期办结" in texts["committee", "2023-12"]
    assert texts["committee", "2024-03"].endswith("否则请在2024年4月另补 1 次（与该期应办的不同日）")
    assert texts["lecture", "2024-Q1"].endswith("否则请在2024年第二季度另补 1 次（与该期应办的不同日）")


async def test_reading_is_remembered_and_counted(world: World, call: Call) -> None:
    await world.at("2023-12-01 00:02")
    page = (await call("branch secretary", "GET", "/inbox")).json()
    assert page["unread"] == 2
    entry = page["items"][0]["obligation"]
    response = await call("branch secretary", "PUT", f"/inbox/{entry['id']}/read", seen=entry["revision"])

    assert response.status_code == 204
    assert (await call("branch secretary", "GET", "/inbox")).json()["unread"] == 1
    assert (await call("organiser", "PUT", f"/inbox/{entry['id']}/read", seen=1)).status_code == 404


async def test_pages_go_on_from_part_to_part_and_nothing_stands_twice(world: World, call: Call) -> None:
    await world.at("2024-02-10 12:00")
    for who in ("branch secretary", "organiser who leads the branch", "cadre's own organiser"):
        for path in ("/inbox", "/obligations"):
            page = (await call(who, "GET", f"{path}?limit=3")).json()
            items = page["items"]
            while page["next"] is not None:
                page = (await call(who, "GET", f"{path}?limit=3&cursor={page['next']}")).json()
                items += page["items"]
            seen = [item.get("obligation", item)["id"] for item in items]
            whole = (await call(who, "GET", f"{path}?limit=200")).json()["items"]

            assert len(whole) > 3
            assert seen == [item.get("obligation", item)["id"] for item in whole]
            assert len(set(seen)) == len(seen)


async def test_nobody_lets_his_own_branch_off(world: World, call: Call) -> None:
    await world.at("2024-01-01 00:02")
    owed = world.met("2023-12")
    assert owed is not None
    path = f"/obligations/{owed.id}/waiver"

    refused = await call("organiser who leads the branch", "PUT", path, {"reason": "other"}, seen=owed.revision)
    assert (refused.status_code, refused.json()["code"]) == (403, "obligation.own_decision")
    assert (await call("branch secretary", "PUT", path, {"reason": "other"}, seen=owed.revision)).status_code == 403
    decided = await call("organiser", "PUT", path, {"reason": "other"}, seen=owed.revision)
    assert (decided.status_code, decided.json()["obligation"]["state"]) == (200, "waived")
    seen_by = (await call("branch secretary", "GET", f"/obligations/{owed.id}")).json()
    assert seen_by["waiver"]["decision"] == "other"
