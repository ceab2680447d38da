"""Deeds, review marks and objections in MongoDB."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import TypeAdapter
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase

from services.scoring.domain.deed import Deed
from services.scoring.domain.objection import Objection
from services.scoring.domain.record_refusals import AwardObjectedAlready
from services.scoring.domain.review import Review
from services.scoring.use_cases.record_ports import OTHERS, OWN, DeedListing, ObjectionListing, ReviewListing
from shared.events.base import Event
from shared.events.recording import Recorder
from shared.kernel.access import OrganisationPath
from shared.kernel.errors import AlreadyThere
from shared.mongo.aggregates import MongoAggregates
from shared.mongo.client import Document
from shared.mongo.documents import storable
from shared.mongo.errors import store_errors

RECORDS = ("deeds", "reviews", "objections")
"""The collections that hold facts for the relay."""
_HIDDEN = {"outbox": 0, "outbox_parked": 0}
_DEED, _REVIEW, _OBJECTION = TypeAdapter(Deed), TypeAdapter(Review), TypeAdapter(Objection)


async def prepare(database: AsyncDatabase[Document]) -> None:
    """Create the indexes; repeating it changes nothing.

    The unique one lets an award have one open objection at most, whoever files at the same moment.
    """
    deeds, reviews, objections = (database[name] for name in RECORDS)
    with store_errors():
        for who in ("path", "member_id"):
            await deeds.create_index([(who, 1), ("done_on", -1), ("_id", 1)])
            await deeds.create_index([(who, 1), ("state", 1), ("done_on", -1), ("_id", 1)])
        await deeds.create_index([("notice.until", 1), ("_id", 1)], partialFilterExpression={"state": "confirmed"})
        await reviews.create_index([("path", 1), ("year", -1), ("branch_id", 1)])
        for who in ("path", "filed_by"):
            await objections.create_index([(who, 1), ("filed_on", -1), ("_id", 1)])
            await objections.create_index([(who, 1), ("state", 1), ("filed_on", -1), ("_id", 1)])
        await objections.create_index("award_id", unique=True, partialFilterExpression={"state": "filed"})


class MongoDeeds(MongoAggregates[Deed]):
    """The deeds; see `prepare` for the indexes the lists live on."""

    def __init__(self, database: AsyncDatabase[Document], recorder: Recorder) -> None:
        self._deeds = database["deeds"]
        super().__init__(self._deeds, recorder, _to_document, _deed)

    async def list(self, listing: DeedListing) -> Sequence[Deed]:
        """Deeds, one's own first, each by the day they were done, latest first."""
        wanted = _given(branch_id=listing.branch_id, state=listing.state)
        if listing.period is not None:
            wanted["done_on"] = {"$gte": listing.period.first.isoformat(), "$lte": listing.period.last.isoformat()}
        shelves = ((rank, {**wanted, **shelf}) for rank, shelf in _deed_shelves(listing))
        return [_deed(found) for found in await _latest(self._deeds, shelves, "done_on", listing)]

    async def over(self, today: date, limit: int) -> Sequence[Deed]:
        """Confirmed deeds whose notice ended before today, longest over first."""
        over = {"state": "confirmed", "notice.until": {"$lt": today.isoformat()}}
        with store_errors():
            found = self._deeds.find(over, _HIDDEN).sort({"notice.until": 1, "_id": 1}).limit(limit)
            return [_deed(document) async for document in found]

    async def moved(self, organisation_id: str, path: OrganisationPath) -> None:
        """The branch hangs elsewhere now, and its deeds with it."""
        await _move(self._deeds, "branch_id", organisation_id, path)


class MongoReviews(MongoAggregates[Review]):
    """The review marks; see `prepare` for the index the list lives on."""

    def __init__(self, database: AsyncDatabase[Document], recorder: Recorder) -> None:
        self._reviews = database["reviews"]
        super().__init__(self._reviews, recorder, storable, _review)

    async def list(self, listing: ReviewListing) -> Sequence[Review]:
        """Marks, the latest year first, each year by branch."""
        wanted: dict[str, Any] = {"path": {"$in": sorted(listing.scopes)}, **_given(year=listing.year)}
        if listing.after is not None:
            year, branch_id = int(listing.after[0]), listing.after[1]
            wanted["$or"] = [{"year": {"$lt": year}}, {"year": year, "branch_id": {"$gt": branch_id}}]
        with store_errors():
            found = self._reviews.find(wanted, _HIDDEN).sort({"year": -1, "branch_id": 1}).limit(listing.limit)
            return [_review(document) async for document in found]

    async def moved(self, organisation_id: str, path: OrganisationPath) -> None:
        """The branch hangs elsewhere now, and its marks with it."""
        await _move(self._reviews, "branch_id", organisation_id, path)


class MongoObjections(MongoAggregates[Objection]):
    """The objections; see `prepare` for the indexes the lists live on, and for what makes one open at a time."""

    def __init__(self, database: AsyncDatabase[Document], recorder: Recorder) -> None:
        self._objections = database["objections"]
        super().__init__(self._objections, recorder, _to_document, _objection)

    async def save(self, thing: Objection, *events: Event, session: Any = None) -> None:
        """Write the objection and what happened to it, both or neither.

        Raises what every store raises, and AwardObjectedAlready when it is not its id that is taken.
        """
        try:
            await super().save(thing, *events, session=session)
        except AlreadyThere:
            if await self.find(thing.id) is None:
                raise AwardObjectedAlready from None
            raise

    async def list(self, listing: ObjectionListing) -> Sequence[Objection]:
        """Objections, one's own first, each by the day they were filed, latest first."""
        wanted = _given(standard=listing.standard, state=listing.state)
        shelves = ((rank, {**wanted, **shelf}) for rank, shelf in _objection_shelves(listing))
        return [_objection(found) for found in await _latest(self._objections, shelves, "filed_on", listing)]

    async def moved(self, organisation_id: str, path: OrganisationPath) -> None:
        """The organisation hangs elsewhere now, and the objections at home there with it."""
        await _move(self._objections, "organisation_id", organisation_id, path)


def record_stores(
    database: AsyncDatabase[Document], recorder: Recorder
) -> tuple[MongoDeeds, MongoReviews, MongoObjections]:
    """All three, which is also what moves along when an organisation moves."""
    return MongoDeeds(database, recorder), MongoReviews(database, recorder), MongoObjections(database, recorder)


def _deed_shelves(listing: DeedListing) -> Iterator[tuple[str, dict[str, Any]]]:
    """One's own, then what else one may read; a shelf that must be empty is left out."""
    wanted = listing.member_id
    own = listing.own if wanted is None else listing.own & {wanted}
    if own:
        yield OWN, {"member_id": {"$in": sorted(own)}}
    if listing.own_only or wanted in listing.own:
        return
    others: dict[str, Any] = {"path": {"$in": sorted(listing.scopes)}}
    if wanted is not None:
        others["member_id"] = wanted
    elif listing.own:
        others["member_id"] = {"$nin": sorted(listing.own)}
    yield OTHERS, others


def _objection_shelves(listing: ObjectionListing) -> Iterator[tuple[str, dict[str, Any]]]:
    """One's own, then what one oversees; a shelf that must be empty is left out."""
    if listing.own is not None:
        yield OWN, {"filed_by": listing.own}
    if not listing.own_only:
        yield OTHERS, {"path": {"$in": sorted(listing.scopes)}, "filed_by": {"$ne": listing.own}}


async def _latest(
    collection: AsyncCollection[Document],
    shelves: Iterator[tuple[str, Mapping[str, Any]]],
    day: str,
    listing: DeedListing | ObjectionListing,
) -> Sequence[Document]:
    """Part of a list, shelf by shelf, each in its index's order: by that day, the latest first."""
    found: list[Document] = []
    for rank, shelf in shelves:
        if listing.after is not None and rank < listing.after[0]:
            continue
        wanted: list[Mapping[str, Any]] = [shelf]
        if listing.after is not None and rank == listing.after[0]:
            _, on, id_ = listing.after
            wanted.append({"$or": [{day: {"$lt": on}}, {day: on, "_id": {"$gt": id_}}]})
        left = listing.limit - len(found)
        if left > 0:
            with store_errors():
                found += (
                    await collection.find({"$and": wanted}, _HIDDEN).sort({day: -1, "_id": 1}).limit(left).to_list()
                )
    return found


async def _move(
    collection: AsyncCollection[Document], field: str, organisation_id: str, path: OrganisationPath
) -> None:
    """Found by the index of the path, but only the organisation's own: those below another one end elsewhere."""
    own = {"path": organisation_id, field: organisation_id}
    with store_errors():
        await collection.update_many(own, {"$set": {"path": list(path.segments)}})


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _to_document(thing: Deed | Objection) -> Mapping[str, Any]:
    document: dict[str, Any] = storable(thing)
    del document["id"]
    return document


def _fields(document: Mapping[str, Any]) -> dict[str, Any]:
    return {**document, "path": OrganisationPath(tuple(document["path"]))}


def _deed(document: Mapping[str, Any]) -> Deed:
    return _DEED.validate_python({**_fields(document), "id": document["_id"]})


def _review(document: Mapping[str, Any]) -> Review:
    return _REVIEW.validate_python(_fields(document))


def _objection(document: Mapping[str, Any]) -> Objection:
    return _OBJECTION.validate_python({**_fields(document), "id": document["_id"]})
