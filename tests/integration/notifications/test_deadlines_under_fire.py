"""Real Kafka, real MongoDB, two workers that are killed: what is owed in the end equals the oracle in memory."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from deploy.local.launch import process_environment
from deploy.local.stack import Stack
from deploy.local.steering import Steering
from deploy.local.topology import named
from services.notifications.adapters.mongo import MongoObligations
from services.notifications.domain.history import Standing
from services.notifications.domain.obligation import Obligation
from services.notifications.settings import SERVICE
from shared.events.base import Event, Fact
from shared.events.recording import Recorder
from shared.kernel.clock import WallClock, at_local_time, local_day
from shared.kernel.ids import ObligationId
from shared.mongo.client import connect
from tests.integration.notifications.load import SEED, Told, moment, told
from tests.integration.plumbing.reading import facts_of
from tests.running import running_stack
from tests.seeding import publish
from tests.unit.notifications.world import World, still_held

ROOT = Path(__file__).parents[3]
Owed = dict[ObligationId, tuple[str, frozenset[Standing]]]
"""State and standing claims of each obligation."""
_SPARE_OFFSET = 68
"""A port of the stack's own range that no process of the platform uses."""
_DAYS_A_KILL = 7
_PATIENCE_SECONDS = 120.0


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running_stack(["mongod", "kafka", "notifications-worker"]) as running:
        yield running


@contextmanager
def a_second_worker(stack: Stack) -> Iterator[str]:
    """Another worker of the same service; gives its address."""
    [described] = named(["notifications-worker"])
    port = stack.ports.base + _SPARE_OFFSET
    environment = {**process_environment(described, stack.settings, stack.ports), "XIANFENG_PORT": str(port)}
    with subprocess.Popen(
        [sys.executable, "-m", "services.notifications", "worker"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


async def test_two_workers_killed_again_and_again_owe_what_the_oracle_owes(stack: Stack) -> None:
    facts = told()
    end = max(at for at, _ in facts) + timedelta(days=30)
    with a_second_worker(stack) as second:
        workers = [stack.urls["notifications-worker"], second]
        clock = Steering(stack.folder.path, workers, _PATIENCE_SECONDS)
        await clock.set(moment(0, 0))
        await publish(stack, [*SEED.facts()])
        await _live(stack, facts, clock)
        await clock.set(end)
        lived = await _stored(stack)
        published = facts_of(stack.urls["kafka"], "notifications.events", list(lived))

    assert {"satisfied", "satisfied_late", "missed", "waived", "superseded"} <= {state for state, _ in lived.values()}
    assert lived == await _expected([fact for _, fact in facts], end)
    assert still_held(published) == {(id_, claim.claim) for id_, (_, claims) in lived.items() for claim in claims}


async def _live(stack: Stack, facts: Told, clock: Steering) -> None:
    """Publish day by day; once a week the worker dies while facts and a jump of the clock are under way."""
    for number, day in enumerate(sorted({local_day(at) for at, _ in facts})):
        await clock.set(at_local_time(day, time(0, 30)))
        killing = None
        if number % _DAYS_A_KILL == _DAYS_A_KILL - 1:
            killing = asyncio.create_task(_kill_soon(stack, number / 100))
        await publish(stack, [fact for at, fact in facts if local_day(at) == day])
        if killing is not None:
            await clock.set(at_local_time(day, time(18)))
            await killing


async def _kill_soon(stack: Stack, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await asyncio.to_thread(stack.kill, "notifications-worker")


def _owed(things: list[Obligation]) -> Owed:
    """Not to owe a week is the same as having it waived by a posting."""
    return {
        thing.id: (thing.state, frozenset(line.standing for line in thing.lines if line.holds and line.standing))
        for thing in things
        if thing.grounds.waiver != "posting_ended"
    }


async def _stored(stack: Stack) -> Owed:
    async with connect(stack.urls["mongodb"]) as client:
        database = client[f"{stack.settings.mongodb_prefix}{SERVICE}"]
        obligations = MongoObligations(database, Recorder(SERVICE, WallClock()))
        ids = [document["_id"] async for document in database["obligations"].find({}, ["_id"])]
        found = [await obligations.find(id_) for id_ in ids]
    return _owed([thing for thing in found if thing is not None])


async def _expected(facts: list[Fact[Event]], end: datetime) -> Owed:
    """The same facts handled once in memory, then everything carried out at once."""
    world = World()
    for fact in [*SEED.facts(), *facts]:
        world.clock.set(fact.recorded_at)
        await world.handle(fact)
    world.clock.set(end)
    await world.sweep.turn(asyncio.Event())
    return _owed([*world.obligations.things.values()])
