"""Lists, single meetings and the roll: who sees people, who sees figures, and how pages go on."""

from typing import Any

import pytest

from shared.kernel.ids import derived_id
from tests.unit.duties.conftest import (
    BARE_BRANCH,
    BRANCH,
    EXEMPT,
    FAR_BRANCH,
    FULL,
    HELD_ON,
    LEAVER,
    NEWCOMER,
    PROBATIONARY,
    STRANGER,
    World,
    a_committee_meeting,
    a_meeting,
)

MEETING = f"/meetings/{a_meeting()['id']}"
ROLL = f"/branches/{BRANCH}/roll"


async def _several(world: World) -> None:
    forms: tuple[dict[str, Any], ...] = (
        a_meeting(id=derived_id("1"), held_on="2023-11-13"),
        a_meeting(id=derived_id("2"), held_on="2023-11-20", kind="lecture"),
        a_committee_meeting(id=derived_id("3")),
        a_meeting(id=derived_id("4"), branch_id=FAR_BRANCH, absent=[], excused=[]),
        a_meeting(id=derived_id("5"), held_on="2023-10-16", excused=[]),
    )
    for form in forms:
        who = "stranger" if form["branch_id"] == FAR_BRANCH else "organiser"
        assert (await world.call(who, "POST", "/meetings", form)).status_code == 201


async def _listed(world: World, who: str, query: str = "") -> list[str]:
    names = {derived_id(str(number)): str(number) for number in range(1, 6)}
    response = await world.call(who, "GET", f"/meetings{query}")
    return [names[item["id"]] for item in response.json()["items"]]


async def test_a_list_holds_the_scopes_meetings_the_latest_first(world: World) -> None:
    await _several(world)
    on_the_20th = sorted(("2", "3"), key=derived_id)

    assert await _listed(world, "branch secretary") == [*on_the_20th, "1", "5"]
    assert set(await _listed(world, "county")) == {"1", "2", "3", "4", "5"}
    assert await _listed(world, "stranger") == ["4"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?kind=lecture", ["2"]),
        (f"?branch_id={FAR_BRANCH}", []),
        ("?from_on=2023-11-01&to_on=2023-11-19", ["1"]),
        ("?to_on=2023-10-16", ["5"]),
        (f"?branch_id={BRANCH}&kind=theme_day", ["1", "5"]),
    ],
)
async def test_filters_leave_what_is_asked_for(world: World, query: str, found: list[str]) -> None:
    await _several(world)

    assert await _listed(world, "organiser", query) == found


async def test_pages_go_on_where_the_last_one_ended(world: World) -> None:
    await _several(world)
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await world.call("county", "GET", f"/meetings?limit=2{cursor}")).json()
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"

    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize("who", ["branch secretary", "organiser", "secretary"])
async def test_the_branch_and_the_desk_see_who_came(world: World, who: str) -> None:
    await world.call("organiser", "POST", "/meetings", a_meeting())
    told = (await world.call(who, "GET", MEETING)).json()

    assert (told["people"]["absent"], told["people"]["excused"]) == ([FULL[0]], [FULL[1]])
    assert (told["note"], len(told["trail"])) == ("学习条例", 1)


@pytest.mark.parametrize("who", ["county", "supervisor"])
async def test_the_county_and_the_supervisor_see_figures_alone(world: World, who: str) -> None:
    await world.call("organiser", "POST", "/meetings", a_meeting())
    response = await world.call(who, "GET", MEETING)
    told = response.json()

    assert (told["expected"], told["absent"], told["quorate"]) == (8, 1, True)
    assert (told["people"], told["note"], told["trail"]) == (None, None, None)
    assert [member for member in FULL if member in response.text] == []


async def test_nobody_else_sees_that_a_branch_met(world: World) -> None:
    await world.call("organiser", "POST", "/meetings", a_meeting())
    answers = {who: (await world.call(who, "GET", MEETING)).status_code for who in ("cadre", "member", "stranger")}

    assert answers == {"cadre": 403, "member": 403, "stranger": 404}


async def test_the_roll_tells_who_is_expected_who_is_exempt_and_how_many_are_needed(world: World) -> None:
    told = (await world.call("branch secretary", "GET", ROLL)).json()

    assert (told["held_on"], told["kind"]) == (HELD_ON, "general_meeting")
    assert told["expected"] == sorted([*FULL, PROBATIONARY, NEWCOMER])
    assert (told["exempt"], told["quorum_needed"]) == ([EXEMPT], 4)


async def test_the_roll_of_another_day_is_another(world: World) -> None:
    told = (await world.call("branch secretary", "GET", f"{ROLL}?kind=theme_day&held_on=2023-10-20")).json()

    assert told["expected"] == sorted([*FULL, PROBATIONARY, EXEMPT, LEAVER])
    assert (told["exempt"], told["quorum_needed"]) == ([], 5)


async def test_of_a_committee_the_roll_tells_only_among_whom_to_choose(world: World) -> None:
    told = (await world.call("branch secretary", "GET", f"{ROLL}?kind=committee")).json()
    nowhere = await world.call("organiser", "GET", f"/branches/{BARE_BRANCH}/roll?kind=committee")

    assert (len(told["expected"]), told["quorum_needed"]) == (8, None)
    assert STRANGER not in told["expected"]
    assert (nowhere.status_code, nowhere.json()["code"]) == (422, "meeting.no_committee")


@pytest.mark.parametrize(
    ("who", "branch", "status"),
    [("branch secretary", FAR_BRANCH, 404), ("organiser", derived_id("unheard of"), 422), ("member", BRANCH, 403)],
)
async def test_nobody_reads_the_roll_of_another_branch(world: World, who: str, branch: str, status: int) -> None:
    assert (await world.call(who, "GET", f"/branches/{branch}/roll")).status_code == status
