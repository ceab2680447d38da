"""Visits and problems in MongoDB."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase

from services.visits.adapters.directory import ProjectedDirectory, Remembering
from services.visits.domain.problem import Problem
from services.visits.domain.visit import Visit
from services.visits.use_cases.ports import Listing
from shared.events.recording import Recorder
from shared.kernel.access import OrganisationPath
from shared.kernel.clock import start_of_day
from shared.kernel.ids import BranchId
from shared.mongo.aggregates import MongoAggregates
from shared.mongo.client import Document
from shared.mongo.documents import storable
from shared.mongo.errors import store_errors
from shared.mongo.projections import MongoProjection

AGGREGATES = ("visits", "problems")
"""The collections that hold facts for the relay."""
_VERSION_SECONDS = 0.1
_HIDDEN = {"outbox": 0}
_VISIT = TypeAdapter(Visit)
_PROBLEM = TypeAdapter(Problem)


def _to_document(thing: Visit | Problem) -> Mapping[str, Any]:
    document: dict[str, Any] = storable(thing)
    del document["id"]
    if isinstance(thing, Problem):
        document["state"] = thing.state
    return document


def _fields(document: Mapping[str, Any]) -> dict[str, Any]:
    return {**document, "id": document["_id"], "path": OrganisationPath(tuple(document["path"]))}


class MongoVisits(MongoAggregates[Visit]):
    """The visits; see `prepare` for the indexes the lists live on."""

    def __init__(self, database: AsyncDatabase[Document], recorder: Recorder) -> None:
        super().__init__(
            database["visits"], recorder, _to_document, lambda found: _VISIT.validate_python(_fields(found))
        )
        self._visits = database["visits"]

    async def list(self, listing: Listing) -> Sequence[Visit]:
        """Visits by when they happened, latest first."""
        wanted = _filter(listing)
        if listing.period is not None:
            wanted["occurred_at"] = {
                "$gte": start_of_day(listing.period.first),
                "$lt": start_of_day(listing.period.last + timedelta(days=1)),
            }
        if listing.after is not None:
            at, id_ = datetime.fromisoformat(listing.after[0]), listing.after[1]
            wanted["$or"] = [{"occurred_at": {"$lt": at}}, {"occurred_at": at, "_id": {"$gt": id_}}]
        with store_errors():
            found = self._visits.find(wanted, _HIDDEN).sort({"occurred_at": -1, "_id": 1}).limit(listing.limit)
            return [_VISIT.validate_python(_fields(document)) async for document in found]

    async def moved(self, branch_id: BranchId, path: OrganisationPath) -> None:
        """The branch hangs elsewhere now, and its visits with it."""
        await _move(self._visits, branch_id, path)


class MongoProblems(MongoAggregates[Problem]):
    """The problems; see `prepare` for the indexes the lists live on."""

    def __init__(self, database: AsyncDatabase[Document], recorder: Recorder) -> None:
        super().__init__(
            database["problems"], recorder, _to_document, lambda found: _PROBLEM.validate_python(_fields(found))
        )
        self._problems = database["problems"]

    async def list(self, listing: Listing) -> Sequence[Problem]:
        """Problems by when they are due, first due first."""
        wanted = _filter(listing)
        if listing.state is not None:
            wanted["state"] = listing.state
        if listing.period is not None:
            wanted["raised_on"] = {"$gte": listing.period.first.isoformat(), "$lte": listing.period.last.isoformat()}
        if listing.after is not None:
            due_on, id_ = listing.after
            wanted["$or"] = [{"due_on": {"$gt": due_on}}, {"due_on": due_on, "_id": {"$gt": id_}}]
        with store_errors():
            found = self._problems.find(wanted, _HIDDEN).sort({"due_on": 1, "_id": 1}).limit(listing.limit)
            return [_PROBLEM.validate_python(_fields(document)) async for document in found]

    async def moved(self, branch_id: BranchId, path: OrganisationPath) -> None:
        """The branch hangs elsewhere now, and its problems with it."""
        await _move(self._problems, branch_id, path)


class MongoVersion:
    """The directory's version as a counter in MongoDB, asked for at most every tenth of a second.

    A tenth is shorter than a fact needs from its service to this one, so nobody waits longer because of it.
    """

    def __init__(self, collection: AsyncCollection[Document]) -> None:
        self._collection = collection
        self._asked = float("-inf")
        self._number = 0

    async def current(self) -> int:
        """The number now, or a tenth of a second ago."""
        now = time.monotonic()
        if now - self._asked >= _VERSION_SECONDS:
            self._asked = now
            with store_errors():
                found = await self._collection.find_one({"_id": "directory"})
            self._number = 0 if found is None else found["number"]
        return self._number

    async def grow(self) -> None:
        """Something changed; whoever changed it sees so at once."""
        with store_errors():
            await self._collection.update_one({"_id": "directory"}, {"$inc": {"number": 1}}, upsert=True)
        self._asked = float("-inf")


def mongo_directory(database: AsyncDatabase[Document]) -> ProjectedDirectory:
    """The directory over this service's own projections."""
    version = MongoVersion(database["directory_version"])
    return ProjectedDirectory(
        *(
            Remembering(MongoProjection(database[name]), version)
            for name in ("organisations", "postings", "calendars", "go_lives", "spans")
        )
    )


async def prepare(database: AsyncDatabase[Document]) -> None:
    """Create the indexes; repeating it changes nothing."""
    with store_errors():
        for scope in ("path", "cadre_id"):
            await database["visits"].create_index([(scope, 1), ("occurred_at", -1), ("_id", 1)])
            await database["problems"].create_index([(scope, 1), ("due_on", 1), ("_id", 1)])
            await database["problems"].create_index([(scope, 1), ("state", 1), ("due_on", 1), ("_id", 1)])
        await database["postings"].create_index("cadre_id")
        await database["calendars"].create_index("organisation_id")
        await database["spans"].create_index("township_id")


def _filter(listing: Listing) -> dict[str, Any]:
    wanted: dict[str, Any] = {"path": {"$in": sorted(listing.scopes)}}
    if listing.cadre_id is not None:
        wanted["cadre_id"] = listing.cadre_id
    if listing.branch_id is not None:
        wanted["branch_id"] = listing.branch_id
    return wanted


async def _move(collection: Any, branch_id: BranchId, path: OrganisationPath) -> None:
    """Found by the index of the path, but only the branch's own: those below another organisation end elsewhere."""
    with store_errors():
        await collection.update_many(
            {"path": branch_id, "branch_id": branch_id}, {"$set": {"path": list(path.segments)}}
        )
