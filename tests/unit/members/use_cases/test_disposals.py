"""Disposals: restricted, recorded once, read on the record."""

import json
import logging

import pytest
from prometheus_client import generate_latest

from shared.events.base import Fact
from shared.events.catalogue import topic_of
from shared.events.codec import encode
from shared.kernel.ids import derived_id
from tests.unit.members.conftest import COUNTY, TOWNSHIP, World, a_disposal, a_member, a_posting

_CASE = f"/disposals/{a_disposal()['id']}"


async def _disposed(world: World, **changed: object) -> None:
    await world.call("organiser", "POST", "/members", a_member())
    response = await world.call("secretary", "POST", "/disposals", a_disposal(**changed))
    assert response.status_code == 201, response.text


def _topics(facts: list[Fact]) -> list[tuple[str, str]]:  # type: ignore[type-arg]
    return [(type(fact.event).__name__, topic_of(fact.event)) for fact in facts]


async def test_an_expulsion_ends_the_membership_and_says_why_on_the_restricted_topic_alone(world: World) -> None:
    await _disposed(world)
    member = await world.call("organiser", "GET", f"/members/{a_member()['id']}")

    assert member.json()["ended_on"] == "2023-11-01"
    assert _topics(world.disposals.facts) == [("MemberDisposed", "members.restricted")]
    assert _topics(world.members.facts)[1:] == [("MembershipEnded", "members.events")]
    (fact,) = world.disposals.facts
    assert (str(fact.path), fact.key) == (f"{COUNTY}/{TOWNSHIP}", TOWNSHIP)


async def test_who_is_to_mend_his_ways_stays_a_member(world: World) -> None:
    await _disposed(world, measure="rectify")

    assert len(world.members.facts) == 1


async def test_the_same_disposal_again_is_one(world: World) -> None:
    await _disposed(world)
    again = await world.call("secretary", "POST", "/disposals", a_disposal())
    other = await world.call("secretary", "POST", "/disposals", a_disposal(measure="dissuaded"))
    second = await world.call("secretary", "POST", "/disposals", a_disposal(id=derived_id("second case")))

    assert [again.status_code, other.status_code, second.status_code] == [201, 409, 409]
    assert second.json()["code"] == "member.ended"
    assert len(world.disposals.facts) == 1


async def test_every_read_is_written_down(world: World) -> None:
    await _disposed(world)
    await world.call("organiser", "GET", _CASE)
    await world.call("secretary", "GET", "/disposals")

    assert [read.case_id for read in world.access_log.reads] == [a_disposal()["id"]] * 2
    assert len({read.account_id for read in world.access_log.reads}) == 2


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("stranger", 404),
        ("county", 403),
        ("branch secretary", 403),
        ("cadre", 403),
        ("member", 403),
        ("supervisor", 403),
    ],
)
async def test_nobody_else_reads_or_records_it(world: World, who: str, status: int) -> None:
    await _disposed(world)
    recorded = await world.call(who, "POST", "/disposals", a_disposal(id=derived_id("another")))
    read = await world.call(who, "GET", _CASE)
    listed = await world.call(who, "GET", "/disposals")

    assert [recorded.status_code, read.status_code] == [status, status]
    assert listed.status_code == status or listed.json()["items"] == []
    assert world.access_log.reads == []


@pytest.mark.parametrize(
    ("changed", "status", "field"),
    [
        ({"member_id": derived_id("unheard of")}, 404, "member_id"),
        ({"decided_on": "2023-11-21"}, 422, "decided_on"),
        ({"decided_on": "2019-06-30"}, 422, "decided_on"),
        ({"document_number": ""}, 422, "document_number"),
    ],
)
async def test_what_is_no_disposal_is_refused(
    world: World, changed: dict[str, object], status: int, field: str | None
) -> None:
    await world.call("organiser", "POST", "/members", a_member())
    response = await world.call("organiser", "POST", "/disposals", a_disposal(**changed))

    assert (response.status_code, response.json().get("field")) == (status, field)


async def test_no_fact_log_line_or_metric_holds_a_name_or_a_document_number(
    world: World, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        await _disposed(world)
        await world.call("organiser", "POST", "/postings", a_posting())
        await world.call("organiser", "GET", _CASE)
        await world.call("member", "GET", "/members")
        await world.call("organiser", "POST", "/members", a_member(id="某甲同志"))
    messages = [encode(fact) for fact in world.facts]
    printed = capsys.readouterr()
    told = (
        json.dumps([str(message) for message in messages]).encode().decode("unicode_escape")
        + b"".join(message.value or b"" for message in messages).decode()
        + caplog.text
        + printed.out
        + printed.err
        + generate_latest().decode()
    )

    assert "/api/members/disposals/{case_id}" in told
    for secret in ("某甲同志", "某乙同志", "演组发", "4号"):
        assert secret not in told
