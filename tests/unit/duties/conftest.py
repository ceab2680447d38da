"""A small world for the duties service: two townships, a branch with members, in memory behind the front door."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx
import pytest

from services.duties.adapters.in_memory import InMemoryMeetings, InMemoryWeakOrganisations, in_memory_directory
from services.duties.adapters.procedures import read_procedure
from services.duties.bootstrap import api_over
from services.duties.use_cases.follow_members import follow_members
from services.duties.use_cases.ports import Ports
from shared.events import members
from shared.events.base import Event
from shared.events.recording import Recorder
from shared.kernel.access import Role
from shared.kernel.ids import derived_id
from shared.testing.access import KnownCallers, a_caller
from shared.testing.clock import StoppedClock
from shared.testing.facts import a_fact
from tests.front_door import front_door

COUNTY, TOWNSHIP, ELSEWHERE = (derived_id(name) for name in ("county", "township", "elsewhere"))
BRANCH, FAR_BRANCH, BARE_BRANCH = (derived_id(name) for name in ("branch", "far-branch", "bare-branch"))
GENERAL_BRANCH = derived_id("general-branch")
FULL = tuple(sorted(derived_id("member", number) for number in range(6)))
"""Six full members of the branch."""
PROBATIONARY, EXEMPT, NEWCOMER, LEAVER = (
    derived_id("member", name) for name in ("probationary", "exempt", "newcomer", "leaver")
)
STRANGER = derived_id("member", "of another branch")
GO_LIVE, JOINED_ON = date(2023, 10, 2), date(2010, 7, 1)
CAME_ON, LEFT_ON, EXEMPT_FROM = date(2023, 11, 10), date(2023, 11, 15), date(2023, 11, 1)
HELD_ON = "2023-11-20"
_PROCEDURE = read_procedure()


@dataclass(slots=True)
class World:
    """The service under test, who calls it, and what it recorded."""

    client: httpx.AsyncClient
    ports: Ports
    meetings: InMemoryMeetings
    weak_organisations: InMemoryWeakOrganisations
    clock: StoppedClock

    async def call(self, who: str, method: str, path: str, body: Any = None, *, seen: int | None = None) -> Any:
        """One request through the front door; gives the response."""
        headers = {"Authorization": f"Bearer {who}"}
        if seen is not None:
            headers["If-Match"] = f'"{seen}"'
        return await self.client.request(method, f"/api/duties{path}", json=body, headers=headers)

    async def learn(self, event: Event, *, subject: str, path: str, revision: int = 1) -> None:
        """A fact of the members service reached the worker."""
        await follow_members(a_fact(event, subject=subject, path=path, revision=revision), self.ports)

    @property
    def published(self) -> list[str]:
        """The events recorded so far, by class name, meetings first."""
        return [type(event).__name__ for event in (*self.meetings.events, *self.weak_organisations.events)]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as world:
        yield world


@asynccontextmanager
async def a_world() -> AsyncIterator[World]:
    """The world of these tests."""
    clock = StoppedClock()
    recorder = Recorder("duties", clock)
    meetings, weak = InMemoryMeetings(recorder), InMemoryWeakOrganisations(recorder)
    ports = Ports(meetings, weak, in_memory_directory(), clock, _PROCEDURE)
    callers = KnownCallers(
        {
            "branch secretary": a_caller(Role.BRANCH_SECRETARY, BRANCH),
            "organiser": a_caller(Role.ORGANISER, TOWNSHIP),
            "secretary": a_caller(Role.SECRETARY, TOWNSHIP),
            "county": a_caller(Role.COUNTY_ORGANISER, COUNTY),
            "supervisor": a_caller(Role.SUPERVISOR, TOWNSHIP),
            "stranger": a_caller(Role.ORGANISER, ELSEWHERE),
            "cadre": a_caller(Role.CADRE, TOWNSHIP),
            "member": a_caller(Role.MEMBER, BRANCH),
        }
    )
    transport = front_door(api_over(ports, callers))
    async with httpx.AsyncClient(transport=transport, base_url="http://duties") as client:
        world = World(client, ports, meetings, weak, clock)
        await settle(world, COUNTY, TOWNSHIP, BRANCH, *FULL)
        await settle(world, COUNTY, ELSEWHERE, FAR_BRANCH, STRANGER)
        here = f"{COUNTY}/{TOWNSHIP}"
        await register(world, f"{here}/{BARE_BRANCH}", "branch", has_committee=False, has_groups=False)
        await register(world, f"{here}/{GENERAL_BRANCH}", "general_branch", has_committee=False, has_groups=False)
        await enrol(world, PROBATIONARY, f"{here}/{BRANCH}", standing="probationary")
        await enrol(world, EXEMPT, f"{here}/{BRANCH}")
        await enrol(world, NEWCOMER, f"{here}/{BRANCH}", on=CAME_ON)
        await enrol(world, LEAVER, f"{here}/{BRANCH}")
        await exempt(world, members.ExemptionGranted)
        ended = members.MembershipEnded(member_id=LEAVER, branch_id=BRANCH, occurred_on=LEFT_ON)
        await world.learn(ended, subject=LEAVER, path=f"{here}/{BRANCH}", revision=2)
        yield world


async def settle(world: World, county: str, township: str, branch: str, *people: str) -> None:
    """A township with a branch of these members, with committee and groups, works live."""
    here = f"{county}/{township}/{branch}"
    await register(world, county, "county")
    await register(world, f"{county}/{township}", "township")
    await register(world, here, "branch", has_committee=True, has_groups=True)
    for member in people:
        await enrol(world, member, here)
    go_live = members.GoLiveSet(township_id=township, go_live_on=GO_LIVE, occurred_on=GO_LIVE)
    await world.learn(go_live, subject=township, path=f"{county}/{township}")


async def register(world: World, path: str, kind: members.OrganisationKind, **structure: bool) -> None:
    """The organisation the path ends at is registered."""
    id_ = path.rpartition("/")[2]
    organisation = members.OrganisationRegistered(
        organisation_id=id_, kind=kind, title="演示", occurred_on=GO_LIVE, **structure
    )
    await world.learn(organisation, subject=id_, path=path)


async def enrol(
    world: World, member: str, path: str, *, on: date = JOINED_ON, standing: members.Standing = "full"
) -> None:
    """The member belongs to the branch the path ends at from that day on."""
    enrolled = members.MemberEnrolled(
        member_id=member, branch_id=path.rpartition("/")[2], standing=standing, occurred_on=on
    )
    await world.learn(enrolled, subject=member, path=path)


Exempting = type[members.ExemptionGranted] | type[members.ExemptionChanged] | type[members.ExemptionWithdrawn]


async def exempt(world: World, what: Exempting, *, revision: int = 1, **changed: Any) -> None:
    """The exempt member's exemption is granted from the first of November on, changed or withdrawn."""
    exemption = {
        "exemption_id": derived_id("exemption"),
        "member_id": EXEMPT,
        "branch_id": BRANCH,
        "starts_on": EXEMPT_FROM,
        "occurred_on": EXEMPT_FROM,
        "corrects": (),
        **changed,
    }
    path = f"{COUNTY}/{TOWNSHIP}/{BRANCH}"
    await world.learn(what.model_validate(exemption), subject=derived_id("exemption"), path=path, revision=revision)


async def enter_history(
    world: World, what: type[members.HistorySpanDeclared] | type[members.HistorySpanClosed]
) -> None:
    """The third quarter of 2023 is declared, or closed, as the township's history span."""
    span = what(
        township_id=TOWNSHIP,
        span_id=derived_id("span"),
        from_on=date(2023, 7, 1),
        to_on=date(2023, 9, 30),
        occurred_on=GO_LIVE,
    )
    revision = 3 if what is members.HistorySpanDeclared else 4
    await world.learn(span, subject=TOWNSHIP, path=f"{COUNTY}/{TOWNSHIP}", revision=revision)


def a_meeting(**changed: Any) -> dict[str, Any]:
    """A meeting form that would be accepted: a theme day at which one was excused and one missing."""
    form = {
        "id": derived_id("meeting"),
        "branch_id": BRANCH,
        "kind": "theme_day",
        "held_on": HELD_ON,
        "absent": [FULL[0]],
        "excused": [FULL[1]],
        "note": "学习条例",
    }
    return {**form, **changed}


def a_committee_meeting(**changed: Any) -> dict[str, Any]:
    """A committee of three, all of whom came."""
    return a_meeting(kind="committee", expected=list(FULL[:3]), absent=[], excused=[], **changed)


def a_listing(**changed: Any) -> dict[str, Any]:
    """A form that puts the general branch on the list of weak organisations."""
    form = {
        "id": derived_id("listing"),
        "organisation_id": GENERAL_BRANCH,
        "listed_on": "2023-11-01",
        "ground": "长期不开展组织生活",
    }
    return {**form, **changed}
