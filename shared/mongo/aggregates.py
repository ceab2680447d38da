"""Aggregates with what happened to them: one document, one atomic write, no transaction."""

from collections.abc import Callable, Mapping
from typing import Any, Generic, Protocol, TypeVar

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import DuplicateKeyError

from shared.events.base import Event
from shared.events.recording import Recorder
from shared.kernel.access import OrganisationPath
from shared.kernel.errors import AlreadyThere, NotFound, Stale
from shared.mongo.client import Document
from shared.mongo.embedded_facts import embed
from shared.mongo.errors import store_errors

OUTBOX = "outbox"
_UNREAD = {OUTBOX: 0, "outbox_parked": 0}


class Aggregate(Protocol):
    """What can be saved: it has an id, a revision that grows by one with each save, and a place in the tree."""

    @property
    def id(self) -> str:
        """The id its maker gave it."""
        ...

    @property
    def revision(self) -> int:
        """1 when new."""
        ...

    @property
    def path(self) -> OrganisationPath:
        """Where it hangs now."""
        ...


A = TypeVar("A", bound=Aggregate)


class MongoAggregates(Generic[A]):
    """One collection of aggregates.

    `to_document` gives the fields of a thing besides `_id`, `revision` and `path` (see `shared.mongo.documents`);
    `from_document` makes the thing from a document with all of them, `path` as the list of its segments. Fields are
    written by `$set`, never by replacing the document, because the relay takes published facts out of it meanwhile.
    The path is written when a thing is new and after that only where things `move_themselves`: otherwise it follows the
    tree, and who read the thing before it moved must not carry it back.
    """

    def __init__(
        self,
        collection: AsyncCollection[Document],
        recorder: Recorder,
        to_document: Callable[[A], Mapping[str, Any]],
        from_document: Callable[[Mapping[str, Any]], A],
        *,
        move_themselves: bool = False,
    ) -> None:
        self._collection = collection
        self._recorder = recorder
        self._to_document = to_document
        self._from_document = from_document
        self._move_themselves = move_themselves

    async def find(self, id_: str) -> A | None:
        """The thing of that id, if there is one."""
        with store_errors():
            document = await self._collection.find_one({"_id": id_}, _UNREAD)
        return None if document is None else self._from_document(document)

    async def get(self, id_: str) -> A:
        """The thing of that id; raises NotFound."""
        thing = await self.find(id_)
        if thing is None:
            raise NotFound
        return thing

    async def save(self, thing: A, *events: Event, session: AsyncClientSession | None = None) -> None:
        """Write the thing and what happened to it, both or neither.

        Raises AlreadyThere when it is new (revision 1) and its id is taken, Stale when somebody else saved this
        revision first, Unavailable when the store does not answer: whether it was written is then unknown, and saving
        again tells. `session` makes the write part of a transaction, where several aggregates change together.
        """
        facts = self._recorder.facts(subject=thing.id, revision=thing.revision, path=thing.path, events=events)
        fields: dict[str, Any] = {**self._to_document(thing), "revision": thing.revision}
        fields["path"] = list(thing.path.segments)
        entries = [embed(fact) for fact in facts]
        if thing.revision == 1:
            await self._insert(thing.id, fields, entries, session)
        else:
            if not self._move_themselves:
                del fields["path"]
            await self._update(thing.id, thing.revision, fields, entries, session)

    async def _insert(
        self, id_: str, fields: Mapping[str, Any], entries: list[Document], session: AsyncClientSession | None
    ) -> None:
        try:
            with store_errors():
                await self._collection.insert_one({"_id": id_, **fields, OUTBOX: entries}, session=session)
        except DuplicateKeyError as error:
            raise AlreadyThere from error

    async def _update(
        self,
        id_: str,
        revision: int,
        fields: Mapping[str, Any],
        entries: list[Document],
        session: AsyncClientSession | None,
    ) -> None:
        change: dict[str, Any] = {"$set": fields}
        if entries:
            change["$push"] = {OUTBOX: {"$each": entries}}
        with store_errors():
            written = await self._collection.update_one({"_id": id_, "revision": revision - 1}, change, session=session)
        if written.matched_count == 0:
            raise Stale
