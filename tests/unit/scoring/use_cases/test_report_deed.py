"""A deed is put on record by the member himself, or by his branch and the desk for him; by nobody else."""

from datetime import date

import pytest

from shared.events import members
from shared.kernel.ids import derived_id
from tests.unit.scoring.facts import BRANCH, TOWNSHIP
from tests.unit.scoring.record_world import (
    HERE,
    MEMBER,
    STRANGER,
    THERE,
    UNLINKED,
    RecordWorld,
    a_deed,
    a_span,
    an_organisation,
)


@pytest.mark.parametrize("who", ["member", "branch secretary", "organiser", "secretary"])
async def test_a_deed_is_reported_by_the_member_or_for_him(recorded: RecordWorld, who: str) -> None:
    deed = await recorded.done(who, "POST", "/deeds", a_deed())

    assert (deed["state"], deed["entry"], deed["branch_id"], deed["note"]) == ("reported", "live", BRANCH, "清扫村道")
    [fact] = recorded.deeds.events
    assert fact.model_dump(mode="json") == {
        "deed_id": deed["id"],
        "member_id": MEMBER,
        "branch_id": BRANCH,
        "kind": "voluntary",
        "occurred_on": "2023-11-18",
        "entry": "live",
    }


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        ("neighbour", "403 deed.of_another"),
        ("county", "403 access.forbidden"),
        ("cadre", "403 access.forbidden"),
        ("stranger", "404 object.not_found"),
        ("other branch secretary", "404 object.not_found"),
        ("desk of nobody", "403 access.forbidden"),
    ],
)
async def test_nobody_else_reports_it(recorded: RecordWorld, who: str, answer: str) -> None:
    assert await recorded.refused(who, "POST", "/deeds", a_deed()) == answer
    assert recorded.deeds.facts == []


async def test_whose_account_is_not_known_is_reported_for_him(recorded: RecordWorld) -> None:
    form = a_deed(member_id=UNLINKED)

    assert await recorded.refused("member", "POST", "/deeds", form) == "403 deed.of_another"
    assert (await recorded.done("branch secretary", "POST", "/deeds", form))["member_id"] == UNLINKED


async def test_the_same_upload_again_gives_the_deed_that_is_there(recorded: RecordWorld) -> None:
    first = await recorded.done("member", "POST", "/deeds", a_deed())
    again = await recorded.done("branch secretary", "POST", "/deeds", a_deed())

    assert first == again
    assert len(recorded.deeds.facts) == 1
    assert await recorded.refused("member", "POST", "/deeds", a_deed(kind="helped")) == "409 object.already_there"


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({"member_id": derived_id("nobody")}, "422 member.unknown"),
        ({"done_on": "2023-11-21"}, "422 deed.in_the_future"),
        ({"done_on": "2020-06-30"}, "422 member.not_member_then"),
        ({"done_on": "2023-10-01"}, "422 township.not_live"),
    ],
)
async def test_what_cannot_be_is_refused(recorded: RecordWorld, changed: dict[str, str], answer: str) -> None:
    assert await recorded.refused("organiser", "POST", "/deeds", a_deed(**changed)) == answer


@pytest.mark.parametrize(("today", "entry"), [(date(2023, 12, 18), "live"), (date(2023, 12, 19), "late")])
async def test_a_deed_reported_after_thirty_days_is_late(recorded: RecordWorld, today: date, entry: str) -> None:
    recorded.clock.move_to(today)

    assert (await recorded.done("member", "POST", "/deeds", a_deed()))["entry"] == entry


async def test_past_days_are_entered_while_their_span_is_open(recorded: RecordWorld) -> None:
    await recorded.learn(a_span(members.HistorySpanDeclared), subject=TOWNSHIP, path=HERE, revision=2)
    deed = await recorded.done("member", "POST", "/deeds", a_deed(done_on="2023-08-01"))
    await recorded.learn(a_span(members.HistorySpanClosed), subject=TOWNSHIP, path=HERE, revision=3)
    later = a_deed(id=derived_id("later"), done_on="2023-08-02")

    assert deed["entry"] == "history"
    assert await recorded.refused("member", "POST", "/deeds", later) == "422 history_span.closed"


async def test_who_left_reports_what_he_did_as_a_member(recorded: RecordWorld) -> None:
    ended = members.MembershipEnded(member_id=MEMBER, branch_id=BRANCH, occurred_on=date(2023, 11, 18))
    await recorded.learn(ended, subject=MEMBER, path=f"{HERE}/{BRANCH}", revision=2)
    next_day = a_deed(id=derived_id("next day"), done_on="2023-11-19")

    assert (await recorded.done("organiser", "POST", "/deeds", a_deed()))["state"] == "reported"
    assert await recorded.refused("organiser", "POST", "/deeds", next_day) == "422 member.not_member_then"


async def test_a_branch_that_moves_takes_its_deeds_along(recorded: RecordWorld) -> None:
    await recorded.done("member", "POST", "/deeds", a_deed())
    await recorded.learn(an_organisation(BRANCH, "branch"), subject=BRANCH, path=f"{THERE}/{BRANCH}", revision=2)
    deed = f"/deeds/{a_deed()['id']}"

    assert await recorded.refused("organiser", "GET", deed) == "404 deed.unknown"
    assert (await recorded.done("stranger", "GET", deed))["member_id"] == MEMBER
    assert (await recorded.done("member", "GET", deed))["member_id"] == MEMBER


async def test_what_was_stored_while_the_branch_moved_follows_it(recorded: RecordWorld) -> None:
    member = await recorded.ports.directory.member(MEMBER)
    assert member is not None
    moved = f"{THERE}/{BRANCH}"

    def move() -> None:
        revision, organisation = recorded.ports.directory.known_organisations[BRANCH]  # type: ignore[attr-defined]
        path = type(organisation.path).parse(moved)
        stands = type(organisation)(organisation.id, path, organisation.kind, organisation.title, None)
        recorded.ports.directory.known_organisations[BRANCH] = (revision + 1, stands)  # type: ignore[attr-defined]

    recorded.deeds.on_save.append(move)
    await recorded.done("member", "POST", "/deeds", a_deed())

    assert str(recorded.deeds.things[a_deed()["id"]].path) == moved


async def test_far_members_are_another_townships(recorded: RecordWorld) -> None:
    form = a_deed(member_id=STRANGER)

    assert await recorded.refused("organiser", "POST", "/deeds", form) == "404 object.not_found"
    assert (await recorded.done("stranger", "POST", "/deeds", form))["member_id"] == STRANGER
