"""A small world for the members service: a county with two townships, in-memory adapters behind the real front door."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from services.members.adapters.in_memory import (
    InMemoryAccessLog,
    InMemoryCalendars,
    InMemoryDisposals,
    InMemoryMembers,
    InMemoryOrganisations,
    InMemoryPostings,
    InMemoryTownships,
)
from services.members.adapters.in_memory_absences import InMemoryExemptions, InMemoryLeaves
from services.members.bootstrap import api_over
from services.members.use_cases.ports import Ports
from shared.events.base import Event, Fact
from shared.events.recording import Recorder
from shared.kernel.access import Caller, Grant, Role
from shared.kernel.ids import AccountId, derived_id
from shared.testing.access import KnownCallers, a_caller
from shared.testing.clock import StoppedClock
from tests.front_door import front_door

COUNTY, TOWNSHIP, ELSEWHERE = (derived_id(name) for name in ("county", "township", "elsewhere"))
GENERAL_BRANCH, BRANCH, FAR_BRANCH = (derived_id(name) for name in ("general branch", "branch", "far branch"))
CADRE, MEMBER = derived_id("cadre"), derived_id("member")


@dataclass(slots=True)
class World:
    """The service under test, who calls it, and what it recorded."""

    client: httpx.AsyncClient
    ports: Ports
    organisations: InMemoryOrganisations
    townships: InMemoryTownships
    members: InMemoryMembers
    postings: InMemoryPostings
    leaves: InMemoryLeaves
    exemptions: InMemoryExemptions
    calendars: InMemoryCalendars
    disposals: InMemoryDisposals
    access_log: InMemoryAccessLog
    clock: StoppedClock

    async def call(self, who: str, method: str, path: str, body: Any = None, *, seen: int | None = None) -> Any:
        """One request through the front door; gives the response."""
        headers = {"Authorization": f"Bearer {who}"}
        if seen is not None:
            headers["If-Match"] = f'"{seen}"'
        return await self.client.request(method, f"/api/members{path}", json=body, headers=headers)

    @property
    def facts(self) -> list[Fact[Event]]:
        """Everything recorded so far, collection by collection."""
        stores = (
            self.organisations,
            self.townships,
            self.members,
            self.postings,
            self.leaves,
            self.exemptions,
            self.calendars,
            self.disposals,
        )
        return [fact for store in stores for fact in store.facts]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as world:
        yield world


@asynccontextmanager
async def a_world() -> AsyncIterator[World]:
    """The world of these tests."""
    clock = StoppedClock()
    recorder = Recorder("members", clock)
    members, postings = InMemoryMembers(recorder), InMemoryPostings(recorder)
    leaves, exemptions = InMemoryLeaves(recorder), InMemoryExemptions(recorder)
    organisations = InMemoryOrganisations(recorder, members, postings, leaves, exemptions)
    townships, calendars = InMemoryTownships(recorder), InMemoryCalendars(recorder)
    disposals, access_log = InMemoryDisposals(recorder, members), InMemoryAccessLog()
    ports = Ports(
        organisations, townships, members, postings, leaves, exemptions, calendars, disposals, access_log, clock
    )
    callers = KnownCallers(
        {
            "county": a_caller(Role.COUNTY_ORGANISER, COUNTY),
            "organiser": a_caller(Role.ORGANISER, TOWNSHIP),
            "secretary": a_caller(Role.SECRETARY, TOWNSHIP),
            "branch secretary": a_caller(Role.BRANCH_SECRETARY, BRANCH),
            "cadre": a_caller(Role.CADRE, TOWNSHIP, person=CADRE),
            "member": a_caller(Role.MEMBER, BRANCH, person=MEMBER),
            "other member": a_caller(Role.MEMBER, BRANCH, person=derived_id("another")),
            "supervisor": a_caller(Role.SUPERVISOR, TOWNSHIP),
            "county desk": a_caller(Role.ORGANISER, COUNTY),
            "desk": Caller(AccountId("account of a desk"), None, (Grant(Role.ORGANISER, TOWNSHIP),)),
            "stranger": a_caller(Role.ORGANISER, ELSEWHERE),
            "newcomer": a_caller(Role.ORGANISER, an_organisation()["id"]),
            "administrator": a_caller(Role.ADMINISTRATOR, COUNTY),
        }
    )
    transport = front_door(api_over(ports, callers))
    async with httpx.AsyncClient(transport=transport, base_url="http://members") as client:
        stores = (organisations, townships, members, postings, leaves, exemptions, calendars, disposals, access_log)
        world = World(client, ports, *stores, clock)
        await _populate(world)
        yield world


async def _populate(world: World) -> None:
    for who, form in (
        ("county", an_organisation(id=COUNTY, kind="county", title="演示县委", parent_id=None, category=None)),
        ("county", an_organisation(id=TOWNSHIP, kind="township", parent_id=COUNTY, category=None)),
        ("county", an_organisation(id=ELSEWHERE, kind="township", title="邻乡", parent_id=COUNTY, category=None)),
        ("organiser", an_organisation(id=GENERAL_BRANCH, kind="general_branch", title="总支", category=None)),
        ("organiser", an_organisation(id=BRANCH, title="支部", parent_id=GENERAL_BRANCH)),
        ("stranger", an_organisation(id=FAR_BRANCH, title="远支部", parent_id=ELSEWHERE)),
    ):
        response = await world.call(who, "POST", "/organisations", form)
        assert response.status_code == 201, response.text


def an_organisation(**changed: Any) -> dict[str, Any]:
    """An organisation form that would be accepted: a village branch of the township."""
    form = {
        "id": derived_id("organisation"),
        "kind": "branch",
        "title": "演示村党支部",
        "parent_id": TOWNSHIP,
        "category": "village",
    }
    return {**form, **changed}


def a_change(**changed: Any) -> dict[str, Any]:
    """A change form for an organisation."""
    form = an_organisation(**changed)
    return {name: value for name, value in form.items() if name not in {"id", "kind"}}


def a_member(**changed: Any) -> dict[str, Any]:
    """A member form that would be accepted."""
    form = {
        "id": derived_id("a member"),
        "branch_id": BRANCH,
        "name": "某甲同志",
        "standing": "full",
        "joined_on": "2019-07-01",
        "person_id": MEMBER,
    }
    return {**form, **changed}


def a_posting(**changed: Any) -> dict[str, Any]:
    """A posting form that would be accepted."""
    form = {
        "id": derived_id("posting"),
        "cadre_id": CADRE,
        "organisation_id": BRANCH,
        "post": "village_cadre",
        "starts_on": "2023-01-01",
        "name": "某乙同志",
    }
    return {**form, **changed}


def a_leave(**changed: Any) -> dict[str, Any]:
    """A leave form that would be accepted once the cadre is posted."""
    form = {
        "id": derived_id("leave"),
        "cadre_id": CADRE,
        "organisation_id": TOWNSHIP,
        "starts_on": "2023-11-27",
        "ends_on": "2023-12-03",
        "reason": "年休假",
    }
    return {**form, **changed}


def an_exemption(**changed: Any) -> dict[str, Any]:
    """An exemption form that would be accepted once the member is enrolled."""
    form = {
        "id": derived_id("exemption"),
        "member_id": a_member()["id"],
        "starts_on": "2023-11-01",
        "ends_on": None,
        "ground": "illness",
    }
    return {**form, **changed}


def a_disposal(**changed: Any) -> dict[str, Any]:
    """A disposal form that would be accepted once the member is enrolled."""
    form = {
        "id": derived_id("case"),
        "member_id": a_member()["id"],
        "document_number": "演组发〔2023〕4号",
        "decided_on": "2023-11-01",
        "measure": "expelled",
    }
    return {**form, **changed}
