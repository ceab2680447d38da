"""Every service's api over in-memory stores, with one of each thing in it, and a caller who may do everything."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from fastapi import FastAPI

from services.identity.adapters import in_memory as identity_memory
from services.identity.bootstrap import api_over as identity_over
from services.identity.domain.account import Account
from services.identity.domain.username import Username
from services.identity.use_cases.ports import Ports as IdentityPorts
from services.members.adapters import in_memory as members_memory
from services.members.bootstrap import api_over as members_over
from services.members.use_cases.ports import Ports as MembersPorts
from services.notifications.bootstrap import api_over as notifications_over
from services.scoring.adapters import in_memory as scoring_memory
from services.scoring.adapters.rule_files import load_generation
from services.scoring.bootstrap import api_over as scoring_over
from services.scoring.use_cases.fold_facts import fold_facts
from services.scoring.use_cases.ports import Ports as ScoringPorts
from services.visits.adapters import in_memory as visits_memory
from services.visits.adapters.procedures import read_deadlines
from services.visits.bootstrap import api_over as visits_over
from services.visits.use_cases.follow_members import follow_members
from services.visits.use_cases.ports import Ports as VisitsPorts
from shared.events import members
from shared.events.base import Event, Fact
from shared.events.recording import Recorder
from shared.kernel.access import Caller, Grant, Role
from shared.kernel.ids import AccountId, PersonId, derived_id
from shared.testing.access import KnownCallers
from shared.testing.clock import StoppedClock
from shared.testing.facts import a_fact
from tests.contract.things import BODIES, BRANCH, CADRE, COUNTY, ELSEWHERE, IDS, LONG_AGO, TOWNSHIP
from tests.unit.identity.conftest import PlainPasswords
from tests.unit.notifications.world import World as NotificationsWorld
from tests.unit.notifications.world import posting as notifications_posting

EVERYBODY = "everybody"
"""The token of who holds every role over the county; who may do what is walked in `access/`."""


def callers() -> dict[str, Caller]:
    """Who may knock, by token."""
    every = tuple(Grant(role, "*" if role is Role.ADMINISTRATOR else COUNTY) for role in Role)
    account_id, person_id = AccountId(derived_id("account", EVERYBODY)), PersonId(derived_id("person", EVERYBODY))
    return {EVERYBODY: Caller(account_id, person_id, every)}


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
    """members with a tree, a township gone live, a member, a posting, a disposal, a calendar."""
    clock = StoppedClock()
    recorder = Recorder("members", clock)
    people = members_memory.InMemoryMembers(recorder)
    postings = members_memory.InMemoryPostings(recorder)
    ports = MembersPorts(
        organisations=members_memory.InMemoryOrganisations(recorder, people, postings),
        townships=members_memory.InMemoryTownships(recorder),
        members=people,
        postings=postings,
        calendars=members_memory.InMemoryCalendars(recorder),
        disposals=members_memory.InMemoryDisposals(recorder, people),
        access_log=members_memory.InMemoryAccessLog(),
        clock=clock,
    )
    app = members_over(ports, KnownCallers(callers()))
    tree: dict[str, Any] = {"title": "演示", "category": None}
    await _do(
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
    for fact in _told():
        await follow_members(fact, ports)
    app = visits_over(ports, KnownCallers(callers()))
    await _do(
        app,
        ("POST", "/api/visits/visits", BODIES["POST /api/visits/visits"]),
        ("POST", "/api/visits/problems", BODIES["POST /api/visits/problems"]),
    )
    return app


async def scoring_api() -> FastAPI:
    """scoring with a branch and a cadre."""
    ports = ScoringPorts(
        load_generation(),
        scoring_memory.InMemoryLedger(),
        scoring_memory.InMemoryCards(),
        scoring_memory.InMemoryAnnouncements(),
        scoring_memory.InMemoryDirectory(),
        StoppedClock(),
    )
    await fold_facts(_told(), ports)
    return scoring_over(ports, KnownCallers(callers()))


async def notifications_api() -> FastAPI:
    """notifications with a week somebody owes a visit in."""
    world = NotificationsWorld()
    await world.at("2023-11-19 18:00")
    await world.learn(notifications_posting())
    await world.go_live()
    await world.at("2023-11-21 12:00")
    return notifications_over(world.ports, KnownCallers(callers()))


def _told() -> list[Fact[Event]]:
    """What members told the others."""
    path = f"{COUNTY}/{TOWNSHIP}/{BRANCH}"
    registered: tuple[tuple[str, members.OrganisationKind, str], ...] = (
        (COUNTY, "county", COUNTY),
        (TOWNSHIP, "township", f"{COUNTY}/{TOWNSHIP}"),
        (BRANCH, "branch", path),
    )
    tree = [
        a_fact(
            members.OrganisationRegistered(
                organisation_id=id_, kind=kind, title="演示", category="village", occurred_on=LONG_AGO
            ),
            subject=id_,
            path=where,
        )
        for id_, kind, where in registered
    ]
    posting = members.PostingStarted(
        posting_id=IDS["posting_id"],
        cadre_id=CADRE,
        organisation_id=BRANCH,
        post="village_cadre",
        starts_on=LONG_AGO,
        occurred_on=LONG_AGO,
    )
    live = members.GoLiveSet(township_id=TOWNSHIP, go_live_on=LONG_AGO, occurred_on=LONG_AGO)
    return [
        *tree,
        a_fact(posting, subject=IDS["posting_id"], path=path),
        a_fact(live, subject=TOWNSHIP, path=f"{COUNTY}/{TOWNSHIP}"),
    ]


async def _do(app: FastAPI, *steps: tuple[str, str, Any]) -> None:
    headers = {"Authorization": f"Bearer {EVERYBODY}"}
    transport = httpx.ASGITransport(app=app)
    client = httpx.AsyncClient(transport=transport, base_url="http://service", headers=headers)
    async with client:
        for method, path, body in steps:
            answer = await client.request(method, path, json=body)
            assert answer.status_code in {200, 201}, f"{method} {path}: {answer.text}"


APIS: dict[str, Callable[[], Awaitable[FastAPI]]] = {
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
