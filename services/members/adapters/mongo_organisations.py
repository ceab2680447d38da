"""The organisation tree in MongoDB: what changes together is written in one transaction."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from services.members.adapters.mongo import collided_on, document_of, prepare, value_of
from services.members.adapters.transactions import in_transaction
from services.members.domain.organisation import Organisation
from services.members.domain.refusals import CodeTaken
from services.members.use_cases.ports import OrganisationListing
from shared.events.base import Event
from shared.events.recording import Recorder
from shared.kernel.errors import AlreadyThere, Stale
from shared.kernel.ids import OrganisationId
from shared.mongo.aggregates import MongoAggregates
from shared.mongo.client import Document
from shared.mongo.errors import store_errors

_HIDDEN = {"outbox": 0}
_ORGANISATION = TypeAdapter(Organisation)
_MOVE_ALONG = (
    ("members", "branch_id"),
    ("postings", "organisation_id"),
    ("leaves", "organisation_id"),
    ("exemptions", "branch_id"),
)


def _to_document(organisation: Organisation) -> Mapping[str, Any]:
    """The organisation with what its lists and its unique code live on."""
    return {
        **document_of(organisation),
        "parent_id": organisation.parent_id,
        "county_id": organisation.county_id,
        "order": organisation.order,
        "depth": len(organisation.path.segments),
        "external_code": organisation.features.external_code,
    }


def _from_document(document: Mapping[str, Any]) -> Organisation:
    return value_of(_ORGANISATION, document)


class MongoOrganisations(MongoAggregates[Organisation]):
    """The tree.

    Who hangs something under an organisation, and who moves that organisation, both write its document (`placed`), so
    they can never pass each other unseen.
    """

    def __init__(self, database: AsyncDatabase[Document], recorder: Recorder) -> None:
        super().__init__(database["organisations"], recorder, _to_document, _from_document, move_themselves=True)
        self._database, self._organisations = database, database["organisations"]
        self._prepared = False

    async def register(self, organisation: Organisation, parent: Organisation | None, event: Event) -> None:
        """Store a new organisation; raises AlreadyThere, CodeTaken, or Stale when the parent moved meanwhile."""

        async def work(session: AsyncClientSession) -> None:
            await self._hold(parent, session)
            await self._save(organisation, event, session)

        await self._in_transaction(work)

    async def change(self, changed: Sequence[tuple[Organisation, Event]], parent: Organisation | None) -> None:
        """Store an organisation and all below it that move along, all or none.

        Raises CodeTaken, and Stale also when something was hung below since the mover looked: it would be left behind.
        """

        async def work(session: AsyncClientSession) -> None:
            await self._hold(parent, session)
            for organisation, event in changed:
                await self._save(organisation, event, session)
                path = {"$set": {"path": list(organisation.path.segments)}}
                for collection, place in _MOVE_ALONG:
                    await self._database[collection].update_many({place: organisation.id}, path, session=session)
            top = changed[0][0]
            elsewhere = [{f"path.{depth}": {"$ne": segment}} for depth, segment in enumerate(top.path.segments)]
            left_behind = {"path": top.id, "$or": elsewhere}
            if await self._organisations.find_one(left_behind, {"_id": 1}, session=session) is not None:
                raise Stale

        await self._in_transaction(work)

    async def below(self, organisation_id: OrganisationId) -> Sequence[Organisation]:
        """All below an organisation, itself left out."""
        return await self._found({"path": organisation_id, "_id": {"$ne": organisation_id}})

    async def within(self, scopes: frozenset[str]) -> Sequence[Organisation]:
        """All in the scopes, the outermost first, in order."""
        return await self._found({"path": {"$in": sorted(scopes)}})

    async def list(self, listing: OrganisationListing) -> Sequence[Organisation]:
        """Part of a list: first one's own, then the others."""
        found: list[Organisation] = []
        own = sorted(listing.own)
        shelves: list[tuple[str, dict[str, Any]]] = [("0", {"$in": own})]
        if not listing.own_only:
            shelves.append(("1", {"$nin": own}))
        for rank, ids in shelves:
            if listing.after is not None and rank < listing.after[0]:
                continue
            wanted: dict[str, Any] = {"path": {"$in": sorted(listing.scopes)}, "_id": ids}
            if listing.kind is not None:
                wanted["kind"] = listing.kind
            if listing.parent_id is not None:
                wanted["parent_id"] = listing.parent_id
            if listing.after is not None and rank == listing.after[0]:
                _, order, id_ = listing.after
                wanted["$or"] = [{"order": {"$gt": order}}, {"order": order, "_id": {**ids, "$gt": id_}}]
            left = listing.limit - len(found)
            if left > 0:
                with store_errors():
                    cursor = self._organisations.find(wanted, _HIDDEN).sort({"order": 1, "_id": 1}).limit(left)
                    found += [_from_document(document) async for document in cursor]
        return found

    async def _found(self, wanted: Mapping[str, Any]) -> Sequence[Organisation]:
        with store_errors():
            cursor = self._organisations.find(wanted, _HIDDEN).sort({"depth": 1, "order": 1, "_id": 1})
            return [_from_document(document) async for document in cursor]

    async def _in_transaction(self, work: Callable[[AsyncClientSession], Awaitable[None]]) -> None:
        """Do the work with the unique index in place, whichever process comes first."""
        if not self._prepared:
            await prepare(self._database)
            self._prepared = True
        await in_transaction(self._database.client, work)

    async def _hold(self, parent: Organisation | None, session: AsyncClientSession) -> None:
        """Write the parent, so that whoever moves it at the same time has to begin again. Raises Stale."""
        if parent is None:
            return
        where = {"_id": parent.id, "path": list(parent.path.segments)}
        written = await self._organisations.update_one(where, {"$inc": {"placed": 1}}, session=session)
        if written.matched_count == 0:
            raise Stale

    async def _save(self, organisation: Organisation, event: Event, session: AsyncClientSession) -> None:
        try:
            await self.save(organisation, event, session=session)
        except (AlreadyThere, DuplicateKeyError) as error:
            cause = error if isinstance(error, DuplicateKeyError) else error.__cause__
            if collided_on(cause, "external_code"):
                raise CodeTaken from error
            raise
