"""Lists with one's own first are read in the order of an index, both shelves, in an empty store and a full one."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from pymongo.asynchronous.database import AsyncDatabase

from deploy.local.stack import Stack
from services.members.adapters.mongo import MongoMembers, MongoPostings, document_of, prepare
from services.members.adapters.mongo_absences import MongoExemptions, MongoLeaves
from services.members.domain.organisation import Features, Organisation
from services.members.use_cases.ports import Listing
from shared.events.recording import Recorder
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import CadreId, OrganisationId, PersonId, new_id
from shared.mongo.client import Document, connect
from shared.testing.clock import StoppedClock
from tests.contract.members.conftest import DAY, a_leave, a_member, a_posting, an_exemption

Database = AsyncDatabase[Document]
RECORDER = Recorder("members", StoppedClock())
OWN = new_id()
SCOPES = frozenset({"county", "township"})
BRANCH = Organisation(
    OrganisationId("branch"),
    "branch",
    OrganisationPath.parse("county/township/branch"),
    Features("演示", "village"),
    DAY,
    "digest",
)
ALL = Listing(SCOPES, 50, own=OWN)
LISTS: dict[str, Listing] = {
    "of a scope": ALL,
    "of a branch": replace(ALL, organisation_id=BRANCH.id),
    "one's own": Listing(None, 50, person_id=OWN, own=OWN),
    "behind the own": replace(ALL, after=("0", DAY.isoformat(), "z")),
    "behind another": replace(ALL, after=("1", "2020-06-01", "a")),
    "behind the last": replace(ALL, after=("1", DAY.isoformat(), "z")),
}
READS: dict[str, Callable[[Database, Listing], Awaitable[Any]]] = {
    "members": lambda of, listing: MongoMembers(of, RECORDER).list(listing),
    "postings": lambda of, listing: MongoPostings(of, RECORDER).list(listing),
    "leaves": lambda of, listing: MongoLeaves(of, RECORDER).list(listing),
    "exemptions": lambda of, listing: MongoExemptions(of, RECORDER).list(listing),
}


@pytest.fixture
async def database(mongod: Stack) -> AsyncIterator[Database]:
    client = connect(mongod.urls["mongodb"])
    database = client[f"own_lists_{new_id()}"]
    await prepare(database)
    yield database
    await client.drop_database(database)
    await client.close()


async def _fill(database: Database) -> None:
    """Five hundred of each in one branch, a few of them one's own."""
    days = [date(2020, 1, 1) + timedelta(days=number) for number in range(500)]
    members = [a_member(BRANCH, joined_on=day) for day in days]
    postings = [a_posting(BRANCH, starts_on=day) for day in days]
    leaves = [a_leave(BRANCH, starts_on=day) for day in days]
    exemptions = [an_exemption(BRANCH, starts_on=day) for day in days]
    for at in (7, 70):
        postings[at] = replace(postings[at], cadre_id=CadreId(OWN))
        leaves[at] = replace(leaves[at], cadre_id=CadreId(OWN))
        exemptions[at] = replace(exemptions[at], person_id=PersonId(OWN))
    members[7] = replace(members[7], person_id=PersonId(OWN))
    things = {"members": members, "postings": postings, "leaves": leaves, "exemptions": exemptions}
    for name, filled in things.items():
        documents = [{"_id": each.id, **document_of(each)} for each in filled]  # type: ignore[attr-defined]
        await database[name].insert_many(documents)


@pytest.mark.slow
@pytest.mark.parametrize("full", [False, True], ids=["empty", "full"])
@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("what", READS)
async def test_a_list_is_read_in_the_order_of_an_index(what: str, name: str, database: Database, *, full: bool) -> None:
    if full:
        await _fill(database)
    await database.command("profile", 2)
    await READS[what](database, LISTS[name])
    await database.command("profile", 0)
    asked = await database["system.profile"].find({"op": "query"}).to_list()

    assert asked
    assert [query["command"] for query in asked if query.get("hasSortStage")] == []
    assert [query["planSummary"] for query in asked if "IXSCAN" not in query["planSummary"]] == []
