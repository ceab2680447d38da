"""The relay on real MongoDB and Kafka: killed, raced, refused, cut off."""

import asyncio
import random
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType
from pymongo.asynchronous.database import AsyncDatabase

from deploy.local.settings import ROOT
from deploy.local.stack import Stack
from shared.events.catalogue import TOPICS
from shared.events.recording import Recorder
from shared.kafka.relay import Relay
from shared.kernel.clock import WallClock
from shared.kernel.errors import Stale
from shared.mongo.aggregates import MongoAggregates
from shared.mongo.archive import MongoArchive
from shared.mongo.client import Document
from shared.mongo.lease import MongoLease
from shared.mongo.outbox import MongoOutbox
from shared.testing.things import Thing, a_happening
from shared.testing.waiting import until
from tests.integration.plumbing.reading import facts_of, first_seen

TOPIC = "visits.events"


@pytest.fixture
def things(database: AsyncDatabase[Document]) -> MongoAggregates[Thing]:
    return MongoAggregates(
        database["things"], Recorder("visits", WallClock()), lambda thing: thing.to_document(), Thing.from_document
    )


def a_relay(database: AsyncDatabase[Document], bootstrap: str, *, lease_seconds: float = 1) -> Relay:
    return Relay(
        MongoOutbox(database, ["things"]),
        MongoArchive(database),
        MongoLease(database, "relay", seconds=lease_seconds),
        bootstrap,
        "visits",
    )


@asynccontextmanager
async def running(relay: Relay) -> AsyncIterator[Relay]:
    stop = asyncio.Event()
    task = asyncio.create_task(relay.run(stop))
    try:
        yield relay
    finally:
        stop.set()
        await asyncio.wait_for(task, 20)


async def settled(database: AsyncDatabase[Document], seconds: float = 60) -> None:
    outbox = MongoOutbox(database, ["things"])

    async def nothing_waits() -> bool:
        return (await outbox.backlog()).pending == 0

    await until(nothing_waits, seconds=seconds)


async def archived(database: AsyncDatabase[Document]) -> list[str]:
    return [entry["event_id"] async for entry in database["archive"].find().sort("_id")]


async def test_killed_between_send_and_mark_nothing_is_lost_and_the_archive_has_each_once(
    stack: Stack, database: AsyncDatabase[Document], things: MongoAggregates[Thing], bootstrap: str
) -> None:
    made = [Thing() for _ in range(20)]
    for thing in made:
        await things.save(thing, a_happening(thing.id), a_happening(thing.id))
    dying = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.integration.plumbing.relay_that_dies",
        stack.urls["mongodb"],
        database.name,
        bootstrap,
        cwd=ROOT,
    )
    code = await asyncio.wait_for(dying.wait(), 60)
    half = await archived(database)
    async with running(a_relay(database, bootstrap)):
        await settled(database)

    facts = facts_of(bootstrap, TOPIC, [thing.id for thing in made])
    whole = await archived(database)
    assert (code, len(half), len(facts), len(whole), len(set(whole))) == (-signal.SIGKILL, 20, 80, 40, 40)
    assert all(len(ids) == 2 for ids in first_seen(facts).values())
    assert await MongoArchive(database).broken_link() is None


async def test_sixteen_writers_and_two_relays_lose_nothing_and_keep_the_order_of_each_aggregate(
    database: AsyncDatabase[Document], things: MongoAggregates[Thing], bootstrap: str
) -> None:
    made = [Thing() for _ in range(24)]
    for thing in made:
        await things.save(thing, a_happening(thing.id))
    choose = random.Random(7)  # noqa: S311 - a fixed seed is the point

    async def write() -> None:
        for _ in range(25):
            chosen = choose.choice(made).id
            while True:
                thing = await things.get(chosen)
                try:
                    await things.save(thing.changed(), a_happening(chosen), a_happening(chosen))
                except Stale:
                    continue
                break

    async with running(a_relay(database, bootstrap, lease_seconds=0.6)):
        writing = asyncio.gather(*(write() for _ in range(16)))
        async with running(a_relay(database, bootstrap, lease_seconds=0.6)):
            await asyncio.sleep(1)
        async with running(a_relay(database, bootstrap, lease_seconds=0.6)):
            await writing
            await settled(database)

    facts = facts_of(bootstrap, TOPIC, [thing.id for thing in made])
    revisions: dict[str, int] = {fact.id: fact.revision for fact in facts}
    whole = await archived(database)
    assert len(whole) == len(set(whole)) == 24 + 16 * 25 * 2
    assert set(whole) == set(revisions)
    for ids in first_seen(facts).values():
        seen = [revisions[id_] for id_ in ids]
        assert seen == sorted(seen)
    assert await MongoArchive(database).broken_link() is None


async def test_the_successor_of_a_killed_relay_takes_over_when_the_lease_ends(
    database: AsyncDatabase[Document], things: MongoAggregates[Thing], bootstrap: str
) -> None:
    await MongoLease(database, "relay", seconds=2).hold()  # its holder was killed: nobody renews it
    await things.save(Thing(), a_happening())
    async with running(a_relay(database, bootstrap)) as relay:
        await asyncio.sleep(0.5)
        before = (relay.leads, await archived(database))
        await settled(database)

    assert before == (False, [])
    assert len(await archived(database)) == 1


@contextmanager
def narrow_topic(bootstrap: str, most_bytes: int) -> Iterator[None]:
    """The broker takes only small messages on the topic for a while."""
    [ours] = [topic for topic in TOPICS if topic.name == TOPIC]
    admin: Any = KafkaAdminClient(bootstrap_servers=bootstrap)

    def limit(number: int) -> None:
        admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, TOPIC, {"max.message.bytes": str(number)})])

    try:
        limit(most_bytes)
        yield
    finally:
        limit(ours.max_message_bytes)
        admin.close()


async def test_what_the_broker_refuses_is_parked_and_holds_up_nobody_else(
    database: AsyncDatabase[Document], things: MongoAggregates[Thing], bootstrap: str
) -> None:
    held = Thing()
    free = [Thing() for _ in range(20)]
    await things.save(held, a_happening("b"), a_happening("b", household_ref="x" * 20_000), a_happening("b"))
    for thing in free:
        await things.save(thing, a_happening("b"))
    outbox = MongoOutbox(database, ["things"])

    async def parked() -> bool:
        return (await outbox.backlog()).parked == 2

    with narrow_topic(bootstrap, 4_000):
        async with running(a_relay(database, bootstrap)) as relay:
            await until(parked, seconds=60)
            await settled(database)
            missing = await relay.missing()
    arrived = {fact.subject for fact in facts_of(bootstrap, TOPIC, [thing.id for thing in free])}
    async with running(a_relay(database, bootstrap)):
        await outbox.unpark()
        await settled(database)

    assert (missing, arrived) == (None, {thing.id for thing in free})
    assert [len(ids) for ids in first_seen(facts_of(bootstrap, TOPIC, [held.id])).values()] == [3]


async def test_the_broker_goes_away_and_comes_back(
    stack: Stack, database: AsyncDatabase[Document], things: MongoAggregates[Thing], bootstrap: str
) -> None:
    thing = Thing()
    await things.save(thing, a_happening())
    async with running(a_relay(database, bootstrap)) as relay:
        await settled(database)
        await asyncio.to_thread(stack.stop, "kafka")
        await things.save(thing.changed(), a_happening())

        async def unready() -> bool:
            return await relay.missing() == "kafka"

        await until(unready, seconds=30)
        pending = (await MongoOutbox(database, ["things"]).backlog()).pending
        await asyncio.to_thread(stack.start, "kafka")
        await settled(database)
        await until(lambda: not relay._trouble)

    assert pending == 1
    assert len(await archived(database)) == 2
    assert await MongoArchive(database).broken_link() is None
