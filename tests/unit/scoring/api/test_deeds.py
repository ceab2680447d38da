"""Who reads which deeds: one's own first, one's scope, and what is on notice in one's branch without its words."""

from typing import Any

import pytest

from shared.kernel.ids import derived_id
from tests.unit.scoring.record_world import MEMBER, NEIGHBOUR, STRANGER, RecordWorld, a_deed

ID = str(a_deed()["id"])
DEED = f"/deeds/{ID}"


async def listed(recorded: RecordWorld, who: str, query: str = "") -> list[Any]:
    items: list[Any] = (await recorded.done(who, "GET", f"/deeds{query}"))["items"]
    return items


async def several(recorded: RecordWorld) -> None:
    """One of the member's on notice, one of his reported, one of the neighbour's on notice, one far away."""
    await recorded.done("member", "POST", "/deeds", a_deed())
    await recorded.done("branch secretary", "PUT", f"{DEED}/confirmation", seen=1)
    await recorded.done("member", "POST", "/deeds", a_deed(id=derived_id("second"), done_on="2023-11-10"))
    other = a_deed(id=derived_id("neighbours"), member_id=NEIGHBOUR, done_on="2023-11-19")
    await recorded.done("neighbour", "POST", "/deeds", other)
    await recorded.done("branch secretary", "PUT", f"/deeds/{other['id']}/confirmation", seen=1)
    await recorded.done("stranger", "POST", "/deeds", a_deed(id=derived_id("far"), member_id=STRANGER))


async def test_ones_own_are_first_and_the_latest_is_first(recorded: RecordWorld) -> None:
    await several(recorded)
    own = [ID, derived_id("second")]

    assert [each["id"] for each in await listed(recorded, "member")] == own
    assert [each["id"] for each in await listed(recorded, "member who is secretary")] == [
        *own,
        derived_id("neighbours"),
    ]
    assert [each["id"] for each in await listed(recorded, "member who is secretary", "?mine=true")] == own


@pytest.mark.parametrize("who", ["branch secretary", "organiser", "secretary", "county"])
async def test_overseers_read_their_scope_whole(recorded: RecordWorld, who: str) -> None:
    await several(recorded)
    found = await listed(recorded, who)

    assert len(found) == (4 if who == "county" else 3)
    assert {each["note"] for each in found} == {"清扫村道"}


async def test_pages_go_on_where_the_last_ended(recorded: RecordWorld) -> None:
    await several(recorded)
    whole = [each["id"] for each in await listed(recorded, "member who is secretary")]
    seen, cursor = [], ""
    for _ in whole:
        page = await recorded.done("member who is secretary", "GET", f"/deeds?limit=1{cursor}")
        seen += [each["id"] for each in page["items"]]
        cursor = f"&cursor={page.get('next')}"

    assert whole == seen
    assert page.get("next") is None


async def test_the_branch_reads_what_is_on_notice_without_its_words(recorded: RecordWorld) -> None:
    await several(recorded)
    found = await listed(recorded, "neighbour", "?state=confirmed")
    own, anothers = found

    assert (own["member_id"], own["note"]) == (NEIGHBOUR, "清扫村道")
    assert (anothers["member_id"], anothers["kind"], anothers["done_on"]) == (MEMBER, "voluntary", "2023-11-18")
    assert (anothers["note"], anothers["reason"]) == (None, None)
    alone = await recorded.done("neighbour", "GET", DEED)
    assert (alone["note"], alone["trail"]) == (None, None)


async def test_what_is_not_on_notice_is_nobodys_business_in_the_branch(recorded: RecordWorld) -> None:
    await several(recorded)

    assert [each["member_id"] for each in await listed(recorded, "neighbour", "?state=reported")] == []
    assert await recorded.refused("neighbour", "GET", f"/deeds/{derived_id('second')}") == "403 access.forbidden"
    assert await recorded.refused("far member", "GET", DEED) == "404 deed.unknown"
    assert [each["member_id"] for each in await listed(recorded, "far member", "?state=confirmed")] == []


@pytest.mark.parametrize(
    ("query", "names"),
    [
        (f"?member_id={NEIGHBOUR}", ["neighbours"]),
        ("?state=reported", ["second"]),
        ("?period=2023-W46", ["neighbours", ID]),
        ("?period=2023-11", ["neighbours", ID, "second"]),
        (f"?branch_id={derived_id('nowhere')}", []),
    ],
)
async def test_filters_leave_what_was_asked_for(recorded: RecordWorld, query: str, names: list[str]) -> None:
    await several(recorded)

    wanted = [name if name == ID else derived_id(name) for name in names]
    assert [each["id"] for each in await listed(recorded, "organiser", query)] == wanted


async def test_a_period_nobody_could_name_is_refused(recorded: RecordWorld) -> None:
    assert await recorded.refused("organiser", "GET", "/deeds?period=last") == "422 period.unclear"


async def test_whom_it_is_about_and_who_oversees_it_follow_its_trail(recorded: RecordWorld) -> None:
    await several(recorded)
    for who in ("member", "organiser"):
        deed = await recorded.done(who, "GET", DEED)

        assert [entry["what"] for entry in deed["trail"]] == ["reported", "confirmed"]
