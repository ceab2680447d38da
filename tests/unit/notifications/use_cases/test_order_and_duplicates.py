"""Whatever order facts and time come in, and however often: what is owed, and what stands published, is the same."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from shared.events.base import Event, Fact
from shared.events.visits import ProblemAssigned, ProblemRaised, ProblemReopened, ProblemResolved
from tests.tried import tried
from tests.unit.notifications.world import (
    COLLEAGUE,
    GO_LIVE,
    World,
    calendar,
    days,
    local,
    posting,
    problem_fact,
    still_held,
    visit,
    withdrawal,
)

Described = tuple[Event, dict[str, Any]]
_WHILE_OPEN: tuple[type[Event], ...] = (ProblemAssigned, ProblemResolved)
START, END = local("2023-11-19 18:00"), local("2024-01-10 12:00")
HOURS = int((END - START) / timedelta(hours=1))
days_of_life = st.integers(0, 20).map(lambda offset: GO_LIVE + timedelta(days=offset))


@st.composite
def visits(draw: st.DrawFn, name: str) -> list[Described]:
    """A visit logged, perhaps corrected, perhaps withdrawn."""
    first, second = draw(days_of_life), draw(days_of_life)
    whole = [
        visit(f"{first} 10:00", name),
        visit(f"{second} 10:00", name, revision=2, before=f"{first} 10:00"),
        withdrawal(f"{second} 10:00", name, revision=3),
    ]
    return whole[: draw(st.integers(0, 3))]


@st.composite
def problems(draw: st.DrawFn) -> list[Described]:
    """A problem raised, then anything that can become of it, day after day."""
    day = draw(days_of_life)
    due_on = day + timedelta(days=4)
    told = [problem_fact(ProblemRaised, day, 1, due_on=due_on)]
    solved = False
    for revision in range(2, draw(st.integers(2, 6))):
        day += timedelta(days=draw(st.integers(0, 8)))
        kind: type[Event] = ProblemReopened if solved else draw(st.sampled_from(_WHILE_OPEN))
        cadre = COLLEAGUE if kind is ProblemAssigned else told[-1][0].model_dump()["cadre_id"]
        told.append(problem_fact(kind, day, revision, cadre_id=cadre, due_on=due_on))
        solved = kind is ProblemResolved
    return told


@st.composite
def histories(draw: st.DrawFn) -> list[Described]:
    """Everything that was recorded, in the order in which it was."""
    told = draw(problems()) + draw(visits("one")) + draw(visits("two"))
    if draw(st.booleans()):
        told.append(calendar(2023, *days(draw(days_of_life), 4)))
        told += [calendar(2023, revision=2)] if draw(st.booleans()) else []
    if draw(st.booleans()):
        told.append(posting(ends_on=draw(days_of_life)))
        told += [_another_end(draw(days_of_life))] if draw(st.booleans()) else []
    return told


def _another_end(on: date) -> Described:
    """The end of the posting is put off or brought forward."""
    ended, envelope = posting(ends_on=on)
    return ended, {**envelope, "revision": 3}


def recorded(world: World, told: Sequence[Described]) -> list[Fact[Event]]:
    """The facts as they lie in Kafka: recorded at the end of the day they speak of."""
    return [world.fact(event, {**envelope, "recorded_at": local(f"{event.day} 20:00")}) for event, envelope in told]


async def a_live_world() -> World:
    world = World()
    world.clock.set(START)
    await world.learn(posting())
    await world.go_live()
    return world


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
    """State and standing claims of each obligation; not to owe a week is the same as having it waived by a posting."""
    return {
        thing.id: (thing.state, frozenset(line.standing for line in thing.lines if line.holds))
        for thing in world.obligations.things.values()
        if thing.grounds.waiver != "posting_ended"
    }


@given(st.data())
@tried(50, suppress_health_check=[HealthCheck.too_slow])
def test_order_duplicates_and_sweeps_do_not_matter(data: st.DataObject) -> None:
    told = data.draw(histories())
    repeated = data.draw(st.lists(st.integers(0, len(told) - 1), max_size=4))
    order = data.draw(st.permutations([*range(len(told)), *repeated]))
    hours = data.draw(st.lists(st.integers(0, HOURS // 3), min_size=len(order), max_size=len(order)))

    async def compared() -> tuple[World, World]:
        return await live(told, range(len(told)), [0] * len(told)), await live(told, order, hours)

    straight, crooked = asyncio.run(compared())

    assert what_is_owed(crooked) == what_is_owed(straight)
    assert still_held(crooked.obligations.facts, of=what_is_owed(straight)) == still_held(
        straight.obligations.facts, of=what_is_owed(straight)
    )


@given(st.data())
@tried(20, suppress_health_check=[HealthCheck.too_slow])
def test_a_replay_from_zero_equals_what_was_lived(data: st.DataObject) -> None:
    told = data.draw(histories())
    hours = data.draw(st.lists(st.integers(0, HOURS // 3), min_size=len(told), max_size=len(told)))

    async def compared() -> tuple[World, World]:
        lived = await live(told, range(len(told)), hours)
        again = await a_live_world()
        await again.log.record(*recorded(again, told))
        again.clock.set(END)
        await again.consumer.drain()
        await again.sweep.turn(asyncio.Event())
        return lived, again

    lived, again = asyncio.run(compared())

    assert what_is_owed(again) == what_is_owed(lived)


def test_the_same_claim_may_stand_at_another_revision_when_everything_is_read_again() -> None:
    """Why this service is restored and never rebuilt into its own topic (ADR 16): corrections and awards name one."""
    told = [visit("2023-11-21 10:00")]

    async def compared() -> tuple[World, World]:
        return await live(told, [0], [24 * 16]), await live(told, [0], [0])

    def satisfied(world: World) -> list[int]:
        return [line.revision for line in world.owed("2023-W47").lines if line.holds and line.what == "satisfied"]

    lived, again = asyncio.run(compared())

    assert what_is_owed(lived) == what_is_owed(again)
    assert (satisfied(lived), satisfied(again)) == ([6], [1])
