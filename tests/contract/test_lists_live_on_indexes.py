"""No list is sorted in memory: each, as it is asked for most, is read in the order of an index."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from typing import Any

import pytest
from pymongo.asynchronous.database import AsyncDatabase

from deploy.local.stack import Stack
from services.duties.adapters import mongo as duties
from services.duties.use_cases.ports import MeetingListing, WeakListing
from services.members.adapters import mongo as members
from services.members.adapters.mongo_organisations import MongoOrganisations
from services.members.use_cases.ports import Listing as MembersListing
from services.members.use_cases.ports import OrganisationListing
from services.notifications.adapters import mongo as notifications
from services.notifications.use_cases.ports import Listing as ObligationsListing
from services.scoring.adapters import closings, directory, records
from services.scoring.adapters import mongo as scoring
from services.scoring.adapters.directory import MongoDirectory
from services.scoring.domain.rule_book import AppliesTo
from services.scoring.use_cases.closing_ports import ClosingListing
from services.scoring.use_cases.directory_ports import Listing as SubjectsListing
from services.scoring.use_cases.directory_ports import Moving
from services.scoring.use_cases.record_ports import DeedListing, ObjectionListing, ReviewListing
from services.visits.adapters import mongo as visits
from services.visits.use_cases.ports import Listing as VisitsListing
from shared.events.recording import Recorder
from shared.kernel.calendar import Period
from shared.kernel.ids import BranchId, CadreId, OrganisationId, new_id
from shared.mongo.client import Document, connect
from shared.testing.clock import StoppedClock

Database = AsyncDatabase[Document]
Read = Callable[[Database], Awaitable[object]]
RECORDER = Recorder("visits", StoppedClock())
SCOPES = frozenset({"township"})
PROFILE_ALL = 2
LISTS: dict[str, tuple[Any, Read]] = {
    "visits of a scope": (visits, lambda of: visits.MongoVisits(of, RECORDER).list(VisitsListing(SCOPES, 50))),
    "visits of a cadre": (
        visits,
        lambda of: visits.MongoVisits(of, RECORDER).list(VisitsListing(SCOPES, 50, CadreId("cadre"))),
    ),
    "problems of a scope": (visits, lambda of: visits.MongoProblems(of, RECORDER).list(VisitsListing(SCOPES, 50))),
    "open problems of a scope": (
        visits,
        lambda of: visits.MongoProblems(of, RECORDER).list(VisitsListing(SCOPES, 50, state="open")),
    ),
    "problems of a cadre": (
        visits,
        lambda of: visits.MongoProblems(of, RECORDER).list(VisitsListing(SCOPES, 50, CadreId("cadre"))),
    ),
    "meetings of a scope": (duties, lambda of: duties.MongoMeetings(of, RECORDER).list(MeetingListing(SCOPES, 50))),
    "meetings of a branch": (
        duties,
        lambda of: duties.MongoMeetings(of, RECORDER).list(MeetingListing(SCOPES, 50, BranchId("branch"))),
    ),
    "theme days of a scope": (
        duties,
        lambda of: duties.MongoMeetings(of, RECORDER).list(MeetingListing(SCOPES, 50, kind="theme_day")),
    ),
    "weak organisations of a scope": (
        duties,
        lambda of: duties.MongoWeakOrganisations(of, RECORDER).list(WeakListing(SCOPES, 50)),
    ),
    "listings of a weak organisation": (
        duties,
        lambda of: duties.MongoWeakOrganisations(of, RECORDER).list(WeakListing(SCOPES, 50, OrganisationId("branch"))),
    ),
    "organisations under rectification of a scope": (
        duties,
        lambda of: duties.MongoWeakOrganisations(of, RECORDER).list(WeakListing(SCOPES, 50, is_open=True)),
    ),
    "members of a scope": (members, lambda of: members.MongoMembers(of, RECORDER).list(MembersListing(SCOPES, 50))),
    "postings of a scope": (members, lambda of: members.MongoPostings(of, RECORDER).list(MembersListing(SCOPES, 50))),
    "organisations of a scope": (
        members,
        lambda of: MongoOrganisations(of, RECORDER).list(OrganisationListing(SCOPES, 50, frozenset())),
    ),
    "obligations of a scope": (
        notifications,
        lambda of: notifications.MongoObligations(of, RECORDER).list(ObligationsListing(limit=50, scopes=SCOPES)),
    ),
    "obligations of a cadre": (
        notifications,
        lambda of: notifications.MongoObligations(of, RECORDER).list(ObligationsListing(limit=50, owner="cadre")),
    ),
    "missed obligations of a scope": (
        notifications,
        lambda of: notifications.MongoObligations(of, RECORDER).list(
            ObligationsListing(limit=50, scopes=SCOPES, states=frozenset({"overdue", "missed"}))
        ),
    ),
    "the desk's inbox": (
        notifications,
        lambda of: notifications.MongoObligations(of, RECORDER).list(
            ObligationsListing(limit=50, scopes=SCOPES, escalated=True)
        ),
    ),
    "branches of a scope": (
        scoring,
        lambda of: MongoDirectory(of).branches(
            SubjectsListing(AppliesTo(kinds=("branch",)), SCOPES, Period.parse("2023"), 50)
        ),
    ),
    "members of a scope, scored": (
        directory,
        lambda of: MongoDirectory(of).members(SubjectsListing(AppliesTo(), SCOPES, Period.parse("2023"), 50)),
    ),
    "members who moved with their branch": (
        directory,
        lambda of: MongoDirectory(of).members_moved(Moving("branch", 2, 50)),
    ),
    "cadres who moved with their organisation": (
        scoring,
        lambda of: MongoDirectory(of).cadres_moved(Moving("branch", 2, 50)),
    ),
    "closings of a scope": (
        closings,
        lambda of: closings.MongoClosings(of, RECORDER).list(ClosingListing(SCOPES, 50)),
    ),
    "closings to seal": (closings, lambda of: closings.MongoClosings(of, RECORDER).sealing(20)),
    "notices untold": (closings, lambda of: closings.MongoClosings(of, RECORDER).untold(20)),
    "deeds of a scope": (records, lambda of: records.MongoDeeds(of, RECORDER).list(DeedListing(SCOPES, 50))),
    "deeds on notice in a scope": (
        records,
        lambda of: records.MongoDeeds(of, RECORDER).list(DeedListing(SCOPES, 50, state="confirmed")),
    ),
    "deeds of a member": (
        records,
        lambda of: records.MongoDeeds(of, RECORDER).list(
            DeedListing(frozenset(), 50, own=frozenset({"member"}), own_only=True)
        ),
    ),
    "deeds whose notice is over": (records, lambda of: records.MongoDeeds(of, RECORDER).over(date(2023, 11, 28), 50)),
    "review marks of a scope": (records, lambda of: records.MongoReviews(of, RECORDER).list(ReviewListing(SCOPES, 50))),
    "objections of a scope": (
        records,
        lambda of: records.MongoObjections(of, RECORDER).list(ObjectionListing(SCOPES, 50)),
    ),
    "open objections of a scope": (
        records,
        lambda of: records.MongoObjections(of, RECORDER).list(ObjectionListing(SCOPES, 50, state="filed")),
    ),
    "objections of a person": (
        records,
        lambda of: records.MongoObjections(of, RECORDER).list(
            ObjectionListing(frozenset(), 50, own="person", own_only=True)
        ),
    ),
}


@pytest.fixture
async def database(mongod: Stack) -> AsyncIterator[Database]:
    client = connect(mongod.urls["mongodb"])
    database = client[f"lists_{new_id()}"]
    yield database
    await client.drop_database(database)
    await client.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", LISTS)
async def test_a_list_is_read_in_the_order_of_an_index(name: str, database: Database) -> None:
    service, read = LISTS[name]
    await service.prepare(database)
    await database.command("profile", PROFILE_ALL)
    await read(database)
    await database.command("profile", 0)
    asked = await database["system.profile"].find({"op": "query"}).to_list()

    assert asked
    assert [query["command"] for query in asked if query.get("hasSortStage")] == []
