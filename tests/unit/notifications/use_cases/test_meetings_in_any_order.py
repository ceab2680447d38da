"""Whatever order facts about branches, meetings and leave come in, and however often: what is owed is the same."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from shared.events.base import Event, Fact
from tests.tried import tried
from tests.unit.notifications.meetings import meeting
from tests.unit.notifications.world import FAR_BRANCH, World, branch, leave, local, posting, still_held

Described = tuple[Event, dict[str, Any]]
FIRST = date(2023, 10, 1)
START, END = local("2023-09-30 18:00"), local("2024-02-20 12:00")
HOURS = int((END - START) / timedelta(hours=1))
some_days = st.integers(0, 120).map(lambda offset: FIRST + timedelta(days=offset))
kinds = st.sampled_from(["committee", "theme_day", "general_meeting"])


@st.composite
def meetings(draw: st.DrawFn, name: str) -> list[Described]:
    """A meeting held, perhaps corrected (its day, its kind, whether enough came), perhaps withdrawn."""
    told = [
        meeting(draw(some_days).isoformat(), name, kind=draw(kinds), revision=revision, quorate=draw(st.booleans()))
        for revision in (1, 2)
    ]
    last, _ = told[-1]
    told.append(meeting(last.day.isoformat(), name, revision=3, gone=True, kind=last.model_dump()["kind"]))
    return told[: draw(st.integers(1, 3))]


@st.composite
def leaves(draw: st.DrawFn) -> list[Described]:
    """A leave granted, perhaps moved, perhaps withdrawn."""
    told = []
    for revision in range(1, draw(st.integers(1, 4))):
        first = draw(some_days)
        last = first + timedelta(days=draw(st.integers(0, 20)))
        told.append(leave(first, last, revision=revision, gone=revision == 3, occurred_on=first))
    return told


@st.composite
def histories(draw: st.DrawFn) -> list[Described]:
    """Everything that was recorded, of each thing in the order in which it was."""
    told = [one for name in ("one", "two", "three", "four") for one in draw(meetings(name))]
    told += draw(leaves())
    if draw(st.booleans()):
        told.append(branch(FAR_BRANCH, on=draw(some_days)))
    return told


async def a_live_world() -> World:
    world = World()
    world.clock.set(START)
    await world.learn(branch(), posting(starts_on=FIRST))
    await world.go_live(FIRST)
    return world


def recorded(world: World, told: Sequence[Described]) -> list[Fact[Event]]:
    """The facts as they lie in Kafka: recorded at the end of the day they speak of."""
    return [world.fact(event, {**envelope, "recorded_at": local(f"{event.day} 20:00")}) for event, envelope in told]


async def live(told: Sequence[Described], order: Sequence[int], hours: Sequence[int]) -> World:
    """Handle the facts in this order, letting so many hours pass and the sweep come round before each."""
    world = await a_live_world()
    facts = recorded(world, told)
    for position, passed in zip(order, hours, strict=True):
        world.clock.set(min(world.clock.now() + timedelta(hours=passed), END))
        await world.sweep.turn(asyncio.Event())
        await world.handle(facts[position])
    world.clock.set(END)
    await world.sweep.turn(asyncio.Event())
    return world


def what_is_owed(world: World) -> dict[str, tuple[str, frozenset[Any]]]:
    """State and standing claims of each obligation."""
    return {
        id_: (thing.state, frozenset(line.standing for line in thing.lines if line.holds))
        for id_, thing in world.obligations.things.items()
    }


@given(st.data())
@tried(60, suppress_health_check=[HealthCheck.too_slow])
def test_order_and_duplicates_and_the_moments_of_the_sweep_do_not_matter(data: st.DataObject) -> None:
    told = data.draw(histories())
    straight_order = range(len(told))
    crooked_order = data.draw(st.permutations([*straight_order, *data.draw(st.lists(st.sampled_from(straight_order)))]))
    hours = data.draw(st.lists(st.integers(0, HOURS // 4), min_size=len(crooked_order), max_size=len(crooked_order)))

    async def compared() -> tuple[World, World]:
        return await live(told, straight_order, [0] * len(told)), await live(told, crooked_order, hours)

    straight, crooked = asyncio.run(compared())

    assert what_is_owed(crooked) == what_is_owed(straight)
    for world in (straight, crooked):
        claimed = {
            (id_, line.what) for id_, thing in world.obligations.things.items() for line in thing.lines if line.holds
        }
        assert still_held(world.obligations.facts) == claimed
