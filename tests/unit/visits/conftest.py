"""A small world for the visits service: two townships, two cadres, in-memory adapters behind the real front door."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx
import pytest

from services.visits.adapters.in_memory import InMemoryProblems, InMemoryVisits, in_memory_directory
from services.visits.adapters.procedures import read_deadlines
from services.visits.bootstrap import api_over
from services.visits.use_cases.follow_members import follow_members
from services.visits.use_cases.ports import Ports
from shared.events import members
from shared.events.base import Event
from shared.events.recording import Recorder
from shared.kernel.access import Caller, Grant, Role
from shared.kernel.ids import AccountId, PersonId, derived_id
from shared.testing.access import KnownCallers, a_caller
from shared.testing.clock import StoppedClock
from shared.testing.facts import a_fact
from tests.front_door import front_door

COUNTY, TOWNSHIP, ELSEWHERE = (derived_id(name) for name in ("county", "township", "elsewhere"))
BRANCH, FAR_BRANCH = derived_id("branch"), derived_id("far-branch")
CADRE, COLLEAGUE, BRANCH_SECRETARY = (derived_id(name) for name in ("cadre", "colleague", "branch-secretary"))
FAR_CADRE, COUNTY_CADRE = derived_id("far-cadre"), derived_id("county-cadre")
GO_LIVE, POSTED_ON = date(2023, 10, 2), date(2022, 3, 1)
BOTH = Caller(
    AccountId(derived_id("account", "both")),
    PersonId(CADRE),
    (Grant(Role.CADRE, TOWNSHIP), Grant(Role.BRANCH_SECRETARY, FAR_BRANCH)),
)
_DEADLINES = read_deadlines()


@dataclass(slots=True)
class World:
    """The service under test, who calls it, and what it recorded."""

    client: httpx.AsyncClient
    ports: Ports
    visits: InMemoryVisits
    problems: InMemoryProblems
    clock: StoppedClock

    async def call(self, who: str, method: str, path: str, body: Any = None, *, seen: int | None = None) -> Any:
        """One request through the front door; gives the response."""
        headers = {"Authorization": f"Bearer {who}"}
        if seen is not None:
            headers["If-Match"] = f'"{seen}"'
        return await self.client.request(method, f"/api/visits{path}", json=body, headers=headers)

    async def learn(self, event: Event, *, subject: str, path: str, revision: int = 1) -> None:
        """A fact of the members service reached the worker."""
        await follow_members(a_fact(event, subject=subject, path=path, revision=revision), self.ports)

    @property
    def published(self) -> list[str]:
        """The events recorded so far, by class name, visits first."""
        return [type(event).__name__ for event in (*self.visits.events, *self.problems.events)]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as world:
        yield world


@asynccontextmanager
async def a_world() -> AsyncIterator[World]:
    """The world of these tests."""
    clock = StoppedClock()
    recorder = Recorder("visits", clock)
    visits, problems = InMemoryVisits(recorder), InMemoryProblems(recorder)
    ports = Ports(visits, problems, in_memory_directory(), clock, _DEADLINES)
    callers = KnownCallers(
        {
            "cadre": a_caller(Role.CADRE, TOWNSHIP, person=CADRE),
            "colleague": a_caller(Role.CADRE, TOWNSHIP, person=COLLEAGUE),
            "branch secretary": a_caller(Role.BRANCH_SECRETARY, BRANCH, person=BRANCH_SECRETARY),
            "organiser": a_caller(Role.ORGANISER, TOWNSHIP),
            "secretary": a_caller(Role.SECRETARY, TOWNSHIP),
            "county": a_caller(Role.COUNTY_ORGANISER, COUNTY),
            "stranger": a_caller(Role.ORGANISER, ELSEWHERE),
            "member": a_caller(Role.MEMBER, BRANCH),
            "administrator": a_caller(Role.ADMINISTRATOR, COUNTY),
            "cadre who leads a far branch": BOTH,
            "desk of nobody": Caller(AccountId(derived_id("desk")), None, (Grant(Role.ORGANISER, TOWNSHIP),)),
        }
    )
    app = api_over(ports, callers)
    transport = front_door(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://visits") as client:
        world = World(client, ports, visits, problems, clock)
        await settle(world, COUNTY, TOWNSHIP, BRANCH, CADRE, COLLEAGUE)
        await settle(world, COUNTY, ELSEWHERE, FAR_BRANCH, FAR_CADRE)
        await post(world, COUNTY_CADRE, COUNTY)
        yield world


async def settle(world: World, county: str, township: str, branch: str, *cadres: str) -> None:
    """A township with a branch, where these cadres are posted, works live."""
    here = f"{county}/{township}/{branch}"
    for id_, kind, parent in ((county, "county", None), (township, "township", county), (branch, "branch", township)):
        organisation = members.OrganisationRegistered(
            organisation_id=id_, kind=kind, title="演示", parent_id=parent, occurred_on=GO_LIVE
        )
        await world.learn(organisation, subject=id_, path=here[: here.index(id_) + len(id_)])
    for cadre in cadres:
        await post(world, cadre, here)
    go_live = members.GoLiveSet(township_id=township, go_live_on=GO_LIVE, occurred_on=GO_LIVE)
    await world.learn(go_live, subject=township, path=f"{county}/{township}")


async def post(
    world: World, cadre: str, path: str, *, starts_on: date = POSTED_ON, ends_on: date | None = None
) -> None:
    """The cadre is posted at the organisation the path ends at."""
    posting = members.PostingStarted(
        posting_id=derived_id("posting", cadre),
        cadre_id=cadre,
        organisation_id=path.rpartition("/")[2],
        post="village_cadre",
        starts_on=starts_on,
        ends_on=ends_on,
        occurred_on=starts_on,
    )
    await world.learn(posting, subject=posting.posting_id, path=path)


async def enrol(
    world: World, member: str, branch: str = BRANCH, *, person: str | None = None, joined_on: date = POSTED_ON
) -> None:
    """The member belongs to a branch of the township where the branch lies."""
    enrolled = members.MemberEnrolled(
        member_id=member, branch_id=branch, person_id=person, standing="full", occurred_on=joined_on
    )
    township = TOWNSHIP if branch == BRANCH else ELSEWHERE
    await world.learn(enrolled, subject=member, path=f"{COUNTY}/{township}/{branch}")


async def end_membership(world: World, member: str, on: date) -> None:
    """The membership ended with that day."""
    ended = members.MembershipEnded(member_id=member, branch_id=BRANCH, occurred_on=on)
    await world.learn(ended, subject=member, path=f"{COUNTY}/{TOWNSHIP}/{BRANCH}", revision=2)


async def enter_history(
    world: World,
    what: type[members.HistorySpanDeclared] | type[members.HistorySpanClosed],
    township: str = TOWNSHIP,
) -> None:
    """The third quarter of 2023 is declared, or closed, as the township's history span."""
    span = what(
        township_id=township,
        span_id=derived_id("span", township),
        from_on=date(2023, 7, 1),
        to_on=date(2023, 9, 30),
        occurred_on=GO_LIVE,
    )
    revision = 3 if what is members.HistorySpanDeclared else 4
    await world.learn(span, subject=township, path=f"{COUNTY}/{township}", revision=revision)


def a_visit(**changed: Any) -> dict[str, Any]:
    """A visit form that would be accepted."""
    form = {
        "id": derived_id("visit"),
        "cadre_id": CADRE,
        "branch_id": BRANCH,
        "occurred_at": "2023-11-20T09:30:00+08:00",
        "note": "走访",
    }
    return {**form, **changed}


def a_problem(**changed: Any) -> dict[str, Any]:
    """A problem form that would be accepted."""
    form = {
        "id": derived_id("problem"),
        "branch_id": BRANCH,
        "cadre_id": CADRE,
        "raised_on": "2023-11-20",
        "problem_class": "ordinary",
        "content": "路灯不亮",
    }
    return {**form, **changed}
