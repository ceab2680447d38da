"""The message centre: one entry an obligation, one's own first, changed in place, read marks, never history."""

from datetime import date
from typing import Any

import pytest

from shared.events.members import OrganisationRegistered
from shared.kernel.ids import derived_id
from tests.unit.notifications.api.conftest import Call
from tests.unit.notifications.world import COLLEAGUE, TOWNSHIP, TOWNSHIP_PATH, World, local, posting, visit


async def inbox(call: Call, who: str) -> Any:
    response = await call(who, "GET", "/inbox")
    assert response.status_code == 200, response.text
    return response.json()


async def test_an_obligation_has_one_entry_that_changes_in_place(world: World, call: Call) -> None:
    seen = []
    for moment in ("2023-11-20 08:00", "2023-11-23 09:02", "2023-11-26 23:00"):
        await world.at(moment)
        page = await inbox(call, "cadre")
        seen.append([entry["obligation"]["state_text"] for entry in page["items"]])
    await world.learn(visit("2023-11-26 22:00"))
    page = await inbox(call, "cadre")
    seen.append([entry["obligation"]["state_text"] for entry in page["items"]])

    assert seen == [["待办"], ["临期"], ["临期"], ["办结"]]


async def test_an_entry_says_in_chinese_what_to_do_until_when_and_names_nobody(world: World, call: Call) -> None:
    registered = OrganisationRegistered(
        organisation_id=TOWNSHIP, kind="township", title="演示镇党委", occurred_on=date(2023, 1, 1)
    )
    await world.learn((registered, {"subject": TOWNSHIP, "path": TOWNSHIP_PATH}))
    await world.at("2023-11-20 08:00")
    [entry] = (await inbox(call, "cadre"))["items"]

    obligation = entry["obligation"]
    assert obligation["text"] == "2023年11月20日至11月26日当周应走访 1 次，请于 11月26日 前完成并登记"
    assert (obligation["title"], obligation["organisation_title"]) == ("每周调研走访", "演示镇党委")
    assert (obligation["own"], obligation["due_on"], entry["read"]) == (True, "2023-11-26", False)


async def test_the_organiser_is_told_of_what_is_overdue_in_his_township(world: World, call: Call) -> None:
    await world.at("2023-11-26 12:00")
    before = [await inbox(call, who) for who in ("organiser", "secretary")]
    await world.at("2023-11-27 00:02")
    after = [await inbox(call, who) for who in ("organiser", "secretary", "stranger", "county", "member", "colleague")]

    assert [len(page["items"]) for page in before] == [0, 0]
    assert [len(page["items"]) for page in after] == [1, 1, 0, 0, 0, 0]
    assert after[0]["items"][0]["obligation"]["own"] is False


async def test_an_entry_the_desk_was_given_stays_and_changes_in_place(world: World, call: Call) -> None:
    await world.at("2023-11-27 00:02")
    [entry] = (await inbox(call, "organiser"))["items"]
    path = f"/inbox/{entry['obligation']['id']}/read"
    await call("organiser", "PUT", path, seen=entry["obligation"]["revision"])
    await world.learn(visit("2023-11-26 22:00", entry="late"))
    page = await inbox(call, "organiser")

    assert [entry["obligation"]["state_text"] for entry in page["items"]] == ["办结"]
    assert (page["unread"], page["items"][0]["read"]) == (1, False)


async def test_what_the_desk_lets_be_stays_in_its_inbox(world: World, call: Call) -> None:
    await world.at("2023-12-05 12:00")
    week = world.owed("2023-W47")
    await call("organiser", "PUT", f"/obligations/{week.id}/waiver", {"reason": "leave"}, seen=week.revision)
    items = (await inbox(call, "secretary"))["items"]

    assert [entry["obligation"]["state_text"] for entry in items] == ["超期", "免办"]


async def test_what_was_never_late_is_not_the_desks_to_read(world: World, call: Call) -> None:
    await world.at("2023-11-22 12:00")
    await world.learn(visit("2023-11-21 10:00"))
    path = f"/inbox/{world.owed('2023-W47').id}/read"

    assert (await inbox(call, "organiser")) == {"items": [], "next": None, "unread": 0}
    assert (await call("organiser", "PUT", path, seen=2)).status_code == 404
    assert (await call("cadre", "PUT", path, seen=2)).status_code == 204


async def test_ones_own_entries_come_first(world: World, call: Call) -> None:
    await world.learn(posting(COLLEAGUE))
    await world.at("2023-12-05 12:00")
    page = await inbox(call, "cadre's own organiser")

    assert [entry["obligation"]["own"] for entry in page["items"]] == [True, True, True, False, False]


async def test_what_was_read_is_unread_again_when_it_changes(world: World, call: Call) -> None:
    await world.at("2023-11-20 08:00")
    page = await inbox(call, "cadre")
    [entry] = page["items"]
    path = f"/inbox/{entry['obligation']['id']}/read"
    assert page["unread"] == 1
    response = await call("cadre", "PUT", path, seen=entry["obligation"]["revision"])
    assert response.status_code == 204
    page = await inbox(call, "cadre")
    assert (page["unread"], page["items"][0]["read"]) == (0, True)
    await world.at("2023-11-23 12:00")
    page = await inbox(call, "cadre")

    assert (page["unread"], page["items"][0]["read"]) == (1, False)


async def test_an_older_revision_read_leaves_the_newer_unread(world: World, call: Call) -> None:
    await world.at("2023-11-23 12:00")
    [entry] = (await inbox(call, "cadre"))["items"]
    await call("cadre", "PUT", f"/inbox/{entry['obligation']['id']}/read", seen=1)

    assert (await inbox(call, "cadre"))["unread"] == 1


async def test_the_organisers_reading_is_not_the_cadres(world: World, call: Call) -> None:
    await world.at("2023-11-27 00:02")
    [entry] = (await inbox(call, "organiser"))["items"]
    await call("organiser", "PUT", f"/inbox/{entry['obligation']['id']}/read", seen=99)

    assert [(await inbox(call, who))["unread"] for who in ("organiser", "cadre")] == [0, 2]


@pytest.mark.parametrize(
    ("who", "status"),
    [("stranger", 404), ("colleague", 403), ("county", 403), ("member", 404), ("administrator", 403)],
)
async def test_nobody_reads_in_anothers_inbox(world: World, call: Call, who: str, status: int) -> None:
    await world.at("2023-11-27 00:02")
    path = f"/inbox/{world.owed('2023-W47').id}/read"

    assert (await call(who, "PUT", path, seen=1)).status_code == status


async def test_history_has_no_entries_but_can_be_read(world: World, call: Call) -> None:
    await world.learn(posting(COLLEAGUE, starts_on=date(2023, 1, 2)))
    await world.span(date(2023, 10, 2), date(2023, 10, 15), closed=True)
    await world.at("2023-11-19 18:02")

    assert (await inbox(call, "colleague"))["items"] == []
    assert (await inbox(call, "organiser"))["items"] == []
    listed = (await call("colleague", "GET", "/obligations")).json()["items"]
    assert [(item["period"], item["state"], item["entry"]) for item in listed] == [
        ("2023-W41", "missed", "history"),
        ("2023-W40", "missed", "history"),
    ]
    path = f"/inbox/{listed[0]['id']}/read"
    assert (await call("colleague", "PUT", path, seen=1)).status_code == 404


async def test_an_unread_mark_needs_the_revision_that_was_seen(world: World, call: Call) -> None:
    await world.at("2023-11-20 08:00")
    response = await call("cadre", "PUT", f"/inbox/{world.owed('2023-W47').id}/read")

    assert (response.status_code, response.json()["field"]) == (428, "If-Match")


async def test_what_was_done_before_it_was_due_makes_no_entry(world: World, call: Call) -> None:
    world.clock.set(local("2023-11-20 00:01"))
    await world.learn(visit("2023-11-20 00:00"))
    await world.at("2023-11-20 00:02")

    assert (await inbox(call, "cadre")) == {"items": [], "next": None, "unread": 0}


async def test_an_unknown_entry_is_not_found(call: Call) -> None:
    assert (await call("cadre", "PUT", f"/inbox/{derived_id('nothing')}/read", seen=1)).status_code == 404
