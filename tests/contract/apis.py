"""Every service's api over in-memory stores, with one of each thing in it, and a caller who may do everything."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI

from services.duties.adapters import in_memory as duties_memory
from services.duties.adapters.procedures import read_procedure
from services.duties.bootstrap import api_over as duties_over
from services.duties.use_cases.follow_members import follow_members as duties_follow
from services.duties.use_cases.ports import Ports as DutiesPorts
from services.identity.adapters import in_memory as identity_memory
from services.identity.bootstrap import api_over as identity_over
from services.identity.domain.account import Account
from services.identity.domain.username import Username
from services.identity.use_cases.ports import Ports as IdentityPorts
from services.members.adapters import in_memory as members_memory
from services.members.adapters.in_memory_absences import InMemoryExemptions, InMemoryLeaves
from services.members.bootstrap import api_over as members_over
from services.members.use_cases.ports import Ports as MembersPorts
from services.notifications.bootstrap import api_over as notifications_over
from services.visits.adapters import in_memory as visits_memory
from services.visits.adapters.procedures import read_deadlines
from services.visits.bootstrap import api_over as visits_over
from services.visits.use_cases.follow_members import follow_members
from services.visits.use_cases.ports import Ports as VisitsPorts
from shared.events import members
from shared.events.recording import Recorder
from shared.kernel.access import Grant, Role
from shared.kernel.ids import AccountId, PersonId, derived_id
from shared.testing.access import KnownCallers
from shared.testing.clock import StoppedClock
from shared.testing.facts import a_fact
from tests.contract.scoring_api import scoring_api
from tests.contract.things import BODIES, BRANCH, COUNTY, ELSEWHERE, IDS, LONG_AGO, TOWNSHIP
from tests.contract.told import callers, do, told
from tests.unit.identity.conftest import PlainPasswords
from tests.unit.notifications.world import World as NotificationsWorld
from tests.unit.notifications.world import posting as notifications_posting


async def identity() -> FastAPI:
    """identity with an account for each caller and one more."""
    accounts = identity_memory.InMemoryAccounts()
    for token, caller in callers().items():
        await accounts.save(Account(caller.account_id, Username(token), caller.person_id, caller.grants, "plain:known"))
    person = PersonId(derived_id("person"))
    grants = (Grant(Role.CADRE, TOWNSHIP),)
    await accounts.save(Account(AccountId(IDS["account_id"]), Username("someone"), person, grants, "plain:known"))
    ports = IdentityPorts(
        accounts=accounts,
        audit=identity_memory.InMemoryAudit(),
        sessions=identity_memory.InMemorySessions(),
        wrong_passwords=identity_memory.InMemoryWrongPasswords(),
        passwords=PlainPasswords(),
        tokens=_PlainTokens(),
        common_passwords=frozenset(),
        clock=StoppedClock(),
    )
    issuer = "http://gateway/api/identity"
    verifier = KnownCallers(callers())
    return identity_over(ports, verifier, public_keys=lambda: {"keys": []}, issuer=issuer, epoch_of=lambda _: 1)


class _PlainTokens:
    """Tokens that say nothing."""

    async def access(self, *_: object) -> str:
        return "access"

    def refresh(self) -> str:
        return derived_id("refresh")


async def members_api() -> FastAPI:
    """members with a tree, a township gone live, a member, a posting, a leave, an exemption, a disposal, a calendar."""
    clock = StoppedClock()
    recorder = Recorder("members", clock)
    people = members_memory.InMemoryMembers(recorder)
    postings = members_memory.InMemoryPostings(recorder)
    leaves, exemptions = InMemoryLeaves(recorder), InMemoryExemptions(recorder)
    ports = MembersPorts(
        organisations=members_memory.InMemoryOrganisations(recorder, people, postings, leaves, exemptions),
        townships=members_memory.InMemoryTownships(recorder),
        members=people,
        postings=postings,
        leaves=leaves,
        exemptions=exemptions,
        calendars=members_memory.InMemoryCalendars(recorder),
        disposals=members_memory.InMemoryDisposals(recorder, people),
        access_log=members_memory.InMemoryAccessLog(),
        clock=clock,
    )
    app = members_over(ports, KnownCallers(callers()))
    tree: dict[str, Any] = {"title": "演示", "category": None}
    await do(
        app,
        ("POST", "/api/members/organisations", {**tree, "id": COUNTY, "kind": "county"}),
        ("POST", "/api/members/organisations", {**tree, "id": TOWNSHIP, "kind": "township", "parent_id": COUNTY}),
        ("POST", "/api/members/organisations", {**tree, "id": ELSEWHERE, "kind": "township", "parent_id": COUNTY}),
        (
            "POST",
            "/api/members/organisations",
            {**tree, "id": BRANCH, "kind": "branch", "parent_id": TOWNSHIP, "category": "village"},
        ),
        ("POST", "/api/members/members", BODIES["POST /api/members/members"]),
        ("POST", "/api/members/postings", BODIES["POST /api/members/postings"]),
        ("POST", "/api/members/leaves", BODIES["POST /api/members/leaves"]),
        ("POST", "/api/members/exemptions", BODIES["POST /api/members/exemptions"]),
        ("POST", "/api/members/disposals", BODIES["POST /api/members/disposals"]),
        ("PUT", f"/api/members/organisations/{TOWNSHIP}/calendars/2023", {"days_off": [], "working_days": []}),
        (
            "POST",
            f"/api/members/townships/{TOWNSHIP}/history-spans",
            {"id": IDS["span_id"], "from_on": "2023-01-02", "to_on": "2023-03-31"},
        ),
    )
    return app


async def visits_api() -> FastAPI:
    """visits with a branch, a cadre, a visit and a problem."""
    clock = StoppedClock()
    recorder = Recorder("visits", clock)
    visits, problems = visits_memory.InMemoryVisits(recorder), visits_memory.InMemoryProblems(recorder)
    ports = VisitsPorts(visits, problems, visits_memory.in_memory_directory(), clock, read_deadlines())
    for fact in told():
        await follow_members(fact, ports)
    app = visits_over(ports, KnownCallers(callers()))
    await do(
        app,
        ("POST", "/api/visits/visits", BODIES["POST /api/visits/visits"]),
        ("POST", "/api/visits/problems", BODIES["POST /api/visits/problems"]),
    )
    return app


async def duties_api() -> FastAPI:
    """duties with a branch of one member, a meeting and an open listing."""
    clock = StoppedClock()
    recorder = Recorder("duties", clock)
    meetings = duties_memory.InMemoryMeetings(recorder)
    weak = duties_memory.InMemoryWeakOrganisations(recorder)
    ports = DutiesPorts(meetings, weak, duties_memory.in_memory_directory(), clock, read_procedure())
    enrolled = members.MemberEnrolled(
        member_id=IDS["member_id"], branch_id=BRANCH, standing="full", occurred_on=LONG_AGO
    )
    for fact in (*told(), a_fact(enrolled, subject=IDS["member_id"], path=f"{COUNTY}/{TOWNSHIP}/{BRANCH}")):
        await duties_follow(fact, ports)
    app = duties_over(ports, KnownCallers(callers()))
    await do(
        app,
        ("POST", "/api/duties/meetings", BODIES["POST /api/duties/meetings"]),
        ("POST", "/api/duties/weak-organisations", BODIES["POST /api/duties/weak-organisations"]),
    )
    return app


async def notifications_api() -> FastAPI:
    """notifications with a week somebody owes a visit in."""
    world = NotificationsWorld()
    await world.at("2023-11-19 18:00")
    await world.learn(notifications_posting())
    await world.go_live()
    await world.at("2023-11-21 12:00")
    return notifications_over(world.ports, KnownCallers(callers()))


APIS: dict[str, Callable[[], Awaitable[FastAPI]]] = {
    "duties": duties_api,
    "identity": identity,
    "members": members_api,
    "notifications": notifications_api,
    "scoring": scoring_api,
    "visits": visits_api,
}


def made(service: str) -> FastAPI:
    """The api of a service, anew, where no loop runs."""

    async def make() -> FastAPI:
        return await APIS[service]()

    return asyncio.run(make())
