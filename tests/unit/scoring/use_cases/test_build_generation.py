"""What is built beside the live generation is what one pure pass over all facts gives, whoever works meanwhile."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.adapters.builds import RegisteredBuilds
from services.scoring.adapters.drafts import BooksPeopleSee
from services.scoring.adapters.in_memory_drafts import in_memory_publication
from services.scoring.adapters.rule_files import load_generation
from services.scoring.domain.build import Build
from services.scoring.use_cases.announce_scores import announce_scores
from services.scoring.use_cases.build_generation import build_generation
from services.scoring.use_cases.build_ports import BuildPorts
from services.scoring.use_cases.clear_builds import clear_builds
from services.scoring.use_cases.fold_facts import fold_facts
from services.scoring.use_cases.fold_into_builds import fold_into_builds
from services.scoring.use_cases.ports import Ports
from services.scoring.use_cases.read_share import types_that_score
from services.scoring.use_cases.settle_builds import settle_builds, wanted_generation
from services.scoring.use_cases.switch_build import switch_build
from shared.events.base import Event, Fact
from shared.events.visits import VisitLogged
from shared.kernel.errors import Unavailable
from tests.tried import tried
from tests.unit.scoring import sealing
from tests.unit.scoring.build_world import BuildWorld, dearer_visits, the_ledger
from tests.unit.scoring.conftest import a_posting
from tests.unit.scoring.facts import CADRE, PATH, VisitLife
from tests.unit.scoring.turns import Turns

GENERATION = load_generation()


def visits(count: int, *, first: int = 0) -> list[Fact[Event]]:
    return [
        fact
        for number in range(first, first + count)
        for fact in VisitLife(f"{number}").log(date(2023, 9, 1 + number % 28)).facts
    ]


async def a_world(*facts: Fact[Event]) -> BuildWorld:
    world = BuildWorld()
    await settle_builds(world.ports)
    await world.publish(facts)
    return world


async def test_a_rebuild_is_what_people_see_entry_by_entry() -> None:
    world = await a_world(*visits(20))
    build = await world.ports.builds.rebuild(world.clock.now())

    assert await build_generation(build.id, world.ports)

    assert world.ledger_of(build.id) == world.ledger_of(GENERATION.id) != {}
    assert world.cards_of(build.id) == world.cards_of(GENERATION.id) != {}
    assert await switch_build(build.id, world.ports)


async def test_new_facts_go_into_all_that_are_not_kept() -> None:
    world = await a_world(*visits(3))
    build = await world.ports.builds.rebuild(world.clock.now())
    await build_generation(build.id, world.ports)
    await world.publish(visits(2, first=3))
    await switch_build(build.id, world.ports)
    await world.publish(visits(2, first=5))

    assert len(world.ledger_of(build.id)) == 7
    assert len(world.ledger_of(GENERATION.id)) == 5


async def test_going_back_brings_the_kept_one_up_to_date() -> None:
    world = await a_world(*visits(3))
    build = await world.ports.builds.rebuild(world.clock.now())
    await build_generation(build.id, world.ports)
    await switch_build(build.id, world.ports)
    await world.publish(visits(2, first=3))
    kept = await world.ports.builds.go_back(GENERATION.id, world.clock.now())

    assert await build_generation(kept.id, world.ports)
    assert await switch_build(kept.id, world.ports)
    assert world.ledger_of(GENERATION.id) == world.ledger_of(build.id)


async def test_a_publication_begins_a_build_by_itself_and_only_once() -> None:
    world = await a_world(*visits(3))
    changed, book = dearer_visits()
    world.published.books = (book,)
    for _ in range(2):
        await settle_builds(world.ports)
    [_, build] = await world.ports.builds.all()
    await build_generation(build.id, world.ports)
    await switch_build(build.id, world.ports)
    await settle_builds(world.ports)

    assert (build.generation.id, build.reason) == (changed.id, "published")
    assert {entry.points for entry in world.ledger_of(build.id).values()} == {100}
    assert [each.state for each in await world.ports.builds.all()] == ["kept", "live"]


async def test_what_is_shipped_and_published_is_built_once_as_it_was_published() -> None:
    world = await a_world()
    [book, *others] = GENERATION.books
    published = book.model_copy(update={"title": "公布时的说法"})
    world.published.books = (published,)

    assert (await wanted_generation(world.ports)).books == (published, *others)


async def test_a_trial_is_compared_with_the_books_people_see() -> None:
    world = await a_world()
    changed, book = dearer_visits()
    world.published.books = (book,)
    await settle_builds(world.ports)
    [_, build] = await world.ports.builds.all()
    publication = in_memory_publication(world.directory, world.clock, *GENERATION.books)
    books = BooksPeopleSee(world.ports.builds, publication.books)
    before = await books.live()
    await build_generation(build.id, world.ports)
    await switch_build(build.id, world.ports)

    assert (before, await books.live()) == (GENERATION.books, changed.books)


async def test_what_adding_holds_is_let_go_when_the_store_goes_away() -> None:
    world = await a_world(*visits(3))
    build = await world.ports.builds.rebuild(world.clock.now())
    closed: list[bool] = []

    class Away:
        async def add(self, _: object) -> None:
            raise Unavailable("mongodb")

        async def close(self) -> None:
            closed.append(True)

    with pytest.raises(Unavailable):
        await build_generation(build.id, replace(world.ports, bulk_of=lambda _: Away()))  # type: ignore[arg-type,return-value]

    assert closed == [True]


async def test_a_build_given_up_is_left_alone() -> None:
    world = await a_world(*visits(3))
    build = await world.ports.builds.rebuild(world.clock.now())
    await world.ports.builds.failed(build.id)

    assert not await build_generation(build.id, world.ports)
    assert not await build_generation("nobody", world.ports)
    assert world.ledger_of(build.id) == {}


async def test_a_build_given_up_meanwhile_stops() -> None:
    world = await a_world(*visits(3))
    build = await world.ports.builds.rebuild(world.clock.now())

    class GivesUp:
        def __getattr__(self, name: str) -> object:
            return getattr(world.log, name)

        async def ends(self) -> object:
            await world.ports.builds.failed(build.id)
            return await world.log.ends()

    assert not await build_generation(build.id, replace(world.ports, log=GivesUp()))  # type: ignore[arg-type]
    assert not await switch_build(build.id, world.ports)


async def test_what_nobody_needs_is_cleared_away() -> None:
    world = await a_world(*visits(3))
    for _ in range(4):
        build = await world.ports.builds.rebuild(world.clock.now())
        await build_generation(build.id, world.ports)
        await switch_build(build.id, world.ports)

    assert await clear_builds(world.ports) == sorted({GENERATION.id, f"{GENERATION.id}~2"})
    assert await clear_builds(world.ports) == []
    assert world.ledger_of(build.id) != {}


async def test_nothing_is_cleared_away_before_anything_is_live() -> None:
    world = BuildWorld()
    await world.results.of("an older release").ledger.add(GENERATION.awards(visits(1)[0]))

    assert await clear_builds(world.ports) == []


async def test_a_rebuild_tells_nothing_twice() -> None:
    world = await a_world(a_posting(CADRE, PATH), *visits(20))
    live = await world.ports.builds.live()
    assert live is not None
    assert await announce_scores(world.ports_of(live)) > 0
    told = list(world.told.facts)
    build = await world.ports.builds.rebuild(world.clock.now())
    await build_generation(build.id, world.ports)
    await switch_build(build.id, world.ports)

    await announce_scores(world.ports_of(build))

    assert world.told.facts == told != []


async def test_nobody_acknowledges_before_anything_is_live() -> None:
    world = BuildWorld()

    with pytest.raises(Unavailable):
        await fold_into_builds(visits(1), world.ports.builds, world.ports_of)


def test_facts_that_cannot_score_are_not_read() -> None:
    types = types_that_score(GENERATION)

    assert VisitLogged.TYPE in types
    assert "xianfeng.scoring.period.sealed.v1" in types
    assert "xianfeng.members.organisation.registered.v1" not in types
    assert "xianfeng.scoring.score.changed.v1" not in types


@tried(25)
@given(st.one_of(sealing.cadres(), sealing.members()), st.integers(0, 2**32), st.integers(1, 4))
def test_however_worker_and_builder_interleave_no_build_misses_a_fact(
    telling: sealing.Telling, seed: int, at_once: int
) -> None:
    asyncio.run(_interleaved(telling, seed, at_once))


async def _interleaved(telling: sealing.Telling, seed: int, at_once: int) -> None:
    _, told, _ = await sealing.lived(telling)
    world, turns = BuildWorld(), Turns(seed)
    await settle_builds(world.ports)
    builds = turns.of(RegisteredBuilds(world.register))

    def stepwise(build: Build) -> Ports:
        own = world.ports_of(build)
        return replace(own, ledger=turns.of(own.ledger), cards=turns.of(own.cards), seals=turns.of(own.seals))

    slow = replace(
        world.ports,
        builds=builds,
        ports_of=stepwise,
        bulk_of=lambda build: turns.of(world.results.of(build.id)),
        seals=turns.of(world.seals),
        log=turns.of(world.log),
    )

    async def publisher() -> None:
        for fact in told:
            await turns.mine()
            world.log.tell([fact])

    async def worker(number: int) -> None:
        place = number
        while place < len(told):
            await turns.mine()
            batch = world.log.told[place::2][:at_once]
            await turns.mine()
            if batch:
                await fold_into_builds(batch, builds, stepwise)
            place += 2 * len(batch)

    played = await turns.play(publisher(), worker(0), worker(1), _builder(slow, switch=seed % 2 == 0))
    build = played[-1]

    ledger = the_ledger(told, GENERATION)
    oracle = await _folded_one_by_one(told)
    for name in {GENERATION.id, build} if seed % 2 else {build}:
        assert world.ledger_of(name) == ledger
        assert world.cards_of(name) == oracle.cards_of(GENERATION.id)


async def _builder(slow: BuildPorts, *, switch: bool) -> str:
    build = await slow.builds.rebuild(slow.clock.now())
    assert await build_generation(build.id, slow)
    if switch:
        assert await switch_build(build.id, slow)
    return build.id


async def _folded_one_by_one(told: list[Fact[Event]]) -> BuildWorld:
    world = BuildWorld()
    live = await settle_builds(world.ports)
    for fact in told:
        await fold_facts([fact], world.ports_of(live))
    return world
