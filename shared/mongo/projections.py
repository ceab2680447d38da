"""What a service remembers of another's facts: one document an id, which yields only to a higher revision."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import DuplicateKeyError

from shared.mongo.client import Document
from shared.mongo.errors import store_errors


class Projection(Protocol):
    """Documents that yield only to a higher revision."""

    async def put(self, id_: str, revision: int, document: Mapping[str, Any]) -> bool:
        """Remember this unless something at least as new is remembered; returns whether it was news."""
        ...

    async def find(self, id_: str) -> dict[str, Any] | None:
        """What is remembered under the id."""
        ...

    async def find_all(self, ids: Sequence[str]) -> Sequence[dict[str, Any]]:
        """What is remembered under any of the ids, in one read, by id."""
        ...

    async def list(self, filter_: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
        """All whose fields equal the filter's."""
        ...


class MongoProjection:
    """Documents that facts keep up to date; facts may come twice and in any order."""

    def __init__(self, collection: AsyncCollection[Document]) -> None:
        self._collection = collection

    async def put(self, id_: str, revision: int, document: Mapping[str, Any]) -> bool:
        """Remember this unless something at least as new is remembered; returns whether it was written."""
        older = {"_id": id_, "revision": {"$lt": revision}}
        newer = {"$set": {**document, "revision": revision}}
        with store_errors():
            try:
                written = await self._collection.update_one(older, newer, upsert=True)
            except DuplicateKeyError:
                # Something as new is there, or something older came in just now: this time it is there to be found.
                written = await self._collection.update_one(older, newer)
        return written.matched_count > 0 or written.upserted_id is not None

    async def find(self, id_: str) -> Document | None:
        """What is remembered under the id."""
        with store_errors():
            return await self._collection.find_one({"_id": id_})

    async def find_all(self, ids: Sequence[str]) -> list[Document]:
        """What is remembered under any of the ids, in one read, by id."""
        return await self.list({"_id": {"$in": [*ids]}})

    async def list(self, filter_: Mapping[str, Any]) -> list[Document]:
        """All that matches, by id."""
        with store_errors():
            return await self._collection.find(filter_).sort("_id").to_list()
