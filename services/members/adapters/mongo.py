"""Members, postings, townships' times, calendars and disposals in MongoDB."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import TypeAdapter
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from services.members.adapters.mongo_lists import BY_EXEMPTION, BY_START, Columns, listed
from services.members.adapters.transactions import in_transaction
from services.members.domain.calendar_year import CalendarYear
from services.members.domain.disposal import Disposal
from services.members.domain.member import Member
from services.members.domain.posting import Posting
from services.members.domain.refusals import EnrolledElsewhere
from services.members.domain.township import Township
from services.members.use_cases.ports import Listing, RestrictedRead
from shared.events.base import Event
from shared.events.recording import Recorder
from shared.kernel.access import OrganisationPath
from shared.kernel.errors import AlreadyThere, Stale
from shared.kernel.ids import BranchId, CadreId, OrganisationId, derived_id
from shared.mongo.aggregates import MongoAggregates
from shared.mongo.client import Document
from shared.mongo.documents import storable
from shared.mongo.errors import store_errors

AGGREGATES = (
    "organisations",
    "townships",
    "members",
    "postings",
    "leaves",
    "exemptions",
    "calendars",
    "disposals",
)
"""The collections that hold facts for the relay."""
_HIDDEN = {"outbox": 0}
_MEMBER, _POSTING = TypeAdapter(Member), TypeAdapter(Posting)
_TOWNSHIP, _CALENDAR, _DISPOSAL = TypeAdapter(Township), TypeAdapter(CalendarYear), TypeAdapter(Disposal)
_BY_JOINING = Columns(day="joined_on", person="person_id", place="branch_id")
_BY_DECISION = Columns(day="decided_on", person="member_id", place="path", latest_first=True)
_ENROLLED = {"ended_on": {"$type": "null"}}
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
    """The members; one unique index over the persons who belong to a branch now."""

    def __init__(self, database: AsyncDatabase[Document], recorder: Recorder) -> None:
        super().__init__(database["members"], recorder, document_of, lambda found: value_of(_MEMBER, found))
        self._database, self._members = database, database["members"]
        self._prepared = False

    async def save(self, thing: Member, *events: Event, session: AsyncClientSession | None = None) -> None:
        """Store the member with what happened; raises AlreadyThere, Stale, EnrolledElsewhere."""
        if session is None and not self._prepared:
            await prepare(self._database)
            self._prepared = True
        try:
            await super().save(thing, *events, session=session)
        except AlreadyThere as error:
            if collided_on(error.__cause__, "person_id"):
                raise EnrolledElsewhere from error
            raise

    async def standing(self, member: Member) -> Member | None:
        """Where the same person belongs under another record, if that has not ended."""
        person = {"$eq": member.person_id, "$type": "string"}
        with store_errors():
            found = await self._members.find_one({**_ENROLLED, "person_id": person, "_id": {"$ne": member.id}}, _HIDDEN)
        return None if found is None else value_of(_MEMBER, found)

    async def list(self, listing: Listing) -> Sequence[Member]:
        """Members, one's own first, then by the day they joined, the earliest first."""
        return [value_of(_MEMBER, document) for document in await listed(self._members, listing, _BY_JOINING)]

    async def moved(self, branch_id: BranchId, path: OrganisationPath) -> None:
        """The branch hangs elsewhere now, and its members with it."""
        with store_errors():
            await self._members.update_many({"branch_id": branch_id}, {"$set": {"path": list(path.segments)}})


class MongoPostings(MongoAggregates[Posting]):
    """The postings.

    Whether two overlap no index can tell. So whoever writes one takes the turn of this person in this post at this
    place (`posting_turns`): of two at once the second begins again and finds what the first wrote.
    """

    def __init__(self, database: AsyncDatabase[Document], recorder: Recorder) -> None:
        super().__init__(database["postings"], recorder, document_of, lambda found: value_of(_POSTING, found))
        self._postings, self._turns, self._client = database["postings"], database["posting_turns"], database.client

    async def save(self, thing: Posting, *events: Event, session: AsyncClientSession | None = None) -> None:
        """Store the posting with what happened; raises AlreadyThere, Stale, PostingOverlaps."""
        save = super().save
        same = {"cadre_id": thing.cadre_id, "organisation_id": thing.organisation_id, "post": thing.post}
        turn = {"_id": derived_id("posting turn", *same.values())}

        async def in_turn(session: AsyncClientSession) -> None:
            await self._turns.update_one(turn, {"$inc": {"taken": 1}}, upsert=True, session=session)
            standing = await self._postings.find(same, _HIDDEN, session=session).to_list()
            thing.refuse_overlap([value_of(_POSTING, document) for document in standing])
            await save(thing, *events, session=session)

        if session is not None:
            await in_turn(session)
        else:
            await in_transaction(self._client, in_turn)

    async def list(self, listing: Listing) -> Sequence[Posting]:
        """Postings, one's own first, then by the day they start, the latest first."""
        return [value_of(_POSTING, document) for document in await listed(self._postings, listing, BY_START)]

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
        self._townships = database["townships"]

    async def save(self, thing: Township, *events: Event, session: AsyncClientSession | None = None) -> None:
        """Store it with what happened; raises Stale, or AlreadyThere when a span's id is taken in another township."""
        try:
            await super().save(thing, *events, session=session)
        except (AlreadyThere, DuplicateKeyError) as error:
            # Which of several indexes a write collides on is for the server to choose: look who holds the spans.
            spans = {"$in": [span.id for span in thing.spans]}
            with store_errors():
                elsewhere = await self._townships.find_one({"spans.id": spans, "_id": {"$ne": thing.id}}, {"_id": 1})
            if elsewhere is not None:
                raise AlreadyThere(field="id") from error
            raise Stale from error


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

        async def both(session: AsyncClientSession) -> None:
            await self.save(disposal, disposed, session=session)
            await self._members.save(*ended, session=session)

        await in_transaction(self._client, both)

    async def list(self, listing: Listing) -> Sequence[Disposal]:
        """Disposals by the day they were decided, the latest first."""
        return [value_of(_DISPOSAL, document) for document in await listed(self._disposals, listing, _BY_DECISION)]


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
    enrolled = {**_ENROLLED, "person_id": {"$type": "string"}}
    coded, spanned = {"external_code": {"$type": "string"}}, {"spans.id": {"$exists": True}}
    with store_errors():
        organisations = database["organisations"]
        await organisations.create_index(
            ["county_id", "external_code"], name="external_code", unique=True, partialFilterExpression=coded
        )
        await organisations.create_index([("path", 1), ("order", 1), ("_id", 1)])
        await database["townships"].create_index("spans.id", unique=True, partialFilterExpression=spanned)
        await database["members"].create_index(
            "person_id", name="person_enrolled", unique=True, partialFilterExpression=enrolled
        )
        for collection, by in (
            ("members", _BY_JOINING),
            ("postings", BY_START),
            ("leaves", BY_START),
            ("exemptions", BY_EXEMPTION),
        ):
            order = list(by.sort.items())
            await database[collection].create_index([("path", 1), *order])
            await database[collection].create_index([(by.place, 1), *order])
            await database[collection].create_index([(by.person, 1), *order])
        await database["exemptions"].create_index("member_id")
        await database["disposals"].create_index([("path", 1), *_BY_DECISION.sort.items()])
        await database["access_log"].create_index([("case_id", 1), ("read_at", 1)])


def _township_document(township: Township) -> Mapping[str, Any]:
    """Without an empty list of spans, which a unique index would take for a value."""
    document = dict(document_of(township))
    if not township.spans:
        del document["spans"]
    return document


def collided_on(error: BaseException | None, field: str) -> bool:
    """Whether a write was refused by the unique index over this field."""
    return isinstance(error, DuplicateKeyError) and field in (error.details or {}).get("keyPattern", {})
