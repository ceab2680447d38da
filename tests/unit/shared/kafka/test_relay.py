"""The relay: once in the archive, in order per aggregate, nobody held up by another's trouble."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from shared.events.base import Event, Fact
from shared.events.recording import Recorder
from shared.kafka.producer import Outcome, Outgoing
from shared.kafka.relay import Relay
from shared.kernel.errors import Unavailable
from shared.testing.clock import StoppedClock
from shared.testing.in_memory_log import InMemoryLog
from shared.testing.in_memory_store import (
    InMemoryAggregates,
    InMemoryArchive,
    InMemoryLease,
    InMemoryOutbox,
    LeaseBoard,
)
from shared.testing.things import Thing, a_happening
from shared.testing.waiting import until

LEASE_SECONDS = 0.3


class Bench:
    """One service's store and log, and as many relays as a test wants."""

    def __init__(self) -> None:
        self.things = InMemoryAggregates[Thing](Recorder("visits", StoppedClock()))
        self.outbox = InMemoryOutbox(self.things)
        self.archive = InMemoryArchive()
        self.board = LeaseBoard()
        self.log = InMemoryLog()

    def relay(self, **others: object) -> Relay:
        parts: dict[str, object] = {"publisher": self.log, "archive": self.archive, **others}
        return Relay(
            self.outbox,
            parts["archive"],  # type: ignore[arg-type]
            InMemoryLease(self.board, LEASE_SECONDS),
            "",
            "visits",
            publisher=parts["publisher"],  # type: ignore[arg-type]
        )

    @property
    def published(self) -> list[str]:
        return [fact.id for fact in self.log.facts("visits.events")]

    @property
    def recorded(self) -> list[str]:
        return [fact.id for fact in self.things.facts]

    @property
    def archived(self) -> list[str]:
        return [fact.id for fact in self.archive.facts]

    async def pending(self) -> int:
        return (await self.outbox.backlog()).pending


@pytest.fixture
def bench() -> Bench:
    return Bench()


@asynccontextmanager
async def running(*relays: Relay) -> AsyncIterator[None]:
    stop = asyncio.Event()
    tasks = [asyncio.create_task(relay.run(stop)) for relay in relays]
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(asyncio.gather(*tasks), 10)


def is_missing(relay: Relay, what: str) -> Callable[[], Awaitable[bool]]:
    async def asked() -> bool:
        return await relay.missing() == what

    return asked


async def test_what_is_recorded_is_published_archived_and_taken_out(bench: Bench) -> None:
    await bench.things.save(Thing(), a_happening())
    async with running(bench.relay()):
        await bench.things.save(Thing(), a_happening())
        await until(lambda: len(bench.archived) == 2)

    assert sorted(bench.recorded) == sorted(bench.published) == sorted(bench.archived)
    assert await bench.pending() == 0


async def test_the_facts_of_an_aggregate_keep_their_order(bench: Bench) -> None:
    thing = Thing()
    await bench.things.save(thing, *(a_happening() for _ in range(3)))
    await bench.things.save(thing.changed(), *(a_happening() for _ in range(2)))
    async with running(bench.relay()):
        await until(lambda: len(bench.archived) == 5)

    assert bench.recorded == bench.published == bench.archived


async def test_a_refused_fact_parks_its_aggregate_and_nobody_else(bench: Bench) -> None:
    held, free = Thing(), Thing()
    await bench.things.save(held, a_happening(), a_happening("refused"), a_happening())
    await bench.things.save(free, a_happening())
    bench.log.refuses = lambda outgoing: outgoing.message.key == b"refused"
    relay = bench.relay()
    async with running(relay):
        await until(lambda: bench.outbox.parked)
        backlog = await bench.outbox.backlog()
        missing = await relay.missing()

    assert (backlog.pending, backlog.parked, missing) == (0, 2, None)
    assert bench.published == bench.archived
    assert {held.id, free.id} == {fact.subject for fact in bench.log.facts("visits.events")}


async def test_what_was_parked_goes_on_in_order_after_the_mend(bench: Bench) -> None:
    await bench.things.save(Thing(), a_happening("refused"), a_happening("refused"))
    bench.log.refuses = lambda _: True
    async with running(bench.relay()):
        await until(lambda: bench.outbox.parked)
        bench.log.refuses = lambda _: False
        await bench.outbox.unpark()
        await until(lambda: len(bench.archived) == 2)

    assert bench.recorded == bench.archived


async def test_a_fact_no_consumer_would_read_never_reaches_the_broker(bench: Bench) -> None:
    await bench.things.save(Thing(), a_happening(household_ref="x" * 2_000_000))
    async with running(bench.relay()):
        await until(lambda: bench.outbox.parked)

    assert bench.published == []


async def test_while_the_broker_is_away_nothing_is_taken_out_and_the_relay_says_so(bench: Bench) -> None:
    bench.log.away = True
    relay = bench.relay()
    async with running(relay):
        await bench.things.save(Thing(), a_happening())
        await until(is_missing(relay, "kafka"))
        pending = await bench.pending()
        bench.log.away = False
        await until(lambda: bench.archived)
        await until(lambda: not any(bench.things.unsent.values()))
        await asyncio.sleep(0.05)
        missing = await relay.missing()

    assert (pending, missing) == (1, None)


class Crashing(InMemoryArchive):
    """An archive during whose writing the process dies."""

    async def append(self, facts: Sequence[Fact[Event]]) -> None:
        raise SystemError(f"killed with {len(facts)} facts sent and not marked")


async def test_killed_between_send_and_mark_it_publishes_again_with_the_same_ids(bench: Bench) -> None:
    await bench.things.save(Thing(), a_happening(), a_happening())
    with pytest.raises(SystemError):
        async with running(bench.relay(archive=Crashing())):
            await asyncio.sleep(1)
    async with running(bench.relay()):
        await until(lambda: len(bench.archived) == 2)

    assert bench.recorded * 2 == bench.published
    assert bench.recorded == bench.archived


class Slow(InMemoryLog):
    """A log that answers only when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.answer = asyncio.Event(), asyncio.Event()

    async def publish(self, batch: Sequence[Outgoing]) -> Sequence[Outcome]:
        self.asked.set()
        await self.answer.wait()
        return await super().publish(batch)


async def test_a_relay_that_lost_its_lease_while_sending_marks_nothing(bench: Bench) -> None:
    log = Slow()
    relay = bench.relay(publisher=log)
    await bench.things.save(Thing(), a_happening())
    async with running(relay):
        await log.asked.wait()
        bench.board.holder, bench.board.until = "another", float("inf")
        await until(lambda: not relay.leads)
        log.answer.set()
        await asyncio.sleep(LEASE_SECONDS)
        pending, archived = await bench.pending(), list(bench.archived)
        bench.board.holder = None

    assert (pending, archived) == (1, [])


async def test_of_two_relays_one_publishes_and_the_other_follows_when_it_stops(bench: Bench) -> None:
    first, second = bench.relay(), bench.relay()
    async with running(second):
        await until(lambda: second.leads)
        async with running(first):
            await bench.things.save(Thing(), a_happening())
            await until(lambda: len(bench.archived) == 1)
            assert (first.leads, await first.missing()) == (False, None)
    async with running(first):
        await until(lambda: first.leads)
        await bench.things.save(Thing(), a_happening())
        await until(lambda: len(bench.archived) == 2)

    assert bench.recorded == bench.archived == bench.published


class MissesOneCancellation(InMemoryLease):
    """A lease whose driver swallows the first cancellation, and then answers."""

    missed = False

    async def hold(self) -> bool:
        held = await super().hold()
        if not self.missed and held:
            try:
                await asyncio.sleep(LEASE_SECONDS)
            except asyncio.CancelledError:
                self.missed = True
        return held


async def test_a_relay_ends_although_its_driver_swallows_a_cancellation(bench: Bench) -> None:
    lease = MissesOneCancellation(bench.board, LEASE_SECONDS)
    relay = Relay(bench.outbox, bench.archive, lease, "", "visits", publisher=bench.log)

    async with running(relay):
        await asyncio.sleep(LEASE_SECONDS / 10)

    assert lease.missed


async def test_a_store_that_is_away_is_tried_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    relay = bench.relay()
    there = bench.outbox.waiting

    async def away(_limit: int) -> Sequence[object]:
        raise Unavailable("mongodb")

    monkeypatch.setattr(bench.outbox, "waiting", away)
    await bench.things.save(Thing(), a_happening())
    async with running(relay):
        await until(is_missing(relay, "mongodb"))
        monkeypatch.setattr(bench.outbox, "waiting", there)
        await until(lambda: bench.archived)

    assert bench.recorded == bench.archived
