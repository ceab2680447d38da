"""Members, postings, townships' times, calendars and disposals in MongoDB."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import TypeAdapter
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from services.members.adapters.transactions import in_transaction
from services.members.domain.calendar_year import CalendarYear
from services.members.domain.disposal import Disposal
from services.members.domain.member import Member
from services.members.domain.posting import Posting
from services.members.domain.township import Township
from services.members.use_cases.ports import Listing, RestrictedRead
from shared.events.base import Event
from shared.events.recording import Recorder
from shared.kernel.access import OrganisationPath
from shared.kernel.errors import AlreadyThere
from shared.kernel.ids import BranchId, CadreId, OrganisationId
from shared.mongo.aggregates import MongoAggregates
from shared.mongo.client import Document
from shared.mongo.documents import storable
from shared.mongo.errors import store_errors

AGGREGATES = ("organisations", "townships", "members", "postings", "calendars", "disposals")
"""The collections that hold facts for the relay."""
_HIDDEN = {"outbox": 0}
_MEMBER, _POSTING = TypeAdapter(Member), TypeAdapter(Posting)
_TOWNSHIP, _CALENDAR, _DISPOSAL = TypeAdapter(Township), TypeAdapter(CalendarYear), TypeAdapter(Disposal)
T = TypeVar("T")


def document_of(thing: object) -> Mapping[str, Any]:
    """The fields of a frozen value besides its id."""
    document: dict[str, Any] = storable(thing)
    document.pop("id", None)
    return document


def value_of(adapter: TypeAdapter[T], document: Mapping[str, Any]) -> T:
    """The frozen value a document holds."""
    return adapter.validate_python(
        {**document, "id": document["_id"], "path": OrganisationPath(tuple(document["path"]))}
    )


class MongoMembers(MongoAggregates[Member]):
    """The members; see `prepare` for the indexes the lists live on."""

    def __init__(self, database: AsyncDatabase[Document], recorder: Recorder) -> None:
        super().__init__(database["members"], recorder, document_of, lambda found: value_of(_MEMBER, found))
        self._members = database["members"]

    async def list(self, listing: Listing) -> Sequence[Member]:
        """Members by the day they joined, the earliest first."""
        wanted = _filter(listing, person="person_id", organisation="branch_id")
        if listing.after is not None:
            day, id_ = listing.after
            wanted["$or"] = [{"joined_on": {"$gt": day}}, {"joined_on": day, "_id": {"$gt": id_}}]
        with store_errors():
            found = self._members.find(wanted, _HIDDEN).sort({"joined_on": 1, "_id": 1}).limit(listing.limit)
            return [value_of(_MEMBER, document) async for document in found]

    async def moved(self, branch_id: BranchId, path: OrganisationPath) -> None:
        """The branch hangs elsewhere now, and its members with it."""
        with store_errors():
            await self._members.update_many({"branch_id": branch_id}, {"$set": {"path": list(path.segments)}})


class MongoPostings(MongoAggregates[Posting]):
    """The postings; see `prepare` for the indexes the lists live on."""

    def __init__(self, database: AsyncDatabase[Document], recorder: Recorder) -> None:
        super().__init__(database["postings"], recorder, document_of, lambda found: value_of(_POSTING, found))
        self._postings = database["postings"]

    async def list(self, listing: Listing) -> Sequence[Posting]:
        """Postings by the day they start, the latest first."""
        wanted = _filter(listing, person="cadre_id", organisation="organisation_id")
        if listing.post is not None:
            wanted["post"] = listing.post
        if listing.after is not None:
            day, id_ = listing.after
            wanted["$or"] = [{"starts_on": {"$lt": day}}, {"starts_on": day, "_id": {"$gt": id_}}]
        with store_errors():
            found = self._postings.find(wanted, _HIDDEN).sort({"starts_on": -1, "_id": 1}).limit(listing.limit)
            return [value_of(_POSTING, document) async for document in found]

    async def of_person(self, cadre_id: CadreId) -> Sequence[Posting]:
        """All a person ever held."""
        with store_errors():
            found = self._postings.find({"cadre_id": cadre_id}, _HIDDEN).sort("_id")
            return [value_of(_POSTING, document) async for document in found]

    async def moved(self, organisation_id: OrganisationId, path: OrganisationPath) -> None:
        """The organisation hangs elsewhere now, and its postings with it."""
        where = {"organisation_id": organisation_id}
        with store_errors():
            await self._postings.update_many(where, {"$set": {"path": list(path.segments)}})


class MongoTownships(MongoAggregates[Township]):
    """The townships' times; one unique index over all spans, because others know a span by its id alone."""

    def __init__(self, database: AsyncDatabase[Document], recorder: Recorder) -> None:
        super().__init__(database["townships"], recorder, _township_document, lambda found: value_of(_TOWNSHIP, found))

    async def save(self, thing: Township, *events: Event, session: Any = None) -> None:
        """Store it with what happened; raises Stale, or AlreadyThere when a span's id is taken in any township."""
        try:
            await super().save(thing, *events, session=session)
        except DuplicateKeyError as error:
            raise AlreadyThere from error


class MongoCalendars(MongoAggregates[CalendarYear]):
    """The published calendars."""

    def __init__(self, database: AsyncDatabase[Document], recorder: Recorder) -> None:
        super().__init__(database["calendars"], recorder, document_of, lambda found: value_of(_CALENDAR, found))


class MongoDisposals(MongoAggregates[Disposal]):
    """The disposals, recorded together with the end of the membership."""

    def __init__(self, database: AsyncDatabase[Document], recorder: Recorder, members: MongoMembers) -> None:
        super().__init__(database["disposals"], recorder, document_of, lambda found: value_of(_DISPOSAL, found))
        self._disposals, self._members, self._client = database["disposals"], members, database.client

    async def record(self, disposal: Disposal, disposed: Event, ended: tuple[Member, Event] | None) -> None:
        """Store the disposal and, where it ends one, the membership: both or neither; raises AlreadyThere, Stale."""
        if ended is None:
            await self.save(disposal, disposed)
            return

        async def both(session: Any) -> None:
            await self.save(disposal, disposed, session=session)
            await self._members.save(*ended, session=session)

        await in_transaction(self._client, both)

    async def list(self, listing: Listing) -> Sequence[Disposal]:
        """Disposals by the day they were decided, the latest first."""
        wanted = _filter(listing, person="member_id", organisation="member_id")
        if listing.after is not None:
            day, id_ = listing.after
            wanted["$or"] = [{"decided_on": {"$lt": day}}, {"decided_on": day, "_id": {"$gt": id_}}]
        with store_errors():
            found = self._disposals.find(wanted, _HIDDEN).sort({"decided_on": -1, "_id": 1}).limit(listing.limit)
            return [value_of(_DISPOSAL, document) async for document in found]


class MongoAccessLog:
    """Reads of restricted records: inserted, never changed."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._reads = database["access_log"]

    async def note(self, reads: Sequence[RestrictedRead]) -> None:
        """Write them down, before anything is shown."""
        if reads:
            with store_errors():
                await self._reads.insert_many([storable(read) for read in reads])


async def prepare(database: AsyncDatabase[Document]) -> None:
    """Create the indexes; repeating it changes nothing."""
    coded, spanned = {"external_code": {"$type": "string"}}, {"spans.id": {"$exists": True}}
    with store_errors():
        organisations = database["organisations"]
        await organisations.create_index(
            ["county_id", "external_code"], name="external_code", unique=True, partialFilterExpression=coded
        )
        await organisations.create_index([("path", 1), ("order", 1), ("_id", 1)])
        await database["townships"].create_index("spans.id", unique=True, partialFilterExpression=spanned)
        for collection, day, direction, person, place in (
            ("members", "joined_on", 1, "person_id", "branch_id"),
            ("postings", "starts_on", -1, "cadre_id", "organisation_id"),
        ):
            await database[collection].create_index([("path", 1), (day, direction), ("_id", 1)])
            await database[collection].create_index([(place, 1), (day, direction), ("_id", 1)])
            await database[collection].create_index(person)
        await database["disposals"].create_index([("path", 1), ("decided_on", -1), ("_id", 1)])
        await database["access_log"].create_index([("case_id", 1), ("read_at", 1)])


def _township_document(township: Township) -> Mapping[str, Any]:
    """Without an empty list of spans, which a unique index would take for a value."""
    document = dict(document_of(township))
    if not township.spans:
        del document["spans"]
    return document


def _filter(listing: Listing, *, person: str, organisation: str) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    if listing.scopes is not None:
        wanted["path"] = {"$in": sorted(listing.scopes)}
    if listing.person_id is not None:
        wanted[person] = listing.person_id
    if listing.organisation_id is not None:
        wanted[organisation] = listing.organisation_id
    return wanted
