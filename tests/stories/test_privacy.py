"""Names, phone and identity numbers, notes and document numbers stay in the store of the service they were told."""

import asyncio
from collections.abc import Iterable
from datetime import date, datetime, timedelta

import pytest
from pymongo import MongoClient

from deploy.local.mongod import NEVER_SLOW_MILLISECONDS
from deploy.local.stack import Stack
from shared.events.catalogue import TOPICS
from shared.kernel.clock import local_day
from shared.kernel.ids import derived_id
from shared.testing.waiting import until
from tests.stories import traces
from tests.stories.confided import OWN, PLANTED, Life
from tests.stories.township import settled_township

STORY = "privacy"
FIRST = date(2026, 1, 12)
"""The earliest Monday at which a township of a story works live: its cadres were posted the week before."""


def coming_monday(stack: Stack) -> date:
    """The first Monday the stack's clock has not reached; it only goes forward."""
    clock = stack.folder.path / "clock"
    if not clock.exists():
        return FIRST
    today = local_day(datetime.fromisoformat(clock.read_text("ascii").strip()))
    return max(FIRST, today + timedelta(days=7 - today.weekday()))


async def live(stack: Stack) -> None:
    """Go through it all, and on to the second week: what is due is told, missed and scored meanwhile."""
    monday = coming_monday(stack)
    async with settled_township(stack, STORY, monday) as township:
        life = Life(township, monday)
        await life.enrols_and_disposes()
        await life.goes_on_leave()
        await life.visits_and_helps()
        await life.meets_and_is_rectified()
        await life.is_scored_and_objects()
        await life.consults_on_a_rule_book()
        await life.is_refused()
        await township.noon(monday + timedelta(days=9))


@pytest.fixture(scope="module")
def lived(platform: Stack) -> Stack:
    """The platform after the township lived through it."""
    asyncio.run(live(platform))
    return platform


def found_in(trace: bytes, words: Iterable[str]) -> list[str]:
    """Which of the words stand there."""
    return sorted(word for word in words if traces.holds(trace, word))


def given_away(found: Iterable[tuple[str, bytes]]) -> dict[str, list[str]]:
    """Which of all that was written stands where."""
    places = {place: found_in(trace, PLANTED) for place, trace in found}
    return {place: words for place, words in places.items() if words}


def test_no_message_gives_anybody_away(lived: Stack) -> None:
    published = dict(traces.topics(lived))

    assert {topic.name for topic in TOPICS} <= set(published)
    assert traces.holds(published["members.restricted"], derived_id(STORY, "case"))
    assert traces.holds(published["visits.events"], derived_id(STORY, "visit"))
    assert traces.holds(published["duties.events"], derived_id(STORY, "meeting"))
    assert traces.holds(published["duties.events"], derived_id(STORY, "listing"))
    assert traces.holds(published["scoring.events"], derived_id(STORY, "deed"))
    assert traces.holds(published["scoring.events"], "xianfeng.scoring.deed.effective.v1")
    assert traces.holds(published["scoring.events"], derived_id(STORY, "objection"))
    assert given_away(published.items()) == {}


def test_no_log_gives_anybody_away(lived: Stack) -> None:
    logs = dict(traces.files(lived))

    assert {f"log/{process.name}.log" for process in lived.processes} <= set(logs)
    assert traces.holds(logs["log/visits-api.log"], "/api/visits/visits/{visit_id}")
    assert given_away(logs.items()) == {}


async def test_the_gateways_log_says_who_asked_for_what_and_gives_nobody_away(lived: Stack) -> None:
    log = lived.folder.log / "envoy.log"
    asked_for = f"/api/visits/problems/{derived_id(STORY, 'problem')}/resolution"
    await until(lambda: traces.holds(log.read_bytes(), asked_for), seconds=30)

    assert given_away([("envoy.log", log.read_bytes())]) == {}


def test_no_metric_gives_anybody_away(lived: Stack) -> None:
    told = dict(traces.metrics(lived))

    assert all(traces.holds(text, "xianfeng_") for name, text in told.items() if name.endswith(("-api", "-worker")))
    assert given_away(told.items()) == {}


def test_what_a_service_was_told_stands_in_its_own_store_alone(lived: Stack) -> None:
    stores = dict(traces.databases(lived))
    foreign = {name: set(PLANTED) - OWN.get(name, set()) for name in stores}

    assert {name: OWN[name] - set(found_in(stores[name], OWN[name])) for name in OWN} == {name: set() for name in OWN}
    assert {name: found for name, words in foreign.items() if (found := found_in(stores[name], words))} == {}


def test_mongodb_calls_no_operation_slow_enough_to_log_what_was_written(lived: Stack) -> None:
    with MongoClient[dict[str, object]](lived.urls["mongodb"]) as client:
        assert client["admin"].command("profile", -1)["slowms"] == NEVER_SLOW_MILLISECONDS
