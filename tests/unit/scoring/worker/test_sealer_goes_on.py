"""Closings are sealed one by one: each from the build that is live then, and one that fails keeps no other waiting."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest

from services.scoring.adapters.in_memory import InMemoryLedger
from services.scoring.adapters.in_memory_closings import InMemorySealRecords
from services.scoring.domain.closing import SealRecord
from services.scoring.domain.closing_refusals import SealTooLarge
from services.scoring.domain.refusals import NoBookInForce
from services.scoring.use_cases.closing_ports import ClosingPorts
from services.scoring.worker.sealer import Sealer
from shared.events.base import Event
from shared.events.recording import Recorder
from shared.kernel.errors import Unavailable
from tests.unit.scoring.closing_world import FAR_CADRE, NOTICE_OVER, Q3, ClosingWorld, a_closing_world
from tests.unit.scoring.facts import CADRE, OTHER_TOWNSHIP, TOWNSHIP, VisitLife

CADRES, FAR_CADRES = f"/cadre/{TOWNSHIP}", f"/cadre/{OTHER_TOWNSHIP}"
SUMMER = date(2023, 8, 1)
TOO_LARGE = SealTooLarge(subject=CADRE, period=Q3, count=50_001, most=50_000)


class FailingFor(InMemorySealRecords):
    """Nothing can be sealed of whom there is a failure for."""

    def __init__(self, recorder: Recorder, failures: dict[str, Exception]) -> None:
        super().__init__(recorder)
        self.failures = failures

    async def save(self, thing: SealRecord, *events: Event) -> None:
        if thing.subject_id in self.failures:
            raise self.failures[thing.subject_id]
        await super().save(thing, *events)


@pytest.fixture
async def world() -> AsyncIterator[ClosingWorld]:
    """Two townships, both of whose quarters are to be sealed."""
    async with a_closing_world() as world:
        await world.done("organiser", "PUT", f"{CADRES}/{Q3}/notice")
        await world.done("stranger", "PUT", f"{FAR_CADRES}/{Q3}/notice")
        world.clock.move_to(NOTICE_OVER)
        await world.done("secretary", "PUT", f"{CADRES}/{Q3}/sealing", seen=1)
        await world.done("far secretary", "PUT", f"{FAR_CADRES}/{Q3}/sealing", seen=1)
        yield world


def _failing(world: ClosingWorld, **failures: Exception) -> FailingFor:
    records = FailingFor(Recorder("scoring", world.clock), failures)
    world.ports, world.seals = replace(world.ports, seals=records), records
    return records


def _states(world: ClosingWorld) -> dict[str, str]:
    return {closing.township_id: closing.state for closing in world.closings.things.values()}


async def test_what_is_switched_between_two_closings_seals_the_later_one(world: ClosingWorld) -> None:
    for cadre in (CADRE, FAR_CADRE):
        await world.fold(*VisitLife(f"of {cadre}", cadre).log(SUMMER).facts)
    former = replace(world.ports, scored=replace(world.ports.scored, ledger=InMemoryLedger()))

    async def live() -> ClosingPorts:
        """The former build, which learnt nothing of the visits, until one closing is sealed."""
        return world.ports if "sealed" in _states(world).values() else former

    await Sealer(former, world.barrier, live=live).turn(asyncio.Event())

    entries: dict[str, int] = {}
    for record in world.seals.things.values():
        sealed = world.sealed(record.subject_id, Q3)
        entries[record.closing_id] = entries.get(record.closing_id, 0) + len(sealed.entries)
    assert list(entries.values()) == [0, 1]


async def test_each_closing_has_a_barrier_of_its_own(world: ClosingWorld) -> None:
    await world.turn()

    assert (world.barrier.taken, set(_states(world).values())) == (2, {"sealed"})


@pytest.mark.parametrize("failure", [TOO_LARGE, NoBookInForce(period=Q3), Unavailable("mongodb")])
@pytest.mark.parametrize(("who", "others"), [(CADRE, {OTHER_TOWNSHIP}), (FAR_CADRE, {TOWNSHIP})])
async def test_a_closing_that_fails_keeps_no_other_from_being_sealed(
    world: ClosingWorld, failure: Exception, who: str, others: set[str]
) -> None:
    records = _failing(world, **{who: failure})
    sealer = Sealer(world.ports, world.barrier)

    await sealer.turn(asyncio.Event())
    told = await sealer.missing()
    sealed = {township for township, state in _states(world).items() if state == "sealed"}
    records.failures.clear()
    await sealer.turn(asyncio.Event())

    [failed] = {TOWNSHIP, OTHER_TOWNSHIP} - others
    assert told is not None
    assert failed in told
    assert (getattr(failure, "what", None) or str(failure)) in told
    assert sealed == others
    assert (await sealer.missing(), set(_states(world).values())) == (None, {"sealed"})


async def test_a_trouble_is_told_until_the_closing_is_sealed_here_or_elsewhere(world: ClosingWorld) -> None:
    records = _failing(world, **{CADRE: TOO_LARGE})
    sealer, other = Sealer(world.ports, world.barrier), Sealer(world.ports, world.barrier)
    told = []
    for _ in range(2):
        await sealer.turn(asyncio.Event())
        told.append(await sealer.missing())
    records.failures.clear()
    await other.turn(asyncio.Event())
    await sealer.turn(asyncio.Event())

    assert told[0] == told[1] is not None
    assert CADRE in str(told[0])
    assert await sealer.missing() is None


@pytest.mark.parametrize(("who", "others"), [(CADRE, OTHER_TOWNSHIP), (FAR_CADRE, TOWNSHIP)])
async def test_closings_that_fail_again_and_again_crowd_out_nobody(world: ClosingWorld, who: str, others: str) -> None:
    """Whichever of the two is first in the list."""
    _failing(world, **{who: TOO_LARGE})
    sealer = Sealer(world.ports, world.barrier, at_once=1)

    for _ in range(2):
        await sealer.turn(asyncio.Event())

    assert _states(world)[others] == "sealed"


async def test_a_notice_that_cannot_be_told_keeps_nothing_from_being_sealed(world: ClosingWorld) -> None:
    class NoNotices:
        """Which closings are untold cannot be said: their books are gone."""

        def __getattr__(self, name: str) -> object:
            return getattr(world.closings, name)

        async def untold(self, limit: int) -> list[object]:
            raise NoBookInForce(period=f"{limit}")

    ports = replace(world.ports, closings=NoNotices())  # type: ignore[arg-type]
    sealer = Sealer(ports, world.barrier)

    await sealer.turn(asyncio.Event())

    assert set(_states(world).values()) == {"sealed"}
    assert "notices" in str(await sealer.missing())
