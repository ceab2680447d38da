"""Meetings and weak organisations in MongoDB."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import TypeAdapter
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from services.duties.adapters.directory import ProjectedDirectory
from services.duties.domain.meeting import Meeting
from services.duties.domain.refusals import AlreadyHeld, AlreadyListed
from services.duties.domain.weak_organisation import WeakOrganisation
from services.duties.use_cases.ports import MeetingListing, WeakListing
from shared.events.base import Event
from shared.events.recording import Recorder
from shared.kernel.access import OrganisationPath
from shared.kernel.errors import AlreadyThere, Stale
from shared.kernel.ids import BranchId, OrganisationId
from shared.mongo.aggregates import MongoAggregates
from shared.mongo.client import Document
from shared.mongo.documents import storable
from shared.mongo.errors import store_errors
from shared.mongo.projections import MongoProjection

AGGREGATES = ("meetings", "weak_organisations")
"""The collections that hold facts for the relay."""
_HIDDEN = {"outbox": 0}
_MEETING = TypeAdapter(Meeting)
_WEAK = TypeAdapter(WeakOrganisation)


def _meeting_document(meeting: Meeting) -> Mapping[str, Any]:
    document: dict[str, Any] = storable(meeting)
    del document["id"]
    document["occasion"] = meeting.occasion
    return document


def _weak_document(weak: WeakOrganisation) -> Mapping[str, Any]:
    document: dict[str, Any] = storable(weak)
    del document["id"]
    document["is_open"] = weak.is_open
    return document


def _fields(document: Mapping[str, Any]) -> dict[str, Any]:
    return {**document, "id": document["_id"], "path": OrganisationPath(tuple(document["path"]))}


class MongoMeetings(MongoAggregates[Meeting]):
    """The meetings; an index holds each occasion to one that stands; see `prepare` for those the lists live on."""

    def __init__(self, database: AsyncDatabase[Document], recorder: Recorder) -> None:
        super().__init__(
            database["meetings"], recorder, _meeting_document, lambda found: _MEETING.validate_python(_fields(found))
        )
        self._meetings = database["meetings"]

    async def save(self, thing: Meeting, *events: Event, session: AsyncClientSession | None = None) -> None:
        """Store the meeting; raises AlreadyHeld while another one stands for the same occasion."""
        try:
            await super().save(thing, *events, session=session)
        except AlreadyThere:
            if await self.find(thing.id) is not None:
                raise
            raise await self._already_held(thing) from None
        except DuplicateKeyError:
            raise await self._already_held(thing) from None

    async def _already_held(self, thing: Meeting) -> AlreadyHeld | Stale:
        """The refusal that names the one that stands; whoever finds none any more looks again."""
        wanted = {"occasion": thing.occasion, "withdrawn": False, "_id": {"$ne": thing.id}}
        with store_errors():
            other = await self._meetings.find_one(wanted, {"_id": 1})
        return Stale() if other is None else AlreadyHeld(day=thing.held_on, meeting_id=other["_id"])

    async def list(self, listing: MeetingListing) -> list[Meeting]:
        """Meetings by the day they were held, latest first."""
        wanted: dict[str, Any] = {"path": {"$in": sorted(listing.scopes)}}
        if listing.branch_id is not None:
            wanted["branch_id"] = listing.branch_id
        if listing.kind is not None:
            wanted["kind"] = listing.kind
        days = {"$gte": listing.from_on, "$lte": listing.to_on}
        if held_on := {word: day.isoformat() for word, day in days.items() if day is not None}:
            wanted["held_on"] = held_on
        found = await _page(self._meetings, wanted, "held_on", listing.after, listing.limit)
        return [_MEETING.validate_python(_fields(document)) for document in found]

    async def moved(self, branch_id: BranchId, path: OrganisationPath) -> None:
        """The branch hangs elsewhere now, and its meetings with it."""
        with store_errors():
            await self._meetings.update_many({"branch_id": branch_id}, {"$set": {"path": list(path.segments)}})


class MongoWeakOrganisations(MongoAggregates[WeakOrganisation]):
    """The listings of weak organisations; an index holds each organisation to one open listing."""

    def __init__(self, database: AsyncDatabase[Document], recorder: Recorder) -> None:
        name = "weak_organisations"
        super().__init__(database[name], recorder, _weak_document, lambda found: _WEAK.validate_python(_fields(found)))
        self._listings = database[name]

    async def save(self, thing: WeakOrganisation, *events: Event, session: AsyncClientSession | None = None) -> None:
        """Store the listing; raises AlreadyListed for a second open one of an organisation."""
        try:
            await super().save(thing, *events, session=session)
        except AlreadyThere:
            if await self.find(thing.id) is None:
                raise AlreadyListed from None
            raise

    async def last_acceptance(self, organisation_id: OrganisationId) -> date | None:
        """The last day a rectification of the organisation was accepted, of the listings that stand."""
        wanted = {"organisation_id": organisation_id, "withdrawn": False, "accepted_on": {"$ne": None}}
        with store_errors():
            found = await self._listings.find_one(wanted, {"accepted_on": 1}, sort={"accepted_on": -1})
        return None if found is None else date.fromisoformat(found["accepted_on"])

    async def list(self, listing: WeakListing) -> list[WeakOrganisation]:
        """Listings by the day of listing, latest first."""
        wanted: dict[str, Any] = {"path": {"$in": sorted(listing.scopes)}}
        if listing.organisation_id is not None:
            wanted["organisation_id"] = listing.organisation_id
        if listing.is_open is not None:
            wanted["is_open"] = listing.is_open
        found = await _page(self._listings, wanted, "listed_on", listing.after, listing.limit)
        return [_WEAK.validate_python(_fields(document)) for document in found]

    async def moved(self, organisation_id: OrganisationId, path: OrganisationPath) -> None:
        """The organisation hangs elsewhere now, and its listings with it."""
        with store_errors():
            await self._listings.update_many(
                {"organisation_id": organisation_id}, {"$set": {"path": list(path.segments)}}
            )


def mongo_directory(database: AsyncDatabase[Document]) -> ProjectedDirectory:
    """The directory over this service's own projections."""
    names = ("organisations", "structures", "go_lives", "spans", "memberships", "exemptions")
    return ProjectedDirectory(*(MongoProjection(database[name]) for name in names))


async def prepare(database: AsyncDatabase[Document]) -> None:
    """Create the indexes; repeating it changes nothing."""
    with store_errors():
        meetings, listings = database["meetings"], database["weak_organisations"]
        for scope in ("path", "branch_id"):
            await meetings.create_index([(scope, 1), ("held_on", -1), ("_id", 1)])
        await meetings.create_index([("path", 1), ("kind", 1), ("held_on", -1), ("_id", 1)])
        await meetings.create_index(
            "occasion", name="one_standing", unique=True, partialFilterExpression={"withdrawn": False}
        )
        await listings.create_index([("path", 1), ("listed_on", -1), ("_id", 1)])
        await listings.create_index([("path", 1), ("is_open", 1), ("listed_on", -1), ("_id", 1)])
        await listings.create_index(
            "organisation_id", name="one_open", unique=True, partialFilterExpression={"is_open": True}
        )
        await listings.create_index([("organisation_id", 1), ("listed_on", -1), ("_id", 1)])
        for name in ("memberships", "exemptions"):
            await database[name].create_index("branch_id")
        await database["structures"].create_index("organisation_id")
        await database["spans"].create_index("township_id")


async def _page(
    collection: AsyncCollection[Document],
    wanted: Mapping[str, Any],
    day: str,
    after: tuple[str, ...] | None,
    limit: int,
) -> list[Document]:
    """The first so many after a sort key: the latest day first, a day's by id, in an index's order."""
    rest: dict[str, Any] = {}
    if after is not None:
        on, id_ = after
        rest = {"$or": [{day: {"$lt": on}}, {day: on, "_id": {"$gt": id_}}]}
    with store_errors():
        found = collection.find({**wanted, **rest}, _HIDDEN).sort({day: -1, "_id": 1})
        return await found.limit(limit).to_list()
