"""A county whose builds are compared: cadres who visit, a build that is ready, what its comparison says."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from services.scoring.domain.build import Build
from services.scoring.domain.build_comparison import BuildComparison
from services.scoring.domain.comparison import Comparison
from services.scoring.domain.rule_book import RuleBook
from services.scoring.use_cases.build_generation import build_generation
from services.scoring.use_cases.compare_builds import compare_builds
from services.scoring.use_cases.settle_builds import settle_builds
from shared.events.base import Event, Fact
from shared.events.scoring import Standard
from shared.kernel.access import OrganisationPath
from tests.unit.scoring.build_world import BuildWorld
from tests.unit.scoring.conftest import a_posting, an_organisation
from tests.unit.scoring.facts import BRANCH, COUNTY, PATH, TOWNSHIP, ObligationLife, VisitLife


def visited(cadre_id: str, *days: date) -> list[Fact[Event]]:
    """A week owed on each of these days, and a visit in it."""
    weeks = [ObligationLife("weekly-visit", day + timedelta(days=6 - day.weekday()), cadre_id).open() for day in days]
    visits = [VisitLife(f"{cadre_id} {day}", cadre_id).log(day) for day in days]
    return [*(fact for week in weeks for fact in week.facts), *(fact for visit in visits for fact in visit.facts)]


def people(*cadre_ids: str, county: str = COUNTY) -> list[Fact[Event]]:
    """A county with a branch, where these cadres are posted."""
    path = OrganisationPath((county, *PATH.segments[1:]))
    tree = (
        an_organisation(county, "county", OrganisationPath((county,))),
        an_organisation(TOWNSHIP, "township", OrganisationPath(path.segments[:2])),
        an_organisation(BRANCH, "branch", path),
    )
    return [*tree, *(a_posting(cadre_id, path) for cadre_id in cadre_ids)]


async def a_ready_build(world: BuildWorld, *books: RuleBook) -> Build:
    """What these books make of all that was told; without any, what is live made anew."""
    if books:
        world.published.books = books
        await settle_builds(world.ports)
    else:
        await world.ports.builds.rebuild(world.clock.now())
    build = (await world.ports.builds.all())[-1]
    assert await build_generation(build.id, world.ports)
    return replace(build, state="ready")


async def a_world(facts: Iterable[Fact[Event]]) -> BuildWorld:
    world = BuildWorld()
    await settle_builds(world.ports)
    await world.publish(facts)
    return world


async def compared(world: BuildWorld, build: Build) -> BuildComparison:
    found = await compare_builds(build.id, world.ports)
    assert found is not None
    return found


def of(comparison: BuildComparison, standard: Standard, county: str = COUNTY) -> Comparison:
    [part] = [part for part in comparison.parts if (part.standard, part.county_id) == (standard, county)]
    return part.result
