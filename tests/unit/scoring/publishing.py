"""A small world of publication: two counties, the shipped books, in-memory adapters behind the real front door."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import httpx

from services.scoring.adapters.in_memory_drafts import InMemoryDrafts, in_memory_publication
from services.scoring.adapters.rule_files import RULES, load_whitelist, parse_rule_book
from services.scoring.bootstrap import Beside, api_over
from services.scoring.domain.rule_book import RuleBook
from services.scoring.domain.subject import Organisation
from services.scoring.use_cases.ports import Ports
from services.scoring.use_cases.publication_ports import PublicationPorts
from shared.events.base import Event
from shared.kernel.access import OrganisationPath, Role
from shared.kernel.ids import derived_id
from shared.testing.access import KnownCallers, a_caller
from shared.testing.clock import StoppedClock
from tests.front_door import front_door
from tests.unit.scoring.facts import BRANCH, COUNTY, TOWNSHIP

FAR_COUNTY, FAR_TOWNSHIP = derived_id("far county"), derived_id("far township")
DRAFT = derived_id("draft")
BOOK = """\
standard: cadre
title: 联村干部履职
version: "2024.1"
period: quarter
effective: {from: 2024-01-01}
applies_to: {posts: [village_cadre]}
rules:
  - id: weekly-visit
    title: 每周走访
    source: {report: 周调研走访1次}
    on: visits.visit.logged.v1
    award: {to: cadre_id, points: 2}
    cap: {points: 2, per: week}
"""
FIRST = BOOK.replace('"2024.1"', '"2023.1"').replace("2024-01-01", "2023-01-01")
ASKED = {
    "from_on": "2023-11-06",
    "to_on": "2023-11-17",
    "participants": "各乡镇党委、联村干部代表 36 人",
    "opinions": "建议提高走访分值",
    "changes": "走访由 1 分改为 2 分",
}
BASIS = {"basis": "演组发〔2023〕12号"}


def a_book(text: str = FIRST) -> RuleBook:
    """A book as it is read from its text."""
    return parse_rule_book(text, load_whitelist(RULES / "whitelist.yaml"), "book.yaml")


@dataclass(slots=True)
class KnownOrganisations:
    """What members told of organisations."""

    known: Mapping[str, Organisation]

    async def organisation(self, organisation_id: str) -> Organisation | None:
        """The organisation."""
        return self.known.get(organisation_id)


@dataclass(slots=True)
class PublicationWorld:
    """The service under test and who calls it."""

    client: httpx.AsyncClient
    ports: PublicationPorts
    drafts: InMemoryDrafts
    clock: StoppedClock

    async def call(self, who: str, method: str, path: str, body: Any = None, *, seen: int | None = None) -> Any:
        """One request through the front door; gives the response."""
        headers = {"Authorization": f"Bearer {who}"}
        if seen is not None:
            headers["If-Match"] = f'"{seen}"'
        return await self.client.request(method, f"/api/scoring/rule-books{path}", json=body, headers=headers)

    async def done(self, who: str, method: str, path: str, body: Any = None, *, seen: int | None = None) -> Any:
        """The body of a request that succeeds."""
        response = await self.call(who, method, path, body, seen=seen)
        assert response.is_success, response.text
        return response.json()

    async def refusal(self, who: str, method: str, path: str, body: Any = None, *, seen: int | None = None) -> Any:
        """Status, code and sentence of a request that is refused."""
        response = await self.call(who, method, path, body, seen=seen)
        assert not response.is_success, response.text
        return response.status_code, response.json()["code"], response.json()["detail"]

    async def drafted(self, text: str = BOOK, *, id_: str = DRAFT) -> Any:
        """The county drafts a book."""
        return await self.done("county", "POST", "/drafts", {"id": id_, "organisation_id": COUNTY, "text": text})

    async def consulted(self, text: str = BOOK, *, id_: str = DRAFT) -> Any:
        """The county drafts a book and asks about it; it is at revision 2 then."""
        await self.drafted(text, id_=id_)
        return await self.done("county", "PUT", f"/drafts/{id_}/consultation", ASKED, seen=1)

    @property
    def events(self) -> list[Event]:
        """What was recorded."""
        return self.drafts.events


@asynccontextmanager
async def a_publication_world(*shipped: RuleBook) -> AsyncIterator[PublicationWorld]:
    """A county with a township, another one far away, and the books this service is shipped with."""
    clock = StoppedClock()
    ports = in_memory_publication(KnownOrganisations(_tree()), clock, *shipped)
    callers = KnownCallers(
        {
            "county": a_caller(Role.COUNTY_ORGANISER, COUNTY),
            "far county": a_caller(Role.COUNTY_ORGANISER, FAR_COUNTY),
            "organiser": a_caller(Role.ORGANISER, TOWNSHIP),
            "secretary": a_caller(Role.SECRETARY, TOWNSHIP),
            "far organiser": a_caller(Role.ORGANISER, FAR_TOWNSHIP),
            "branch secretary": a_caller(Role.BRANCH_SECRETARY, BRANCH),
            "member": a_caller(Role.MEMBER, BRANCH),
        }
    )
    scored = cast("Ports", SimpleNamespace(generation=SimpleNamespace(id="generation")))
    transport = front_door(api_over(scored, callers, (), Beside(publication=ports)))
    async with httpx.AsyncClient(transport=transport, base_url="http://scoring") as client:
        yield PublicationWorld(client, ports, cast("InMemoryDrafts", ports.drafts), clock)


def _tree() -> dict[str, Organisation]:
    county, far = OrganisationPath((COUNTY,)), OrganisationPath((FAR_COUNTY,))
    return {
        COUNTY: Organisation(COUNTY, county, "county", "演示县", None),
        TOWNSHIP: Organisation(TOWNSHIP, county / TOWNSHIP, "township", "演示乡", None),
        FAR_COUNTY: Organisation(FAR_COUNTY, far, "county", "远县", None),
        FAR_TOWNSHIP: Organisation(FAR_TOWNSHIP, far / FAR_TOWNSHIP, "township", "远乡", None),
    }


def starting(day: date, version: str = "2024.1", text: str = BOOK) -> str:
    """The example with another start and version."""
    return text.replace("2024-01-01", day.isoformat()).replace('"2024.1"', f'"{version}"')
