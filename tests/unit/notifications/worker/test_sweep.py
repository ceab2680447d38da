"""The sweep waits for the sources, survives being stopped anywhere, and may run twice at once."""

import asyncio
import itertools
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.notifications.domain.obligation import Obligation
from services.notifications.use_cases.carry_out_due import SETTLING, carry_out_due
from services.notifications.worker.sweep import Sweep
from shared.events.base import Event
from shared.kafka.offsets import Offsets
from shared.kernel.errors import Unavailable
from tests.unit.notifications.world import World, a_busy_world, local, visit, what_is_published


class Killed(BaseException):
    """The process is gone."""


class SlowBarrier:
    """Sources that are read only after some looks."""

    def __init__(self, looks: int) -> None:
        self.looks = looks
        self.taken = 0

    async def take(self) -> Offsets:
        self.taken += 1
        return {}

    async def reached(self, _offsets: Offsets) -> bool:
        self.looks -= 1
        return self.looks < 0


async def test_an_act_on_its_way_is_read_before_the_deadline_strikes(world: World) -> None:
    await world.at("2023-11-26 12:00")
    late = visit("2023-11-26 18:00")
    world.clock.set(local("2023-11-27 00:01"))
    await world.log.record(world.fact(*late))
    world.clock.set(local("2023-11-27 08:00"))
    sweeping = asyncio.create_task(world.sweep.turn(asyncio.Event()))
    await asyncio.sleep(0.01)
    assert "Overdue" not in world.published
    await world.consumer.drain()
    await sweeping

    assert world.published[-2:] == ["Satisfied", "Opened"]


async def test_the_ends_of_the_sources_are_taken_once_for_each_turn(world: World) -> None:
    barrier = SlowBarrier(looks=2)
    world.clock.set(local("2023-11-27 08:00"))
    await Sweep(world.ports, barrier).turn(asyncio.Event())

    assert barrier.taken == 1
    assert "Overdue" in world.published


async def test_nothing_due_asks_no_source(world: World) -> None:
    barrier = SlowBarrier(looks=0)
    world.clock.set(local("2023-11-19 20:00"))
    await Sweep(world.ports, barrier).turn(asyncio.Event())

    assert barrier.taken == 0


async def test_a_sweep_that_is_told_to_stop_leaves_the_rest_for_the_next_one(world: World) -> None:
    world.clock.set(local("2023-11-27 08:00"))
    stop = asyncio.Event()
    stop.set()
    await Sweep(world.ports, SlowBarrier(looks=1000)).turn(stop)
    assert world.published == []
    await world.at("2023-11-27 08:00")

    assert world.owed("2023-W47").state == "overdue"


async def test_while_the_broker_is_away_the_sweep_waits_and_says_so(world: World) -> None:
    class Away(SlowBarrier):
        async def take(self) -> Offsets:
            raise Unavailable("kafka")

    world.clock.set(local("2023-11-27 08:00"))
    sweep, stop = Sweep(world.ports, Away(looks=0)), asyncio.Event()
    running = asyncio.create_task(sweep.run(stop))
    await asyncio.sleep(0.05)
    assert await sweep.missing() == "kafka"
    stop.set()
    await running

    assert world.published == []


@pytest.mark.parametrize("after_writing", [False, True])
async def test_a_kill_at_any_write_changes_nothing_in_the_end(*, after_writing: bool) -> None:
    undisturbed = await a_busy_world()
    until = undisturbed.clock.now() - SETTLING
    await carry_out_due(until, undisturbed.ports)
    for number in itertools.count(1):
        world = await a_busy_world()
        if not await is_killed_at(world, number, until, after_writing=after_writing):
            break
        await carry_out_due(until, world.ports)

        assert what_is_published(world) == what_is_published(undisturbed)

    assert number > 20


async def is_killed_at(world: World, number: int, until: datetime, *, after_writing: bool) -> bool:
    """Carry out what is due until the so manieth write, and die before or after it; False when there is none."""
    save, writes = world.obligations.save, itertools.count(1)

    async def dying(thing: Obligation, *events: Event) -> None:
        last = next(writes) == number
        if last and not after_writing:
            raise Killed
        await save(thing, *events)
        if last:
            raise Killed

    world.obligations.save = dying  # type: ignore[method-assign]
    try:
        await carry_out_due(until, world.ports)
    except Killed:
        return True
    return False


async def test_a_fact_learnt_while_a_week_is_opened_survives_a_kill_right_after(world: World) -> None:
    world.clock.set(local("2023-11-20 12:00"))
    until = world.clock.now() - SETTLING
    told = world.fact(*visit("2023-11-20 10:00"))
    save = world.obligations.save

    async def interrupted(thing: Obligation, *events: Event) -> None:
        await world.handle(told)
        await save(thing, *events)
        raise Killed

    world.obligations.save = interrupted  # type: ignore[method-assign]
    with pytest.raises(Killed):
        await carry_out_due(until, world.ports)
    assert world.owed("2023-W47").state == "open"
    world.obligations.save = save  # type: ignore[method-assign]
    await carry_out_due(until, world.ports)

    assert world.owed("2023-W47").state == "satisfied"


async def test_two_workers_at_once_publish_what_one_would() -> None:
    alone, together = await a_busy_world(), await a_busy_world()
    until = alone.clock.now() - SETTLING
    await carry_out_due(until, alone.ports)
    find = together.obligations.find

    async def slow(id_: str) -> Obligation | None:
        found = await find(id_)
        await asyncio.sleep(0)
        return found

    together.obligations.find = slow  # type: ignore[method-assign]
    await asyncio.gather(*(carry_out_due(until, together.ports) for _ in range(3)))

    assert what_is_published(together) == what_is_published(alone)


async def test_facts_handled_while_the_sweep_runs_are_not_lost() -> None:
    world = await a_busy_world()
    until = world.clock.now() - SETTLING
    find = world.obligations.find

    async def slow(id_: str) -> Obligation | None:
        found = await find(id_)
        await asyncio.sleep(0)
        return found

    world.obligations.find = slow  # type: ignore[method-assign]
    told: list[tuple[Event, dict[str, Any]]] = [visit("2023-11-29 10:00", "in passing")]
    facts = [world.fact(*described) for described in told]
    await asyncio.gather(carry_out_due(until, world.ports), *(world.handle(fact) for fact in facts))

    assert world.owed("2023-W48").state == "satisfied"


async def test_somebody_quicker_is_tried_again_by_the_next_look(world: World) -> None:
    await world.at("2023-11-26 12:00")
    obligation = world.owed("2023-W47")
    world.obligations.things[obligation.id] = replace(obligation, revision=obligation.revision + 1)
    world.clock.advance(days=1)
    await carry_out_due(world.clock.now() - timedelta(minutes=2), world.ports)

    assert world.owed("2023-W47").state == "overdue"
