"""Seals in MongoDB: one document a subject and period, the same for every generation."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from services.scoring.domain.awards import CardKey
from services.scoring.domain.seal import Seal
from services.scoring.use_cases.ports import Sealed
from shared.events.scoring import Standard
from shared.mongo.client import Document
from shared.mongo.errors import store_errors

_SEALS = "seals"
_SEPARATOR, _AFTER_SEPARATOR = "|", "}"


class MongoSeals:
    """What was sealed; `_id` is standard, subject and period."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._seals = database[_SEALS]

    async def put(self, seal: Seal) -> None:
        """Remember a seal; the first one of a subject and period stays."""
        document = {
            "_id": _id(seal.key),
            "standard": seal.key.standard,
            "subject_id": seal.key.subject_id,
            "period": seal.key.period,
            "book_version": seal.book_version,
            "points": seal.points,
            "items": seal.items,
            "attainable": seal.attainable,
            "entries": sorted(seal.entries),
            "sealed_at": seal.sealed_at,
            "category": seal.category,
            "late": False,
        }
        try:
            with store_errors():
                await self._seals.insert_one(document)
        except DuplicateKeyError:
            return

    async def of(self, keys: Collection[CardKey]) -> Mapping[CardKey, Sealed]:
        """The seals of these cards, where there are any."""
        if not keys:
            return {}
        with store_errors():
            found = await self._seals.find({"_id": {"$in": [_id(key) for key in keys]}}).to_list()
        sealed = [_sealed(document) for document in found]
        return {each.seal.key: each for each in sealed}

    async def of_subject(self, standard: Standard, subject_id: str) -> Mapping[str, Sealed]:
        """All seals of a subject, by period."""
        beginning = _SEPARATOR.join((standard, subject_id))
        within = {"_id": {"$gt": beginning + _SEPARATOR, "$lt": beginning + _AFTER_SEPARATOR}}
        with store_errors():
            found = await self._seals.find(within).to_list()
        sealed = [_sealed(document) for document in found]
        return {each.seal.key.period: each for each in sealed}

    async def page(self, limit: int, after: CardKey | None = None) -> Sequence[Seal]:
        """Seals by name, in which those of one subject follow each other."""
        wanted = {} if after is None else {"_id": {"$gt": _id(after)}}
        with store_errors():
            found = await self._seals.find(wanted).sort("_id", 1).limit(limit).to_list()
        return [_sealed(document).seal for document in found]

    async def late(self, keys: Collection[CardKey]) -> None:
        """Remember that entries outside these seals were seen."""
        with store_errors():
            await self._seals.update_many({"_id": {"$in": [_id(key) for key in keys]}}, {"$set": {"late": True}})


def _id(key: CardKey) -> str:
    return _SEPARATOR.join((key.standard, key.subject_id, key.period))


def _sealed(document: Mapping[str, Any]) -> Sealed:
    seal = Seal(
        key=CardKey(document["standard"], document["subject_id"], document["period"]),
        book_version=document["book_version"],
        points=document["points"],
        items=document["items"],
        attainable=document["attainable"],
        entries=frozenset(document["entries"]),
        sealed_at=document["sealed_at"],
        category=document.get("category"),
    )
    return Sealed(seal, is_late=document["late"])
