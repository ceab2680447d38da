"""The sealer seals behind its barrier, goes on where it was stopped, and seals each subject once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest

from services.scoring.adapters.in_memory import InMemoryLedger
from services.scoring.adapters.in_memory_closings import InMemorySealRecords
from services.scoring.domain.closing import SealRecord
from services.scoring.use_cases.closing_ports import ClosingPorts
from services.scoring.worker.sealer import Sealer
from shared.events.base import Event
from shared.events.recording import Recorder
from shared.kafka.offsets import Offsets
from shared.kernel.errors import Unavailable
from shared.kernel.ids import derived_id
from shared.telemetry.health import Settling
from tests.unit.scoring.closing_world import (
    HERE,
    NOTICE_OVER,
    Q3,
    Q4,
    THERE,
    ClosingWorld,
    OpenBarrier,
    a_closing_world,
    a_posting,
)
from tests.unit.scoring.facts import CADRE, OTHER_CADRE, TOWNSHIP, VisitLife

CADRES = f"/cadre/{TOWNSHIP}"
SUMMER = date(2023, 8, 1)


@pytest.fixture
async def world() -> AsyncIterator[ClosingWorld]:
    async with a_closing_world() as world:
        yield world


async def _confirmed(world: ClosingWorld) -> None:
    await world.done("organiser", "PUT", f"{CADRES}/{Q3}/notice")
    world.clock.move_to(NOTICE_OVER)
    await world.done("secretary", "PUT", f"{CADRES}/{Q3}/sealing", seen=1)


def _sealed(world: ClosingWorld) -> list[str]:
    return sorted(record.subject_id for record in world.seals.things.values())


async def test_every_subject_of_the_township_is_sealed_and_nobody_elses(world: ClosingWorld) -> None:
    await _confirmed(world)

    await world.turn()

    assert _sealed(world) == sorted([CADRE, OTHER_CADRE])
    [closing] = world.closings.things.values()
    assert (closing.state, closing.subjects, closing.sealed_on, closing.revision) == ("sealed", 2, NOTICE_OVER, 3)
    assert len(world.closings.events) == 1


async def test_nothing_is_sealed_before_what_was_recorded_is_folded(world: ClosingWorld) -> None:
    await _confirmed(world)
    world.barrier.folded = False
    stop = asyncio.Event()
    waiting = asyncio.create_task(Sealer(world.ports, world.barrier).turn(stop))
    await asyncio.sleep(0.02)

    before = _sealed(world)
    await world.fold(*VisitLife("on its way").log(SUMMER).facts)
    world.barrier.folded = True
    await waiting

    assert (before, world.barrier.taken) == ([], 1)
    assert len(world.sealed(CADRE, Q3).entries) == 1


async def test_it_seals_from_the_build_that_is_live_when_its_wait_is_over(world: ClosingWorld) -> None:
    await _confirmed(world)
    world.barrier.folded = False
    former = replace(world.ports, scored=replace(world.ports.scored, ledger=InMemoryLedger()))

    async def live() -> ClosingPorts:
        return world.ports if world.barrier.folded else former

    waiting = asyncio.create_task(Sealer(former, world.barrier, live=live).turn(asyncio.Event()))
    await asyncio.sleep(0.02)
    await world.fold(*VisitLife("the former build never learns of it").log(SUMMER).facts)
    world.barrier.folded = True
    await waiting

    assert len(world.sealed(CADRE, Q3).entries) == 1


async def test_told_to_stop_while_it_waits_it_leaves_the_period_to_the_next_start(world: ClosingWorld) -> None:
    await _confirmed(world)
    world.barrier.folded = False
    stop = asyncio.Event()
    running = asyncio.create_task(Sealer(world.ports, world.barrier).run(stop))
    await asyncio.sleep(0.02)
    stop.set()
    await running
    left = _sealed(world)
    world.barrier.folded = True

    await world.turn()

    assert (left, len(_sealed(world))) == ([], 2)


class BreaksAfterOne(InMemorySealRecords):
    """The store is away after the first seal, once."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder)
        self.broken = False

    async def save(self, thing: SealRecord, *events: Event) -> None:
        if self.things and not self.broken:
            self.broken = True
            raise Unavailable("mongodb")
        await super().save(thing, *events)


async def test_stopped_in_the_middle_it_goes_on_and_what_was_sealed_stays(world: ClosingWorld) -> None:
    records = BreaksAfterOne(Recorder("scoring", world.clock))
    world.ports = replace(world.ports, seals=records)
    world.seals = records
    await _confirmed(world)
    sealer = Sealer(world.ports, world.barrier)
    await sealer.turn(asyncio.Event())
    [first] = [fact.event for fact in records.facts]
    await world.fold(*VisitLife("meanwhile", CADRE).log(SUMMER).facts)
    await world.fold(*VisitLife("meanwhile too", OTHER_CADRE).log(SUMMER).facts)

    await sealer.turn(asyncio.Event())

    events = [fact.event for fact in records.facts]
    assert events[0] == first
    assert [len(getattr(event, "entries", ())) for event in events] == [0, 1]
    assert len(_sealed(world)) == 2


async def test_two_sealers_at_once_seal_each_subject_once(world: ClosingWorld) -> None:
    await _confirmed(world)
    sealers = [Sealer(world.ports, OpenBarrier()) for _ in range(2)]

    await asyncio.gather(*(sealer.turn(asyncio.Event()) for sealer in sealers))

    assert len(world.seals.facts) == 2


async def test_a_cadre_of_two_townships_is_sealed_where_he_is_at_home(world: ClosingWorld) -> None:
    wanderer = derived_id("posted here first, there later")
    await world.fold(
        a_posting(wanderer, THERE, starts_on=date(2023, 1, 1)), a_posting(wanderer, HERE, starts_on=SUMMER)
    )
    await _confirmed(world)

    await world.turn()

    assert wanderer not in _sealed(world)


async def test_a_notice_is_announced_with_the_scores(world: ClosingWorld) -> None:
    await world.fold(*VisitLife("visit").log(SUMMER).facts)
    before = [(event.period, event.state) for event in await world.announced()]
    await world.done("organiser", "PUT", f"{CADRES}/{Q3}/notice")
    await world.turn()
    noticed = [(event.period, event.state) for event in await world.announced()]
    world.clock.move_to(NOTICE_OVER)
    await world.done("secretary", "PUT", f"{CADRES}/{Q3}/sealing", seen=1)
    await world.turn()
    sealed = [(event.period, event.state) for event in await world.announced()]

    assert before == [(Q3, "live")]
    assert noticed == [*before, (Q3, "notice")]
    assert sealed == [*noticed, (Q3, "sealed")]


async def test_it_says_what_is_still_to_do_and_does_it_without_being_waited_for(world: ClosingWorld) -> None:
    sealer = Sealer(world.ports, world.barrier, tick_seconds=60)
    stop = asyncio.Event()
    running = asyncio.create_task(sealer.run(stop))
    await asyncio.sleep(0.01)
    assert isinstance(sealer, Settling)
    assert await sealer.unsettled() is None
    await _confirmed(world)

    async with asyncio.timeout(5):
        while await sealer.unsettled() is not None:  # noqa: ASYNC110 - it looks again at each question
            await asyncio.sleep(0.01)
    stop.set()
    await running

    assert len(_sealed(world)) == 2


class AwayBarrier(OpenBarrier):
    """A broker that does not answer."""

    async def take(self) -> Offsets:
        raise Unavailable("kafka")


async def test_while_the_broker_is_away_it_seals_nothing_and_says_so(world: ClosingWorld) -> None:
    await _confirmed(world)
    sealer = Sealer(world.ports, AwayBarrier(), tick_seconds=0.01)
    stop = asyncio.Event()
    running = asyncio.create_task(sealer.run(stop))
    await asyncio.sleep(0.05)

    assert (await sealer.missing(), _sealed(world)) == ("kafka", [])
    stop.set()
    await running


async def test_it_waits_until_the_seals_of_the_period_before_are_folded(world: ClosingWorld) -> None:
    await _confirmed(world)
    sealer = Sealer(world.ports, world.barrier)
    await sealer.turn(asyncio.Event())
    world.clock.move_to(date(2024, 1, 8))
    await world.done("organiser", "PUT", f"{CADRES}/{Q4}/notice")
    world.clock.move_to(date(2024, 1, 16))
    await world.done("secretary", "PUT", f"{CADRES}/{Q4}/sealing", seen=1)
    await sealer.turn(asyncio.Event())
    before = (len(world.seals.things), await sealer.missing())
    await world.relay()

    await sealer.turn(asyncio.Event())

    assert before == (2, f"cadre {Q4} of {TOWNSHIP}: the seals of the period before")
    assert (len(world.seals.things), await sealer.missing()) == (4, None)
