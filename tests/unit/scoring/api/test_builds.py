"""Builds through the front door: which there are, what each changed, and nobody of another county."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from services.scoring.adapters.rule_files import load_generation
from services.scoring.api import builds
from services.scoring.domain.build import Build
from services.scoring.settings import SERVICE, TITLE
from services.scoring.use_cases.build_ports import BuildsOnRecord
from services.scoring.use_cases.compare_builds import leave_uncompared
from services.scoring.use_cases.switch_build import switch_build
from shared.kernel.access import OrganisationPath, Role
from shared.kernel.ids import derived_id
from shared.testing.access import KnownCallers, a_caller
from shared.web.app import create_app
from tests.front_door import front_door
from tests.unit.scoring.build_world import BuildWorld, dearer_visits
from tests.unit.scoring.building import a_ready_build, a_world, people, visited
from tests.unit.scoring.conftest import a_posting, an_organisation
from tests.unit.scoring.facts import CADRE, COUNTY, TOWNSHIP

GENERATION = load_generation()
THEIR_COUNTY, THEIR_CADRE = derived_id("their county"), derived_id("their cadre")
THERE = OrganisationPath((THEIR_COUNTY, derived_id("their township"), derived_id("their branch")))
DAY = date(2023, 10, 10)


@dataclass(slots=True)
class Desk:
    """Who asks about builds, and what they are asked about."""

    client: httpx.AsyncClient
    world: BuildWorld

    async def get(self, who: str, path: str = "") -> httpx.Response:
        """One request through the front door."""
        return await self.client.get(f"/api/scoring/builds{path}", headers={"Authorization": f"Bearer {who}"})

    async def read(self, who: str, path: str = "") -> Any:
        """The body of a request that succeeds."""
        response = await self.get(who, path)
        assert response.status_code == 200, response.text
        return response.json()

    async def publish(self) -> Build:
        """A visit gives other points: built, compared, shown."""
        self.world.clock.advance(minutes=1)
        build = await a_ready_build(self.world, dearer_visits()[1])
        await switch_build(build.id, self.world.ports)
        return build


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    theirs = [an_organisation(THERE.organisation_id, "branch", THERE), a_posting(THEIR_CADRE, THERE)]
    world = await a_world([*people(CADRE), *theirs, *visited(CADRE, DAY), *visited(THEIR_CADRE, DAY)])
    callers = KnownCallers(
        {
            "county": a_caller(Role.COUNTY_ORGANISER, COUNTY),
            "other county": a_caller(Role.COUNTY_ORGANISER, THEIR_COUNTY),
            "of a township": a_caller(Role.COUNTY_ORGANISER, TOWNSHIP),
            "organiser": a_caller(Role.ORGANISER, TOWNSHIP),
        }
    )
    app = create_app(SERVICE, TITLE, verifier=callers, routers=(builds.router,), checks=())
    app.state.builds = BuildsOnRecord(world.ports.builds, world.comparisons)
    async with httpx.AsyncClient(transport=front_door(app), base_url="http://scoring") as client:
        yield Desk(client, world)


async def test_the_list_says_how_many_moved_and_names_nobody(desk: Desk) -> None:
    await desk.publish()

    response = await desk.get("county")

    [build, first] = response.json()["items"]
    assert (build["state_title"], build["reason_title"], first["state_title"]) == ("启用", "细则公布", "保留")
    assert [book["version"] for book in build["books"] if book["standard"] == "cadre"] == ["2023.1", "2023.9"]
    assert (build["comparison"]["beside"], build["comparison"]["reason"]) == (GENERATION.id, None)
    assert first["comparison"] is None
    [cadres] = [part for part in build["comparison"]["standards"] if part["standard"] == "cadre"]
    [third, fourth] = cadres["periods"]
    assert (cadres["county_id"], cadres["moved"]) == (COUNTY, 1)
    assert (third["unchanged"], fourth["down"], fourth["after"]["scored"]) == (1, 1, 1)
    [rule] = fourth["rules"]
    assert (rule["rule_id"], rule["more"], rule["less"]) == ("weekly-visit", 0, 1)
    assert CADRE not in response.text


async def test_one_build_names_who_moved_to_his_own_county_alone(desk: Desk) -> None:
    build = await desk.publish()

    ours, theirs = await desk.read("county", f"/{build.id}"), await desk.read("other county", f"/{build.id}")
    without_a_county = await desk.read("of a township", f"/{build.id}")

    [mover] = movers(ours)
    assert (mover["subject_id"], float(mover["before"]), float(mover["after"])) == (CADRE, 40, 20)
    assert [rule["rule_id"] for rule in mover["rules"]] == ["weekly-visit"]
    assert [mover["subject_id"] for mover in movers(theirs)] == [THEIR_CADRE]
    assert without_a_county["comparison"]["standards"] == []


async def test_what_could_not_be_compared_says_why(desk: Desk) -> None:
    build = await a_ready_build(desk.world)
    await leave_uncompared(build, "比较中断", desk.world.ports)

    found = await desk.read("county", f"/{build.id}")

    assert (found["state_title"], found["comparison"]["reason"]) == ("待启用", "比较中断")
    assert found["comparison"]["standards"] == []


async def test_a_comparison_of_an_earlier_asking_is_not_shown(desk: Desk) -> None:
    await desk.publish()
    desk.world.clock.advance(minutes=1)
    back = await desk.world.ports.builds.go_back(GENERATION.id, desk.world.clock.now())
    before = replace(back, asked_at=back.asked_at - timedelta(days=1))
    await leave_uncompared(before, "从前", desk.world.ports)

    found = await desk.read("county", f"/{back.id}")

    assert (found["state_title"], found["comparison"]) == ("生成中", None)


async def test_it_is_for_who_publishes_rule_books(desk: Desk) -> None:
    refused = await desk.get("organiser")
    unknown = await desk.get("county", "/nobody")

    assert (refused.status_code, refused.json()["code"]) == (403, "access.forbidden")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "build.unknown")
    assert unknown.headers["content-type"] == "application/problem+json"


def movers(build: Any) -> list[dict[str, Any]]:
    return [mover for part in build["comparison"]["standards"] for mover in part["movers"]]
