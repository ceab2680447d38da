"""The laboratory runs one trial at a time in a child, ends the child when it is not wanted, and gives up after two."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from services.scoring.domain.trial import Trial, TrialId
from services.scoring.use_cases.run_trial import run_trial
from services.scoring.worker import laboratory
from services.scoring.worker.laboratory import PART_AWAY, Laboratory, start_child
from shared.kernel.errors import Unavailable
from shared.kernel.ids import derived_id
from shared.testing.in_memory_store import InMemoryLease
from tests.unit.scoring.trying import TRIAL, TrialWorld, a_trial, a_trial_world

End = Callable[[TrialId], Awaitable[int]]


@dataclass(slots=True)
class FakeChild:
    """A process that is a task of this one."""

    task: asyncio.Task[int]
    returncode: int | None = None

    def terminate(self) -> None:
        self.task.cancel()

    def kill(self) -> None:
        self.task.cancel()

    async def wait(self) -> int:
        await asyncio.wait({self.task})
        self.returncode = -15 if self.task.cancelled() else self.task.result()
        return self.returncode


@dataclass(slots=True)
class Children:
    """Starts children that do as they are told; remembers them."""

    does: End
    started: list[TrialId] = field(default_factory=list)
    alive: list[FakeChild] = field(default_factory=list)

    async def start(self, trial_id: TrialId) -> FakeChild:
        async def run() -> int:
            return await self.does(trial_id)

        self.started.append(trial_id)
        child = FakeChild(asyncio.create_task(run()))
        self.alive.append(child)
        return child


@pytest.fixture
async def world() -> AsyncIterator[TrialWorld]:
    async with a_trial_world() as world:
        yield world


@asynccontextmanager
async def working(world: TrialWorld, does: End, lease: InMemoryLease | None = None) -> AsyncIterator[Children]:
    children = Children(does)
    part = Laboratory(world.trials, lease or InMemoryLease(), world.clock, start=children.start, look_seconds=0.01)
    stop = asyncio.Event()
    running = asyncio.create_task(part.run(stop))
    yield children
    stop.set()
    await running


async def until(world: TrialWorld, state: str, trial_id: str = TRIAL) -> Trial:
    async with asyncio.timeout(5):
        while world.trials.things[trial_id].state != state:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.01)
    return world.trials.things[trial_id]


async def for_ever(_: TrialId) -> int:
    await asyncio.sleep(60)
    return 0


async def test_what_waits_is_run_one_after_the_other(world: TrialWorld) -> None:
    ids = [derived_id("trial", number) for number in range(2)]
    for id_ in ids:
        await world.done("organiser", "POST", body=a_trial(id=id_))
        world.clock.advance(minutes=1)
    together = 0

    async def fold(trial_id: TrialId) -> int:
        nonlocal together
        together = max(together, sum(each.state == "running" for each in world.trials.things.values()))
        await run_trial(trial_id, world.ports)
        return 0

    async with working(world, fold) as children:
        await until(world, "done", ids[1])

    assert children.started == ids
    assert together == 1


async def test_a_cancelled_trial_loses_its_child(world: TrialWorld) -> None:
    await world.done("organiser", "POST", body=a_trial())
    async with working(world, for_ever) as children:
        await until(world, "running")
        await world.done("organiser", "PUT", f"/{TRIAL}/cancellation", seen=1)
        async with asyncio.timeout(5):
            await children.alive[0].wait()

    assert children.alive[0].returncode == -15
    assert world.trials.things[TRIAL].state == "cancelled"


async def test_a_child_that_dies_twice_ends_the_trial_with_the_reason(world: TrialWorld) -> None:
    await world.done("organiser", "POST", body=a_trial())

    async def die(_: TrialId) -> int:
        return -9

    async with working(world, die) as children:
        failed = await until(world, "failed")

    assert len(children.started) == 2
    assert "-9" in str(failed.reason)


async def test_a_child_that_dies_once_is_followed_by_another(world: TrialWorld) -> None:
    await world.done("organiser", "POST", body=a_trial())

    async def die_once(trial_id: TrialId) -> int:
        if world.trials.things[TRIAL].attempts == 1:
            return 1
        await run_trial(trial_id, world.ports)
        return 0

    async with working(world, die_once):
        done = await until(world, "done")

    assert done.attempts == 2


async def test_a_worker_that_is_stopped_puts_its_trial_back(world: TrialWorld) -> None:
    await world.done("organiser", "POST", body=a_trial())
    async with working(world, for_ever) as children:
        await until(world, "running")

    assert (world.trials.things[TRIAL].state, world.trials.things[TRIAL].attempts) == ("queued", 0)
    assert children.alive[0].returncode == -15


async def test_what_a_dead_worker_left_is_begun_again(world: TrialWorld) -> None:
    await world.done("organiser", "POST", body=a_trial())
    await world.trials.keep(world.trials.things[TRIAL].begin(), attempts=0)

    async def fold(trial_id: TrialId) -> int:
        await run_trial(trial_id, world.ports)
        return 0

    async with working(world, fold):
        done = await until(world, "done")

    assert done.attempts == 2


async def test_a_part_that_is_away_is_no_attempt(world: TrialWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laboratory, "_AWAY_SECONDS", 0.01)
    await world.done("organiser", "POST", body=a_trial())
    times = 0

    async def away_at_first(trial_id: TrialId) -> int:
        nonlocal times
        times += 1
        if times < 4:
            return PART_AWAY
        await run_trial(trial_id, world.ports)
        return 0

    async with working(world, away_at_first):
        done = await until(world, "done")

    assert (times, done.attempts) == (4, 1)


async def test_only_the_holder_of_the_lease_runs_trials(world: TrialWorld) -> None:
    await world.done("organiser", "POST", body=a_trial())
    another = InMemoryLease()
    await another.hold()
    async with working(world, for_ever, InMemoryLease(another.board)) as children:
        await asyncio.sleep(0.05)

    assert children.started == []


async def test_a_store_that_is_away_is_waited_for(world: TrialWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laboratory, "_AWAY_SECONDS", 0.01)
    await world.done("organiser", "POST", body=a_trial())
    waits, away = world.trials.next, [Unavailable("mongodb")]

    async def at_first_away() -> Trial | None:
        if away:
            raise away.pop()
        return await waits()

    world.trials.next = at_first_away  # type: ignore[method-assign]

    async def fold(trial_id: TrialId) -> int:
        await run_trial(trial_id, world.ports)
        return 0

    async with working(world, fold):
        done = await until(world, "done")

    assert done.result is not None


async def test_a_child_is_this_interpreter_with_the_trials_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = tmp_path / "told"
    script = tmp_path / "python"
    script.write_text(f'#!/bin/sh\necho "$@" > {told}\n', encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))
    code = await (await start_child(TrialId("trial-id"))).wait()

    assert (code, told.read_text(encoding="utf-8")) == (0, "-m services.scoring trial trial-id\n")
