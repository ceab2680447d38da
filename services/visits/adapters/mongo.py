"""Visits and problems in MongoDB."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase

from services.visits.adapters.directory import ProjectedDirectory, Remembering
from services.visits.domain.problem import Problem
from services.visits.domain.visit import Visit
from services.visits.use_cases.ports import OTHERS, OWN, Listing
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
PROJECTIONS = ("organisations", "postings", "calendars", "go_lives", "spans", "enrolments", "membership_ends")
"""The collections of what other services said, in the order of the directory's fields."""
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
        """Visits, one's own first, each by when they happened, latest first."""
        wanted: dict[str, Any] = {}
        if listing.period is not None:
            wanted["occurred_at"] = {
                "$gte": start_of_day(listing.period.first),
                "$lt": start_of_day(listing.period.last + timedelta(days=1)),
            }

        def behind(at_text: str, id_: str) -> dict[str, Any]:
            at = datetime.fromisoformat(at_text)
            return {"$or": [{"occurred_at": {"$lt": at}}, {"occurred_at": at, "_id": {"$gt": id_}}]}

        found = await _listed(self._visits, listing, wanted, {"occurred_at": -1, "_id": 1}, behind)
        return [_VISIT.validate_python(_fields(document)) for document in found]

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
        """Problems, one's own first, each by when they are due, first due first."""
        wanted: dict[str, Any] = {}
        if listing.state is not None:
            wanted["state"] = listing.state
        if listing.period is not None:
            wanted["raised_on"] = {"$gte": listing.period.first.isoformat(), "$lte": listing.period.last.isoformat()}

        def behind(due_on: str, id_: str) -> dict[str, Any]:
            return {"$or": [{"due_on": {"$gt": due_on}}, {"due_on": due_on, "_id": {"$gt": id_}}]}

        found = await _listed(self._problems, listing, wanted, {"due_on": 1, "_id": 1}, behind)
        return [_PROBLEM.validate_python(_fields(document)) for document in found]

    async def moved(self, branch_id: BranchId, path: OrganisationPath) -> None:
        """The branch hangs elsewhere now, and its problems with it."""
        await _move(self._problems, branch_id, path)


class MongoVersion:
    """The directory's version as a counter in MongoDB, asked for at most every tenth of a second.

    A tenth is shorter than a fact needs from its service to this one, so nobody waits longer because of it. All who
    come while it is being asked for wait for that one answer: what was known before may be as old as the last request.
    """

    def __init__(self, collection: AsyncCollection[Document]) -> None:
        self._collection = collection
        self._asked = float("-inf")
        self._number = 0
        self._asking: asyncio.Task[None] | None = None

    async def current(self) -> int:
        """The number now, or a tenth of a second ago."""
        if time.monotonic() - self._asked >= _VERSION_SECONDS:
            if self._asking is None:
                self._asking = asyncio.create_task(self._ask())
            await asyncio.shield(self._asking)
        return self._number

    async def grow(self) -> None:
        """Something changed; whoever changed it sees so at once, whatever answer is still on its way."""
        with store_errors():
            await self._collection.update_one({"_id": "directory"}, {"$inc": {"number": 1}}, upsert=True)
        self._asked, self._asking = float("-inf"), None

    async def seen_by_all(self) -> None:
        """Return once every process has asked again: after a tenth, and another for an answer on its way."""
        await asyncio.sleep(2 * _VERSION_SECONDS)

    async def _ask(self) -> None:
        asking, asked = asyncio.current_task(), time.monotonic()
        try:
            with store_errors():
                found = await self._collection.find_one({"_id": "directory"})
            if self._asking is asking:
                self._asked, self._number = asked, 0 if found is None else found["number"]
        finally:
            if self._asking is asking:
                self._asking = None


def mongo_directory(database: AsyncDatabase[Document]) -> ProjectedDirectory:
    """The directory over this service's own projections."""
    version = MongoVersion(database["directory_version"])
    return ProjectedDirectory(
        *(Remembering(MongoProjection(database[name]), version) for name in PROJECTIONS),
        all_know=version.seen_by_all,
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


async def _listed(
    collection: AsyncCollection[Document],
    listing: Listing,
    wanted: Mapping[str, Any],
    order: Mapping[str, int],
    behind: Callable[[str, str], Mapping[str, Any]],
) -> Sequence[Document]:
    """Part of a list, shelf by shelf, each in its index's order; `behind` filters what follows a sort key."""
    found: list[Document] = []
    for rank, shelf in _shelves(listing):
        if listing.after is not None and rank < listing.after[0]:
            continue
        rest = behind(*listing.after[1:]) if listing.after is not None and rank == listing.after[0] else {}
        left = listing.limit - len(found)
        if left > 0:
            with store_errors():
                found += await collection.find({**wanted, **shelf, **rest}, _HIDDEN).sort(order).limit(left).to_list()
    return found


def _shelves(listing: Listing) -> Iterator[tuple[str, dict[str, Any]]]:
    """One's own, then what one oversees; a shelf that must be empty is left out."""
    where = {} if listing.branch_id is None else {"branch_id": listing.branch_id}
    if listing.own is not None and listing.cadre_id in {None, listing.own}:
        reach = sorted(listing.scopes | listing.own_scopes)
        yield OWN, {**where, "path": {"$in": reach}, "cadre_id": listing.own}
    if listing.own_only or (listing.own is not None and listing.cadre_id == listing.own):
        return
    others: dict[str, Any] = {**where, "path": {"$in": sorted(listing.scopes)}}
    if listing.cadre_id is not None:
        others["cadre_id"] = listing.cadre_id
    elif listing.own is not None:
        others["cadre_id"] = {"$ne": listing.own}
    yield OTHERS, others


async def _move(collection: Any, branch_id: BranchId, path: OrganisationPath) -> None:
    """Found by the index of the path, but only the branch's own: those below another organisation end elsewhere."""
    with store_errors():
        await collection.update_many(
            {"path": branch_id, "branch_id": branch_id}, {"$set": {"path": list(path.segments)}}
        )
