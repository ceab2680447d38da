"""The services of the walk, with the same things here, in another township and in another county."""

import pickle
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from services.duties.bootstrap import api_over as duties_api
from services.identity.adapters.key_folder import KeyFolder
from services.identity.api.standing import StandingVerifier
from services.identity.bootstrap import api_over as identity_api
from services.identity.use_cases.ports import Ports
from services.members.bootstrap import api_over as members_api
from services.notifications.bootstrap import api_over as notifications_api
from services.scoring.adapters.in_memory_closings import in_memory_closings
from services.scoring.adapters.in_memory_decisions import InMemoryChanges, in_memory_decisions
from services.scoring.adapters.in_memory_drafts import in_memory_publication
from services.scoring.adapters.in_memory_records import in_memory_records
from services.scoring.adapters.in_memory_trials import in_memory_laboratory
from services.scoring.adapters.rule_files import load_generation
from services.scoring.api.changes import Broadcast
from services.scoring.bootstrap import Beside
from services.scoring.bootstrap import api_over as scoring_api
from services.scoring.use_cases.fold_facts import fold_facts
from services.visits.bootstrap import api_over as visits_api
from shared.events.visits import ProblemRaised
from shared.kernel.access import Caller, OrganisationPath, Role
from shared.testing.access import KnownCallers, a_caller
from tests.contract.access import (
    planted,
    planted_closings,
    planted_laboratory,
    rows_duties,
    rows_identity,
    rows_members,
    rows_notifications,
    rows_scoring,
    rows_visits,
)
from tests.contract.access.in_memory import Service
from tests.contract.access.matrix import Row
from tests.contract.access.places import FAR, HERE, HOMES, NEAR, Home
from tests.unit.duties import conftest as duties_unit
from tests.unit.identity import conftest as identity_unit
from tests.unit.members import conftest as members_unit
from tests.unit.notifications import world as notifications_unit
from tests.unit.scoring import conftest as scoring_unit
from tests.unit.scoring.publishing import ASKED, BOOK
from tests.unit.visits import conftest as visits_unit

MONDAY = date(2023, 11, 20)


def organiser(home: Home) -> Caller:
    """Who enters what is there."""
    return a_caller(Role.ORGANISER, home.township)


def county_organiser(home: Home) -> Caller:
    """Who registers townships there."""
    return a_caller(Role.COUNTY_ORGANISER, home.county)


async def visits() -> Service:
    """A visit, an open problem and a resolved one of the cadre's in each home."""
    callers = KnownCallers()
    async with visits_unit.a_world() as world:
        for home in (NEAR, FAR):
            await visits_unit.settle(world, home.county, home.township, home.branch, home.cadre)
        service = Service(visits_api(world.ports, callers), callers)
    for home in HOMES:
        theirs = {"branch_id": home.branch, "cadre_id": home.cadre}
        await service.make(
            organiser(home), "/api/visits/visits", visits_unit.a_visit(id=service.id_of("visit", home), **theirs)
        )
        for kind in ("open problem", "resolved problem"):
            form = visits_unit.a_problem(id=service.id_of(kind, home), **theirs)
            await service.make(organiser(home), "/api/visits/problems", form)
        path = f"/api/visits/problems/{service.id_of('resolved problem', home)}/resolution"
        resolution = {"resolved_on": "2023-11-20", "measure": "已修好"}
        cadre = a_caller(Role.CADRE, home.township, person=home.cadre)
        response = await service.send(cadre, "PUT", path, body=resolution, seen=1)
        assert response.is_success, response.text
    return service


async def duties() -> Service:
    """A meeting and an open listing of the branch in each home."""
    callers = KnownCallers()
    async with duties_unit.a_world() as world:
        for home in (NEAR, FAR):
            await duties_unit.settle(world, home.county, home.township, home.branch, home.member)
        service = Service(duties_api(world.ports, callers), callers)
    for home in HOMES:
        meeting = duties_unit.a_meeting(id=service.id_of("meeting", home), branch_id=home.branch, absent=[], excused=[])
        await service.make(organiser(home), "/api/duties/meetings", meeting)
        listing = duties_unit.a_listing(id=service.id_of("listing", home), organisation_id=home.branch)
        await service.make(county_organiser(home), "/api/duties/weak-organisations", listing)
    return service


async def members() -> Service:
    """The tree, a township's history span, two members, a posting, a leave, an exemption, a disposal in each home."""
    callers = KnownCallers()
    async with members_unit.a_world() as world:
        service = Service(members_api(world.ports, callers), callers)
    for home in (NEAR, FAR):
        await _register(service, home)
    for home in HOMES:
        span = {"id": service.id_of("span", home), "from_on": "2023-09-01", "to_on": "2023-09-30"}
        await service.make(organiser(home), f"/api/members/townships/{home.township}/history-spans", span)
        for kind, person in (("enrolment", home.member), ("other enrolment", home.an("other member"))):
            form = members_unit.a_member(id=service.id_of(kind, home), branch_id=home.branch, person_id=person)
            await service.make(organiser(home), "/api/members/members", form)
        posting = members_unit.a_posting(
            id=service.id_of("posting", home), organisation_id=home.branch, cadre_id=home.cadre
        )
        await service.make(organiser(home), "/api/members/postings", posting)
        leave = members_unit.a_leave(
            id=service.id_of("leave", home), organisation_id=home.township, cadre_id=home.cadre
        )
        await service.make(organiser(home), "/api/members/leaves", leave)
        exemption = members_unit.an_exemption(
            id=service.id_of("exemption", home), member_id=service.id_of("enrolment", home), ends_on="2023-11-30"
        )
        await service.make(organiser(home), "/api/members/exemptions", exemption)
        case = members_unit.a_disposal(
            id=service.id_of("case", home), member_id=service.id_of("other enrolment", home), measure="rectify"
        )
        await service.make(organiser(home), "/api/members/disposals", case)
    return service


async def _register(service: Service, home: Home) -> None:
    tree: tuple[dict[str, Any], ...] = (
        {"id": home.county, "kind": "county", "parent_id": None, "category": None},
        {"id": home.township, "kind": "township", "parent_id": home.county, "category": None},
        {"id": home.branch, "kind": "branch", "parent_id": home.township},
    )
    for form in tree[home.county == HERE.county :]:
        body = members_unit.an_organisation(**form)
        await service.make(county_organiser(home), "/api/members/organisations", body)


async def scoring() -> Service:
    """A branch, a cadre posted there, records of theirs, and two drafts of rule books of the county, in each home."""
    callers = KnownCallers()
    async with scoring_unit.a_world() as world:
        for home in (NEAR, FAR):
            township = OrganisationPath(home.segments("township"))
            branch = township / home.branch
            facts = [
                scoring_unit.an_organisation(home.county, "county", OrganisationPath((home.county,))),
                scoring_unit.an_organisation(home.township, "township", township),
                scoring_unit.an_organisation(home.branch, "branch", branch),
                scoring_unit.a_posting(home.cadre, branch),
            ]
            await fold_facts(facts, world.ports)
        publishing = in_memory_publication(world.ports.directory, world.clock, *load_generation().books)
        recorded = in_memory_records(world.ports.directory, world.ledger, world.clock)
        decided = in_memory_decisions(world.clock)
        closing = in_memory_closings(world.ports, recorded.objections)
        trying = in_memory_laboratory(publishing, world.ports.directory, world.clock)
        beside = Beside(
            publication=publishing,
            records=recorded,
            decisions=decided,
            closings=closing,
            laboratory=trying,
            builds=planted_laboratory.builds(load_generation(), world.clock),
            changes=Broadcast(InMemoryChanges(), stream_seconds=0),
        )
        app = scoring_api(world.ports, callers, (), beside)
        service = Service(app, callers)
        await planted.records(service, recorded, world)
        await planted.decisions(service, world)
        await planted_closings.closings(service, closing)
        await planted_laboratory.trials(service, trying)
    await _draft(service)
    return service


async def _draft(service: Service) -> None:
    for home in HOMES:
        for kind in ("draft", "consulted draft"):
            form = {"id": service.id_of(kind, home), "organisation_id": home.county, "text": BOOK}
            await service.make(county_organiser(home), "/api/scoring/rule-books/drafts", form)
        path = f"/api/scoring/rule-books/drafts/{service.id_of('consulted draft', home)}/consultation"
        response = await service.send(county_organiser(home), "PUT", path, body=ASKED, seen=1)
        assert response.is_success, response.text


async def notifications() -> Service:
    """An overdue problem of the cadre's in each home."""
    world = notifications_unit.World()
    world.clock.set(notifications_unit.local("2023-11-20 18:00"))
    for home in HOMES:
        event, envelope = notifications_unit.problem_fact(
            ProblemRaised, MONDAY, 1, problem_id=home.an("problem"), branch_id=home.branch, cadre_id=home.cadre
        )
        await world.learn((event, {**envelope, "path": "/".join(home.segments("branch"))}))
    await world.at("2023-11-27 12:00")
    callers = KnownCallers()
    service = Service(notifications_api(world.ports, callers), callers)
    homes = {home.branch: home for home in HOMES}
    for obligation in world.obligations.things.values():
        service.named["obligation", homes[str(obligation.terms.branch_id)]] = obligation.id
    return service


async def identity() -> Service:
    """An account besides those of the callers."""
    with TemporaryDirectory() as folder:
        keys = KeyFolder(Path(folder))
        await keys.ensure()
        async with identity_unit.a_world(keys) as world:
            callers = KnownCallers()
            app = identity_api(world.ports, callers, public_keys=keys.public, issuer=identity_unit.ISSUER)
    service = Accounts(app, callers)
    service.named["account", HERE] = identity_unit.an_account().id
    return service


class Accounts(Service):
    """identity asks its own store who the bearer is, so whoever calls has an account."""

    def remember(self) -> None:
        """Stores are remembered, keys and hashes stay."""
        self._ports: Ports = self.app.state.ports
        self._stood = self.kept()

    def put_back(self) -> None:
        """The stores are as they were when they were remembered."""
        stores = pickle.loads(self._stood)  # noqa: S301 - our own bytes
        self.app.state.ports = replace(self._ports, **stores)
        self.app.state.verifier = StandingVerifier(self.callers, self.app.state.ports.accounts, lambda _: 1)

    def standing(self) -> bytes:
        """With the account of whoever was let in."""
        return self.kept()

    def kept(self) -> bytes:
        """The accounts and what signing in left."""
        ports: Ports = self.app.state.ports
        return pickle.dumps({"accounts": ports.accounts, "sessions": ports.sessions})

    async def admit(self, caller: Caller) -> None:
        """Let the token name this caller, and have an account for him."""
        await super().admit(caller)
        accounts = self.app.state.ports.accounts
        if await accounts.find(caller.account_id) is None:
            account = identity_unit.an_account(
                f"caller-{caller.account_id[:8]}",
                id=caller.account_id,
                person_id=caller.person_id,
                grants=caller.grants,
            )
            await accounts.save(account)


SERVICES: dict[str, tuple[Callable[[], Coroutine[Any, Any, Service]], tuple[Row, ...]]] = {
    "identity": (identity, rows_identity.ROWS),
    "members": (members, rows_members.ROWS),
    "visits": (visits, rows_visits.ROWS),
    "duties": (duties, rows_duties.ROWS),
    "scoring": (scoring, rows_scoring.ROWS),
    "notifications": (notifications, rows_notifications.ROWS),
}
"""How each service is made, and what its table says."""
