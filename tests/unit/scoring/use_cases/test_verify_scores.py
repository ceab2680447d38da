"""Verifying names the first thing that is not what the facts say, and is content while facts go on coming."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from services.scoring.adapters.rule_files import load_generation
from services.scoring.domain.awards import Award
from services.scoring.domain.build import Build
from services.scoring.domain.card import Card, Day, Total, correction_day
from services.scoring.use_cases.build_ports import BuildPorts
from services.scoring.use_cases.fold_into_builds import fold_into_builds
from services.scoring.use_cases.rebuild_scores import rebuild_scores
from services.scoring.use_cases.settle_builds import settle_builds
from services.scoring.use_cases.verify_scores import Differs, Verified, verify_scores
from shared.events.base import Event, Fact
from tests.tried import tried
from tests.unit.scoring import sealing
from tests.unit.scoring.build_world import BuildWorld
from tests.unit.scoring.facts import VisitLife

GENERATION = load_generation()


def told() -> list[Fact[Event]]:
    lives = [VisitLife(f"{number}").log(date(2023, 9, 1 + number)) for number in range(20)]
    lives[3].correct(date(2023, 10, 2))
    lives[4].withdraw()
    return [fact for life in lives for fact in life.facts]


async def a_world() -> BuildWorld:
    world = BuildWorld()
    await settle_builds(world.ports)
    await world.publish(told())
    return world


async def at_once(_: float) -> None:
    await asyncio.sleep(0)


async def verified(world: BuildWorld) -> Verified:
    return await verify_scores(world.ports, lambda _: None, at_once)


async def refusal(world: BuildWorld) -> str:
    with pytest.raises(Differs) as refused:
        await verified(world)
    return str(refused.value)


def some_entry(world: BuildWorld) -> Award:
    return next(iter(world.ledger_of(GENERATION.id).values()))


async def test_what_was_folded_is_what_the_facts_say() -> None:
    found = await verified(await a_world())

    assert (found.facts, found.entries, found.cards) == (22, 23, 2)


async def test_nothing_can_be_verified_before_anything_is_live() -> None:
    assert "还没有启用" in await refusal(BuildWorld())


async def test_a_missing_entry_is_named() -> None:
    world = await a_world()
    gone = some_entry(world)
    del world.ledger_of(GENERATION.id)[gone.id]

    said = await refusal(world)

    assert "缺少一条" in said
    assert all(part in said for part in (gone.id, gone.event_id, gone.rule_id, str(gone.day), gone.card.subject_id))


async def test_an_entry_no_fact_explains_is_named() -> None:
    world = await a_world()
    made_up = replace(some_entry(world), id="made up", award_id="made up")  # type: ignore[arg-type]
    world.ledger_of(GENERATION.id)[made_up.id] = made_up

    said = await refusal(world)

    assert "多出一条" in said
    assert "made up" in said


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda entry: replace(entry, points=300), "points 应为 200，实为 300"),
        (lambda entry: replace(entry, points=-1), "points 应为 200，实为 -1"),
        (lambda entry: replace(entry, book_version="1999.1"), "book_version 应为"),
        (lambda entry: replace(entry, entry="history"), "entry 应为 live，实为 history"),
        (lambda entry: replace(entry, recorded_at=entry.occurred_at), "recorded_at 应为"),
    ],
)
async def test_every_field_of_an_entry_is_compared(change: Callable[[Award], Award], what: str) -> None:
    world = await a_world()
    entry = some_entry(world)
    world.ledger_of(GENERATION.id)[entry.id] = change(entry)

    said = await refusal(world)

    assert entry.id in said
    assert what in said


async def test_one_point_less_or_two_are_told_apart() -> None:
    world = await a_world()
    for fact in told():
        for entry in GENERATION.awards(fact):
            world.ledger_of(GENERATION.id)[entry.id] = replace(entry, points=-2)

    assert "应为" in await refusal(world)


async def test_a_card_that_says_something_else_is_named() -> None:
    world = await a_world()
    cards = world.results.of(GENERATION.id).all_cards.kept
    key = next(iter(cards))
    day = next(iter(cards[key].totals))
    cards[key] = Card(key, {**cards[key].totals, day: Total(1, 900, 1)})

    said = await refusal(world)

    assert "台账合计" in said
    assert key.subject_id in said
    assert f"{day.rule_id}，{day.on}" in said


async def test_a_card_without_entries_is_named() -> None:
    world = await a_world()
    key = replace(next(iter(world.cards_of(GENERATION.id))), subject_id="nobody")
    world.results.of(GENERATION.id).all_cards.kept[key] = Card(
        key, {Day("weekly-visit", date(2023, 9, 1)): Total(1, 2, 1)}
    )

    assert "nobody" in await refusal(world)


async def test_a_correction_nobody_made_is_named() -> None:
    world = await a_world()
    cards = world.results.of(GENERATION.id).all_cards.kept
    key = next(iter(cards))
    day = correction_day("2023-Q2", date(2023, 7, 1))
    cards[key] = Card(key, {**cards[key].totals, day: Total(1, 100, 1)})

    assert "correction/2023-Q2" in await refusal(world)


async def test_facts_that_come_meanwhile_are_no_difference() -> None:
    world = await a_world()
    late = VisitLife("late").log(date(2023, 9, 3)).facts

    class Coming:
        """The ledger grows after it was acknowledged up to somewhere, and before the log's end is asked for."""

        def __getattr__(self, name: str) -> object:
            return getattr(world.log, name)

        async def acknowledged(self) -> object:
            found = await world.log.acknowledged()
            world.log.tell(late)
            await fold_into_builds(late, world.ports.builds, world.ports_of)
            return found

    ports: BuildPorts = replace(world.ports, log=Coming())  # type: ignore[arg-type]
    found = await verify_scores(ports, lambda _: None, at_once)

    assert found.entries == 24


async def test_facts_not_folded_yet_are_no_difference() -> None:
    world = await a_world()
    world.log.tell(VisitLife("late").log(date(2023, 9, 3)).facts)

    assert (await verified(world)).entries == 23


@tried(10)
@given(sealing.cadres())
def test_sealed_periods_and_their_corrections_are_verified_too(telling: sealing.Telling) -> None:
    async def run() -> None:
        _, facts, _ = await sealing.lived(telling)
        world = BuildWorld()
        await settle_builds(world.ports)
        for fact in facts:
            await world.publish([fact])
        found = await verified(world)

        assert found.facts == len(facts)

    asyncio.run(run())


async def test_who_asks_for_a_rebuild_is_told_how_it_goes() -> None:
    world = await a_world()
    seen: list[str] = []

    async def pause(_: float) -> None:
        [build] = [each for each in await world.ports.builds.all() if each.state in {"building", "ready"}]
        if build.state == "ready":
            await world.ports.builds.switch(build.id)
        elif build.facts:
            await world.ports.builds.finished(build.id)
        else:
            await world.ports.builds.progress(build.id, 7)

    def tell(build: Build) -> None:
        seen.append(f"{build.state} {build.facts}")

    ended = await rebuild_scores(world.ports, tell, pause)

    assert ended.state == "live"
    assert seen == ["building 0", "building 7", "ready 7", "live 7"]


async def test_where_nobody_builds_one_does_not_wait_for_ever() -> None:
    world = await a_world()

    ended = await rebuild_scores(world.ports, lambda _: None, at_once)

    assert ended.state == "building"
