"""One suite for what builds change: in memory and for real."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from services.scoring.adapters.build_comparisons import MongoBuildComparisons
from services.scoring.adapters.in_memory_builds import InMemoryBuildComparisons
from services.scoring.adapters.rule_files import load_generation
from services.scoring.domain.build import Build
from services.scoring.domain.build_comparison import BuildComparison, CountyComparison
from services.scoring.domain.comparison import Comparison, Tried, compare
from services.scoring.use_cases.build_ports import BuildComparisons
from shared.events.scoring import Standard
from shared.testing.clock import StoppedClock
from tests.unit.scoring.domain.test_comparison import member, scored

NOW = StoppedClock().now()
LIVE = Build.first(load_generation(), NOW)
BUILD = LIVE.again(2, NOW)
REBUILD = LIVE.again(3, NOW)


@pytest.fixture(params=["in memory", "mongodb"])
def comparisons(request: pytest.FixtureRequest) -> BuildComparisons:
    """Every test of the suite runs over both."""
    if request.param == "in memory":
        return InMemoryBuildComparisons()
    return MongoBuildComparisons(request.getfixturevalue("database"))


def a_result(points: int = 80) -> Comparison:
    """One who moves, one who is gone, one who stays."""
    tried = (Tried("a", "2023", member(100), member(points)), Tried("b", "2023", member(70), None))
    return compare([*tried, Tried("c", "2023", member(90), member(90))], ["2022", "2023"])


def a_comparison(build: Build = BUILD, *parts: tuple[str, Standard]) -> BuildComparison:
    made = BuildComparison.of(build, LIVE, NOW)
    of = parts or (("county", "branch"), ("county", "member"))
    return made.with_parts(CountyComparison(county, standard, a_result()) for county, standard in of)


def without_movers(comparison: BuildComparison) -> BuildComparison:
    return comparison.with_parts(replace(part, result=replace(part.result, movers=())) for part in comparison.parts)


async def test_a_comparison_comes_back_as_it_was_made(comparisons: BuildComparisons) -> None:
    made = a_comparison()
    before = scored("cadre", weekly_visit=200, weekly_attainable=500)
    after = scored("cadre", weekly_visit=100, weekly_attainable=500)
    moved = compare([Tried("somebody", "2023-Q4", before, after)], ["2023-Q4"])
    made = made.with_parts([*made.parts, CountyComparison("other", "cadre", moved)])
    await comparisons.keep(made)

    assert await comparisons.find(BUILD.id) == made
    assert await comparisons.find(REBUILD.id) is None


async def test_a_list_is_without_those_who_move(comparisons: BuildComparisons) -> None:
    unavailable = BuildComparison.of(REBUILD, LIVE, NOW).unavailable("比较中断")
    await comparisons.keep(unavailable)
    await comparisons.keep(a_comparison())

    assert list(await comparisons.all()) == [without_movers(a_comparison()), unavailable]


async def test_one_takes_the_place_of_an_earlier_one(comparisons: BuildComparisons) -> None:
    later = replace(BUILD, asked_at=NOW + timedelta(hours=1))
    await comparisons.keep(a_comparison(BUILD, ("county", "branch"), ("gone", "branch")))
    await comparisons.keep(a_comparison(later, ("county", "branch")))
    found = await comparisons.find(BUILD.id)

    assert found == a_comparison(later, ("county", "branch"))
    assert found.is_of(later)
    assert not found.is_of(BUILD)


async def test_who_keeps_the_same_at_once_keeps_it_once(comparisons: BuildComparisons) -> None:
    await asyncio.gather(*(comparisons.keep(a_comparison()) for _ in range(5)))

    assert await comparisons.find(BUILD.id) == a_comparison()


async def test_one_is_removed_by_name(comparisons: BuildComparisons) -> None:
    for build in (LIVE, BUILD, REBUILD):
        await comparisons.keep(a_comparison(build))
    await comparisons.drop(LIVE.id)

    assert await comparisons.find(LIVE.id) is None
    assert set(await comparisons.names()) == {BUILD.id, REBUILD.id}
    assert await comparisons.find(BUILD.id) == a_comparison()
