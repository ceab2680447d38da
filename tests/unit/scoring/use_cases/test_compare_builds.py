"""What a build changes is reckoned before it is shown: who moves, by which rule; what is sealed does not."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest

from services.scoring.adapters.rule_files import load_generation
from services.scoring.domain.awards import CardKey
from services.scoring.domain.build import Build
from services.scoring.domain.build_comparison import periods_compared
from services.scoring.domain.card import Card
from services.scoring.domain.comparison import RuleChange, RuleEffect
from services.scoring.domain.generation import Generation
from services.scoring.domain.refusals import SubjectUnknown
from services.scoring.domain.seal import seal
from services.scoring.use_cases import compare_builds as module
from services.scoring.use_cases.build_generation import build_generation
from services.scoring.use_cases.build_ports import BuildPorts
from services.scoring.use_cases.clear_builds import clear_builds
from services.scoring.use_cases.compare_builds import compare_builds, comparison_of, leave_uncompared
from services.scoring.use_cases.correct_sealed import known_of
from services.scoring.use_cases.fold_facts import fold_facts
from services.scoring.use_cases.ports import Ports
from services.scoring.use_cases.switch_build import switch_build
from shared.events.base import Event, Fact
from shared.events.scoring import Standard
from shared.kernel.access import OrganisationPath
from shared.kernel.errors import Unavailable
from shared.kernel.ids import derived_id
from tests.unit.scoring.build_world import BuildWorld, dearer_visits
from tests.unit.scoring.building import a_ready_build, a_world, compared, of, people, visited
from tests.unit.scoring.conftest import a_posting, an_organisation
from tests.unit.scoring.facts import CADRE, PATH, VisitLife

GENERATION = load_generation()
CHANGED, BOOK = dearer_visits()
THIRD, FOURTH = "2023-Q3", "2023-Q4"
OTHER_COUNTY = derived_id("another county")


async def test_who_moves_is_told_with_the_rule_that_does_it() -> None:
    world = await a_world([*people(CADRE), *visited(CADRE, date(2023, 10, 10))])
    build = await a_ready_build(world, BOOK)

    found = await compared(world, build)
    [mover] = of(found, "cadre").movers
    third, fourth = of(found, "cadre").periods

    assert (mover.subject_id, mover.period, mover.before, mover.after) == (CADRE, FOURTH, 4000, 2000)
    assert mover.rules == (RuleChange("weekly-visit", "每周走访", "rule", 200, 100),)
    assert (third.period, third.down, third.unchanged) == (THIRD, 0, 1)
    assert (fourth.period, fourth.down, fourth.unchanged) == (FOURTH, 1, 0)
    assert fourth.rules == (RuleEffect("weekly-visit", "每周走访", "rule", 0, 1),)
    assert of(found, "branch").moved == of(found, "member").moved == 0
    assert [period.period for period in of(found, "branch").periods] == ["2023"]
    assert (found.beside, found.reason) == (GENERATION.id, None)


async def test_a_rebuild_moves_nobody() -> None:
    world = await a_world([*people(CADRE), *visited(CADRE, date(2023, 7, 11), date(2023, 10, 10))])
    build = await a_ready_build(world)

    found = await compared(world, build)

    assert [part.result.moved for part in found.parts] == [0, 0, 0]
    assert [period.before for period in of(found, "cadre").periods] == [
        period.after for period in of(found, "cadre").periods
    ]


async def test_what_is_sealed_does_not_move() -> None:
    world = await a_world([*people(CADRE), *visited(CADRE, date(2023, 7, 11), date(2023, 10, 10))])
    live = await world.ports.builds.live()
    assert live is not None
    key, own = CardKey("cadre", CADRE, THIRD), world.ports_of(live)
    await world.seals.put(seal(key, await known_of(("cadre", CADRE), own, key), own.generation, world.clock.now()))
    build = await a_ready_build(world, BOOK)

    found = of(await compared(world, build), "cadre")

    assert [(period.period, period.down) for period in found.periods] == [(THIRD, 0), (FOURTH, 1)]


async def test_counties_are_compared_each_by_itself() -> None:
    theirs = derived_id("their cadre")
    elsewhere = an_organisation(derived_id("their branch"), "branch", OrganisationPath((OTHER_COUNTY, "a", "b")))
    posted = a_posting(theirs, OrganisationPath((OTHER_COUNTY, "a", "b")))
    day = date(2023, 10, 10)
    world = await a_world([*people(CADRE), elsewhere, posted, *visited(CADRE, day), *visited(theirs, day)])
    build = await a_ready_build(world, BOOK)

    found = await compared(world, build)

    assert [mover.subject_id for mover in of(found, "cadre").movers] == [CADRE]
    assert [mover.subject_id for mover in of(found, "cadre", OTHER_COUNTY).movers] == [theirs]


async def test_page_by_page_is_the_same_as_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    cadres = [derived_id("cadre", number) for number in range(9)]
    leaders = [a_posting(derived_id("leader", number), PATH, post="leader") for number in range(4)]
    told = [*people(*cadres), *leaders, *(fact for each in cadres for fact in visited(each, date(2023, 10, 10)))]
    applies_to = BOOK.applies_to.model_copy(update={"posts": ("leader",)})
    world = await a_world(told)
    build = await a_ready_build(world, BOOK.model_copy(update={"applies_to": applies_to}))
    at_once = await compared(world, build)
    await world.comparisons.drop(build.id)
    monkeypatch.setattr(module, "_PAGE", 2)

    assert await compared(world, build) == at_once
    [_, fourth] = of(at_once, "cadre").periods
    assert (fourth.before.scored, fourth.after.scored, fourth.unknown) == (9, 4, 9)


async def test_what_is_compared_once_stays_until_the_build_is_asked_for_again() -> None:
    world = await a_world([*people(CADRE), *visited(CADRE, date(2023, 10, 10))])
    build = await a_ready_build(world, BOOK)
    first = await compared(world, build)
    world.clock.advance(minutes=1)
    assert await compared(world, build) == first
    assert await switch_build(build.id, world.ports)
    assert await comparison_of(build, world.ports) is not None
    back = await world.ports.builds.go_back(GENERATION.id, world.clock.now())
    assert await compare_builds(back.id, world.ports) is None
    await build_generation(back.id, world.ports)

    again = await compared(world, back)
    assert (again.beside, of(again, "cadre").movers[0].change) == (build.id, 2000)
    assert await switch_build(back.id, world.ports)
    forth = await world.ports.builds.go_back(build.id, world.clock.now())
    assert await comparison_of(forth, world.ports) is None


async def test_nothing_is_switched_to_before_it_is_compared() -> None:
    world = await a_world([*people(CADRE)])
    build = await a_ready_build(world)
    assert await comparison_of(build, world.ports) is None

    assert await switch_build(build.id, world.ports)

    assert await comparison_of(build, world.ports) is not None


class Refuses:
    """A directory of which one question fails."""

    def __init__(self, world: BuildWorld, error: Exception) -> None:
        self._world, self._error = world, error

    def __getattr__(self, name: str) -> object:
        return getattr(self._world.directory, name)

    async def counties(self) -> Sequence[str]:
        raise self._error


def failing(world: BuildWorld, error: Exception) -> BuildPorts:
    return replace(world.ports, directory=Refuses(world, error))  # type: ignore[arg-type]


async def test_a_part_that_is_away_is_waited_for_and_decides_nothing() -> None:
    world = await a_world([*people(CADRE)])
    build = await a_ready_build(world)

    with pytest.raises(Unavailable):
        await switch_build(build.id, failing(world, Unavailable("mongodb")))

    assert await comparison_of(build, world.ports) is None
    assert await switch_build(build.id, world.ports)


async def test_what_is_refused_is_said_and_holds_up_no_switch() -> None:
    world = await a_world([*people(CADRE)])
    build = await a_ready_build(world)

    assert await switch_build(build.id, failing(world, SubjectUnknown()))

    found = await comparison_of(build, world.ports)
    assert found is not None
    assert (found.reason, found.parts) == (str(SubjectUnknown()), ())


async def test_one_that_never_ends_is_left_and_one_that_is_there_stays() -> None:
    world = await a_world([*people(CADRE)])
    build = await a_ready_build(world)
    await leave_uncompared(build, "比较中断", world.ports)
    left = await comparison_of(build, world.ports)
    await world.comparisons.drop(build.id)
    made = await compared(world, build)
    await leave_uncompared(build, "比较中断", world.ports)

    assert left is not None
    assert left.reason == "比较中断"
    assert await comparison_of(build, world.ports) == made


class Behind:
    """The cards of a build into which the worker folds just after they were looked at first."""

    def __init__(self, own: Ports, late: Sequence[Fact[Event]]) -> None:
        self._own, self._late = own, late

    async def get(self, keys: Collection[CardKey]) -> Mapping[CardKey, Card]:
        found = await self._own.cards.get(keys)
        if any(key.period == FOURTH for key in keys):
            await fold_facts(self._late, self._own)
        return found


async def test_who_got_a_fact_a_moment_earlier_under_one_build_does_not_move() -> None:
    world = await a_world([*people(CADRE), *visited(CADRE, date(2023, 10, 10))])
    build = await a_ready_build(world)
    late = VisitLife("late").log(date(2023, 10, 17)).facts
    live = await world.ports.builds.live()
    assert live is not None
    await fold_facts(late, world.ports_of(live))

    def ports_of(each: Build) -> Ports:
        own = world.ports_of(each)
        return own if each.id == live.id else replace(own, cards=Behind(own, late))  # type: ignore[arg-type]

    found = await compare_builds(build.id, replace(world.ports, ports_of=ports_of))

    assert found is not None
    assert of(found, "cadre").moved == 0


async def test_the_comparison_goes_with_the_build() -> None:
    world = await a_world([*people(CADRE)])
    for _ in range(4):
        build = await a_ready_build(world)
        await switch_build(build.id, world.ports)
        world.clock.advance(minutes=1)

    gone = await clear_builds(world.ports)

    assert f"{GENERATION.id}~2" in gone
    assert set(await world.comparisons.names()) == {f"{GENERATION.id}~{number}" for number in (3, 4, 5)}


def test_what_runs_now_and_the_last_period_are_compared_under_either_generation() -> None:
    yearly = BOOK.model_copy(update={"period": "year"})
    by_year = Generation((*(book for book in GENERATION.books if book.standard != "cadre"), yearly))
    nothing = Generation(())
    today = date(2023, 11, 20)

    assert _names((GENERATION, CHANGED), "cadre", today) == [THIRD, FOURTH]
    assert _names((GENERATION, by_year), "cadre", today) == ["2022", THIRD, "2023", FOURTH]
    assert _names((nothing, nothing), "cadre", today) == []
    assert _names((nothing, GENERATION), "member", today) == ["2022", "2023"]


def _names(generations: Sequence[Generation], standard: Standard, today: date) -> list[str]:
    return [period.name for period in periods_compared(generations, standard, today)]
