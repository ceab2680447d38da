"""The stores of the members service, in memory and real, and builders of what goes into them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from deploy.local.stack import Stack
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
from services.members.adapters.mongo import AGGREGATES, prepare
from services.members.bootstrap import ports as real_ports
from services.members.domain.disposal import Disposal
from services.members.domain.exemption import Exemption
from services.members.domain.leave import Leave
from services.members.domain.member import Member
from services.members.domain.organisation import Features, Organisation
from services.members.domain.posting import Posting
from services.members.settings import PlatformSettings
from services.members.use_cases.ports import Ports
from shared.events.recording import Recorder
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import (
    BranchId,
    CadreId,
    CaseId,
    ExemptionId,
    LeaveId,
    MemberId,
    OrganisationId,
    PersonId,
    PostingId,
    TownshipId,
    new_id,
)
from shared.mongo.outbox import MongoOutbox
from shared.testing.clock import StoppedClock
from tests.databases import an_empty_database

DAY = date(2023, 11, 20)


@dataclass(frozen=True, slots=True)
class Stores:
    """The ports under test, and how many facts wait behind them."""

    ports: Ports
    in_memory: tuple[Any, ...] = ()
    outbox: MongoOutbox | None = None

    async def waiting(self) -> int:
        """How many facts were recorded and not sent."""
        if self.outbox is not None:
            return (await self.outbox.backlog()).pending
        return sum(len(store.facts) for store in self.in_memory)


@pytest.fixture(params=["in memory", "mongodb"])
async def stores(request: pytest.FixtureRequest) -> AsyncIterator[Stores]:
    clock = StoppedClock()
    if request.param == "in memory":
        recorder = Recorder("members", clock)
        members, postings = InMemoryMembers(recorder), InMemoryPostings(recorder)
        leaves, exemptions = InMemoryLeaves(recorder), InMemoryExemptions(recorder)
        organisations = InMemoryOrganisations(recorder, members, postings, leaves, exemptions)
        townships, calendars = InMemoryTownships(recorder), InMemoryCalendars(recorder)
        disposals, log = InMemoryDisposals(recorder, members), InMemoryAccessLog()
        ports = Ports(organisations, townships, members, postings, leaves, exemptions, calendars, disposals, log, clock)
        stores = organisations, townships, members, postings, leaves, exemptions, calendars, disposals
        yield Stores(ports, stores)
        return
    mongod: Stack = request.getfixturevalue("mongod")
    settings = PlatformSettings.read({})
    async with an_empty_database(mongod, settings.database("members"), prepare) as database:
        real = replace(real_ports(settings, database.client), clock=clock)
        yield Stores(real, outbox=MongoOutbox(database, AGGREGATES))


async def registered(stores: Stores, kind: Any, parent: Organisation | None = None, **features: Any) -> Organisation:
    category = "village" if kind == "branch" else None
    organisation, event = Organisation.register(
        id_=OrganisationId(new_id()),
        kind=kind,
        parent=parent,
        features=Features(**{"title": "演示", "category": category, **features}),
        on=DAY,
        made_from="digest",
    )
    await stores.ports.organisations.register(organisation, parent, event)
    return organisation


async def a_township(stores: Stores) -> Organisation:
    return await registered(stores, "township", await registered(stores, "county"))


def a_member(branch: Organisation, **changed: Any) -> Member:
    member = Member(
        id=MemberId(new_id()),
        branch_id=BranchId(branch.id),
        path=branch.path,
        name="某甲同志",
        standing="full",
        joined_on=DAY,
        made_from="digest",
        person_id=PersonId(new_id()),
    )
    return replace(member, **changed)


def a_posting(organisation: Organisation, **changed: Any) -> Posting:
    posting = Posting(
        id=PostingId(new_id()),
        cadre_id=CadreId(new_id()),
        organisation_id=organisation.id,
        path=organisation.path,
        post="village_cadre",
        starts_on=DAY,
        made_from="digest",
        name="某乙同志",
    )
    return replace(posting, **changed)


def a_disposal(member: Member, **changed: Any) -> Disposal:
    path = OrganisationPath(member.path.segments[:2])
    disposal = Disposal(CaseId(new_id()), member.id, path, "演组发〔2023〕4号", DAY, "expelled", "digest")
    return replace(disposal, **changed)


def a_leave(organisation: Organisation, **changed: Any) -> Leave:
    leave = Leave(
        id=LeaveId(new_id()),
        cadre_id=CadreId(new_id()),
        organisation_id=organisation.id,
        path=organisation.path,
        township_id=TownshipId(organisation.path.township_id),
        starts_on=DAY,
        ends_on=DAY,
        reason="年休假",
        made_from="digest",
    )
    return replace(leave, **changed)


def an_exemption(branch: Organisation, **changed: Any) -> Exemption:
    exemption = Exemption(
        id=ExemptionId(new_id()),
        member_id=MemberId(new_id()),
        branch_id=BranchId(branch.id),
        path=branch.path,
        township_id=TownshipId(branch.path.township_id),
        starts_on=DAY,
        ground="mobile",
        made_from="digest",
        person_id=PersonId(new_id()),
    )
    return replace(exemption, **changed)
