"""No list is sorted in memory: each, as it is asked for most, is read in the order of an index."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from pymongo.asynchronous.database import AsyncDatabase

from deploy.local.stack import Stack
from services.members.adapters import mongo as members
from services.members.adapters.mongo_organisations import MongoOrganisations
from services.members.use_cases.ports import Listing as MembersListing
from services.members.use_cases.ports import OrganisationListing
from services.notifications.adapters import mongo as notifications
from services.notifications.use_cases.ports import Listing as ObligationsListing
from services.scoring.adapters import mongo as scoring
from services.scoring.adapters.directory import MongoDirectory
from services.scoring.domain.rule_book import AppliesTo
from services.scoring.use_cases.ports import Listing as SubjectsListing
from services.visits.adapters import mongo as visits
from services.visits.use_cases.ports import Listing as VisitsListing
from shared.events.recording import Recorder
from shared.kernel.calendar import Period
from shared.kernel.ids import CadreId, new_id
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
