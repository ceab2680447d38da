"""A small world of the laboratory: two townships with branches and cadres, the shipped books, facts in a list."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import httpx

from services.scoring.adapters.in_memory import InMemoryCards
from services.scoring.adapters.in_memory_directory import InMemoryDirectory
from services.scoring.adapters.in_memory_drafts import in_memory_publication
from services.scoring.adapters.in_memory_trials import InMemoryFactLog, InMemoryTrials, in_memory_laboratory
from services.scoring.adapters.rule_files import RULES, load_generation
from services.scoring.api import laboratory, rule_book_drafts
from services.scoring.settings import SERVICE, TITLE
from services.scoring.use_cases.follow_members import follow_members
from services.scoring.use_cases.laboratory_ports import LaboratoryPorts
from services.scoring.use_cases.run_trial import run_trial
from shared.kernel.access import OrganisationPath, Role
from shared.kernel.ids import derived_id
from shared.testing.access import KnownCallers, a_caller
from shared.testing.clock import StoppedClock
from shared.web.app import create_app
from tests.front_door import front_door
from tests.unit.scoring.conftest import FAR_CADRE, a_posting, an_organisation
from tests.unit.scoring.facts import BRANCH, CADRE, COUNTY, OTHER_BRANCH, OTHER_CADRE, OTHER_TOWNSHIP, TOWNSHIP
from tests.unit.scoring.oracle import Life

TRIAL = derived_id("trial")
LIVE = (RULES / "standards" / "cadre.2023.1.yaml").read_text(encoding="utf-8")


def a_text(*, version: str = "2024.1", start: date = date(2023, 10, 1), visit: str = "4") -> str:
    """The cadre standard with another version, start, and points of a week's visit."""
    text = LIVE.replace('"2023.1"', f'"{version}"').replace("from: 2023-01-01", f"from: {start}")
    text = text.replace("award: {to: cadre_id, points: 2}", f"award: {{to: cadre_id, points: {visit}}}")
    return text.replace("cap: {points: 2, per: week}", f"cap: {{points: {visit}, per: week}}")


def a_trial(**changed: Any) -> dict[str, Any]:
    """A valid request of somebody with one scope."""
    form = {"id": TRIAL, "text": a_text(), "first_period": "2023-Q4", **changed}
    return {name: value for name, value in form.items() if value is not None}


@dataclass(slots=True)
class TrialWorld:
    """The laboratory under test and who calls it."""

    client: httpx.AsyncClient
    ports: LaboratoryPorts
    trials: InMemoryTrials
    log: InMemoryFactLog
    clock: StoppedClock

    async def call(self, who: str, method: str, path: str = "", body: Any = None, **more: Any) -> httpx.Response:
        """One request through the front door; gives the response."""
        headers = {"Authorization": f"Bearer {who}", **more.pop("headers", {})}
        if "seen" in more:
            headers["If-Match"] = f'"{more.pop("seen")}"'
        return await self.client.request(
            method, f"/api/scoring/laboratory{path}", json=body, headers=headers, params=more
        )

    async def done(self, who: str, method: str, path: str = "", body: Any = None, **more: Any) -> Any:
        """The body of a request that succeeds."""
        response = await self.call(who, method, path, body, **more)
        assert response.is_success, response.text
        return response.json()

    async def refusal(self, who: str, method: str, path: str = "", body: Any = None, **more: Any) -> Any:
        """Status, code and field of a request that is refused."""
        response = await self.call(who, method, path, body, **more)
        assert not response.is_success, response.text
        return response.status_code, response.json()["code"], response.json().get("field")

    def happen(self, *told: Life) -> None:
        """These facts are in the log."""
        self.log.kept.extend(fact for life in told for fact in life.facts)

    async def tried(self, who: str = "organiser", **changed: Any) -> Any:
        """The trial asked for, run and read."""
        asked = await self.done(who, "POST", body=a_trial(**changed))
        await run_trial(asked["id"], self.ports)
        return await self.done(who, "GET", f"/{asked['id']}")


@asynccontextmanager
async def a_trial_world() -> AsyncIterator[TrialWorld]:
    """A county with two townships."""
    clock, directory = StoppedClock(), InMemoryDirectory()
    publication = in_memory_publication(directory, clock, *load_generation().books)
    ports = in_memory_laboratory(publication, directory, clock)
    await _settle(directory)
    callers = KnownCallers(
        {
            "county": a_caller(Role.COUNTY_ORGANISER, COUNTY),
            "organiser": a_caller(Role.ORGANISER, TOWNSHIP),
            "secretary": a_caller(Role.SECRETARY, TOWNSHIP),
            "stranger": a_caller(Role.ORGANISER, OTHER_TOWNSHIP),
            "branch secretary": a_caller(Role.BRANCH_SECRETARY, BRANCH),
            "cadre": a_caller(Role.CADRE, TOWNSHIP, person=CADRE),
        }
    )
    app = create_app(SERVICE, TITLE, verifier=callers, routers=(laboratory.router, rule_book_drafts.router))
    app.state.laboratory, app.state.publication = ports, publication
    async with httpx.AsyncClient(transport=front_door(app), base_url="http://scoring") as client:
        trials, log = cast("InMemoryTrials", ports.trials), cast("InMemoryFactLog", ports.log)
        yield TrialWorld(client, ports, trials, log, clock)


async def _settle(directory: InMemoryDirectory) -> None:
    county = OrganisationPath((COUNTY,))
    township, elsewhere = county / TOWNSHIP, county / OTHER_TOWNSHIP
    for fact in (
        an_organisation(COUNTY, "county", county),
        an_organisation(TOWNSHIP, "township", township),
        an_organisation(OTHER_TOWNSHIP, "township", elsewhere),
        an_organisation(BRANCH, "branch", township / BRANCH),
        an_organisation(OTHER_BRANCH, "branch", township / OTHER_BRANCH),
        a_posting(CADRE, township / BRANCH),
        a_posting(OTHER_CADRE, township),
        a_posting(FAR_CADRE, elsewhere),
    ):
        await follow_members(fact, directory, InMemoryCards())
