"""Who did what and when: kept with each record, shown to those who administer it, told to nobody else."""

import json
from typing import Any

import pytest

from shared.events.codec import encode
from shared.kernel.access import Role
from shared.kernel.ids import derived_id
from shared.testing.access import a_caller
from tests.unit.members.conftest import (
    BRANCH,
    COUNTY,
    ELSEWHERE,
    GENERAL_BRANCH,
    TOWNSHIP,
    World,
    a_change,
    a_disposal,
    a_member,
    a_posting,
)

ORGANISER, SECRETARY = a_caller(Role.ORGANISER, TOWNSHIP), a_caller(Role.SECRETARY, TOWNSHIP)
COUNTY_ORGANISER = a_caller(Role.COUNTY_ORGANISER, COUNTY)
NOON = "2023-11-20T04:00:00Z"
SPAN = {"id": derived_id("span"), "from_on": "2023-07-01", "to_on": "2023-09-30"}
TABLE = {"days_off": ["2023-10-02"], "working_days": []}


async def _trail(world: World, path: str, who: str = "organiser") -> Any:
    response = await world.call(who, "GET", path)
    assert response.status_code == 200, response.text
    return response.json()["trail"]


def _short(trail: list[dict[str, Any]]) -> list[tuple[int, str, str]]:
    return [(entry["revision"], entry["what"], entry["by_account"]) for entry in trail]


async def test_an_entry_says_who_and_when(world: World) -> None:
    await world.call("organiser", "POST", "/postings", a_posting())
    response = await world.call("organiser", "GET", f"/postings/{a_posting()['id']}")

    assert response.json()["trail"] == [
        {
            "revision": 1,
            "what": "started",
            "by_account": ORGANISER.account_id,
            "by_person": ORGANISER.person_id,
            "at": NOON,
        }
    ]


async def test_whose_account_belongs_to_nobody_is_named_by_the_account_alone(world: World) -> None:
    await world.call("desk", "POST", "/members", a_member())
    (entry,) = await _trail(world, f"/members/{a_member()['id']}")

    assert (entry["by_account"], entry["by_person"]) == ("account of a desk", None)


async def test_an_organisation_remembers_every_change_and_move(world: World) -> None:
    change = a_change(title="新支部", parent_id=GENERAL_BRANCH)
    await world.call("organiser", "PUT", f"/organisations/{BRANCH}", change, seen=1)
    await world.call("organiser", "PUT", f"/organisations/{BRANCH}", change, seen=2)
    move = a_change(title="总支", category=None, parent_id=ELSEWHERE)
    await world.call("county", "PUT", f"/organisations/{GENERAL_BRANCH}", move, seen=1)
    general = await _trail(world, f"/organisations/{GENERAL_BRANCH}", "county")
    branch = await _trail(world, f"/organisations/{BRANCH}", "county")

    assert _short(general) == [
        (1, "registered", ORGANISER.account_id),
        (2, "moved", COUNTY_ORGANISER.account_id),
    ]
    assert _short(branch) == [
        (1, "registered", ORGANISER.account_id),
        (2, "changed", ORGANISER.account_id),
        (3, "moved", COUNTY_ORGANISER.account_id),
    ]


async def test_a_township_remembers_its_go_live_day_and_spans(world: World) -> None:
    path = f"/townships/{TOWNSHIP}"
    await world.call("secretary", "PUT", f"{path}/go-live", {"go_live_on": "2023-12-04"})
    await world.call("organiser", "POST", f"{path}/history-spans", SPAN)
    await world.call("organiser", "POST", f"{path}/history-spans", SPAN)
    await world.call("county", "PUT", f"{path}/history-spans/{SPAN['id']}/closure", seen=2)

    assert _short(await _trail(world, path)) == [
        (1, "go_live_set", SECRETARY.account_id),
        (2, "span_declared", ORGANISER.account_id),
        (3, "span_closed", COUNTY_ORGANISER.account_id),
    ]


async def test_a_calendar_remembers_who_published_it(world: World) -> None:
    path = f"/organisations/{TOWNSHIP}/calendars/2023"
    await world.call("organiser", "PUT", path, TABLE)
    await world.call("organiser", "PUT", path, {**TABLE, "days_off": []}, seen=1)

    assert _short(await _trail(world, path, "secretary")) == [
        (1, "published", ORGANISER.account_id),
        (2, "published", ORGANISER.account_id),
    ]
    assert await _trail(world, path, "cadre") is None


async def test_a_calendar_of_the_county_alone_shows_no_trail_of_it_in_the_township(world: World) -> None:
    await world.call("county", "PUT", f"/organisations/{COUNTY}/calendars/2023", TABLE)

    assert await _trail(world, f"/organisations/{TOWNSHIP}/calendars/2023") == []


async def test_a_member_and_his_disposal_remember_who_recorded_it(world: World) -> None:
    await world.call("organiser", "POST", "/members", a_member())
    await world.call("secretary", "POST", "/disposals", a_disposal())
    member = await _trail(world, f"/members/{a_member()['id']}")
    disposal = await _trail(world, f"/disposals/{a_disposal()['id']}")

    assert _short(member) == [(1, "enrolled", ORGANISER.account_id), (2, "ended", SECRETARY.account_id)]
    assert _short(disposal) == [(1, "recorded", SECRETARY.account_id)]


async def test_a_posting_remembers_its_end(world: World) -> None:
    path = f"/postings/{a_posting()['id']}"
    await world.call("organiser", "POST", "/postings", a_posting())
    await world.call("secretary", "PUT", f"{path}/end", {"ends_on": "2023-11-30"}, seen=1)

    assert _short(await _trail(world, path)) == [
        (1, "started", ORGANISER.account_id),
        (2, "ended", SECRETARY.account_id),
    ]


@pytest.mark.parametrize(
    ("who", "shown"),
    [
        ("organiser", True),
        ("secretary", True),
        ("county", True),
        ("branch secretary", False),
        ("cadre", False),
        ("member", False),
        ("supervisor", False),
    ],
)
async def test_a_trail_is_shown_to_those_who_administer_the_record(world: World, who: str, *, shown: bool) -> None:
    await world.call("organiser", "POST", "/members", a_member())
    await world.call("organiser", "POST", "/postings", a_posting())
    paths = [f"/organisations/{BRANCH}", f"/members/{a_member()['id']}", f"/postings/{a_posting()['id']}"]
    answers = [await world.call(who, "GET", path) for path in paths]
    seen = [answer.json()["trail"] is not None for answer in answers if answer.is_success]

    assert set(seen) == {shown}


async def test_lists_and_the_tree_show_no_trail(world: World) -> None:
    await world.call("organiser", "POST", "/members", a_member())
    await world.call("organiser", "POST", "/postings", a_posting())
    pages = [(await world.call("organiser", "GET", f"/{each}")).json() for each in ("members", "postings")]
    (tree,) = (await world.call("organiser", "GET", "/organisations/tree")).json()

    assert ["trail" in page["items"][0] for page in pages] == [False, False]
    assert "trail" not in tree


async def test_no_fact_says_who_did_it(world: World) -> None:
    await world.call("organiser", "POST", "/members", a_member())
    await world.call("organiser", "POST", "/postings", a_posting())
    await world.call("secretary", "PUT", f"/townships/{TOWNSHIP}/go-live", {"go_live_on": "2023-12-04"})
    messages = [encode(fact) for fact in world.facts]
    told = json.dumps([str(message) for message in messages])

    for caller in (ORGANISER, SECRETARY, COUNTY_ORGANISER):
        assert caller.account_id not in told
        assert str(caller.person_id) not in told
