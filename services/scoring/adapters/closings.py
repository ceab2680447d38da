"""Closings and seal records in MongoDB; `adapters.notices` reads from them what is on notice."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter
from pymongo.asynchronous.database import AsyncDatabase

from services.scoring.adapters.closing_procedures import read_closing_procedure
from services.scoring.adapters.notices import CLOSINGS
from services.scoring.domain.closing import Closing, SealRecord
from services.scoring.use_cases.closing_ports import ClosingListing, ClosingPorts
from services.scoring.use_cases.ports import Ports
from services.scoring.use_cases.record_ports import Objections
from shared.events.recording import Recorder
from shared.kernel.access import OrganisationPath
from shared.mongo.aggregates import MongoAggregates
from shared.mongo.client import Document
from shared.mongo.documents import storable
from shared.mongo.errors import store_errors

SEAL_RECORDS = "seal_records"
CLOSED = (CLOSINGS, SEAL_RECORDS)
"""The collections that hold facts for the relay."""
_HIDDEN = {"outbox": 0, "outbox_parked": 0}
_UNTOLD = "untold"
_CLOSING, _SEAL_RECORD = TypeAdapter(Closing), TypeAdapter(SealRecord)


async def prepare(database: AsyncDatabase[Document]) -> None:
    """Create the indexes; repeating it changes nothing."""
    closings, records = database[CLOSINGS], database[SEAL_RECORDS]
    with store_errors():
        await closings.create_index([("path", 1), ("opened_on", -1), ("_id", 1)])
        await closings.create_index([("standard", 1), ("period", 1), ("state", 1)])
        await closings.create_index([("state", 1), ("_id", 1)])
        await closings.create_index("township_id")
        await closings.create_index(_UNTOLD, partialFilterExpression={_UNTOLD: True})
        await records.create_index("closing_id")


class MongoClosings(MongoAggregates[Closing]):
    """The closings; `untold` stands beside each as long as the announcer was not pointed at its notice."""

    def __init__(self, database: AsyncDatabase[Document], recorder: Recorder) -> None:
        self._closings = database[CLOSINGS]
        super().__init__(self._closings, recorder, _to_document, _closing)

    async def list(self, listing: ClosingListing) -> Sequence[Closing]:
        """Closings by the day their notice was opened, latest first."""
        wanted: dict[str, Any] = {"path": {"$in": sorted(listing.scopes)}}
        given = {"standard": listing.standard, "period": listing.period, "state": listing.state}
        wanted |= {name: value for name, value in given.items() if value is not None}
        if listing.after is not None:
            on, id_ = listing.after
            wanted["$or"] = [{"opened_on": {"$lt": on}}, {"opened_on": on, "_id": {"$gt": id_}}]
        return await self._found(wanted, {"opened_on": -1, "_id": 1}, listing.limit)

    async def untold(self, limit: int) -> Sequence[Closing]:
        """Closings whose notice the announcer was not pointed at yet."""
        return await self._found({_UNTOLD: True, "state": {"$ne": "sealed"}}, {"_id": 1}, limit)

    async def told(self, closing_id: str) -> None:
        """The notice is untold no more."""
        with store_errors():
            await self._closings.update_one({"_id": closing_id}, {"$set": {_UNTOLD: False}})

    async def sealing(self, limit: int) -> Sequence[Closing]:
        """Closings whose scores are to be sealed."""
        return await self._found({"state": "sealing"}, {"_id": 1}, limit)

    async def moved(self, organisation_id: str, path: OrganisationPath) -> None:
        """The township hangs elsewhere now, and its closings with it."""
        with store_errors():
            await self._closings.update_many({"township_id": organisation_id}, {"$set": {"path": list(path.segments)}})

    async def _found(self, wanted: Mapping[str, Any], order: Mapping[str, Any], limit: int) -> Sequence[Closing]:
        with store_errors():
            found = self._closings.find(wanted, _HIDDEN).sort(order).limit(limit)
            return [_closing(document) async for document in found]


class MongoSealRecords(MongoAggregates[SealRecord]):
    """The seal records, one a subject and period."""

    def __init__(self, database: AsyncDatabase[Document], recorder: Recorder) -> None:
        self._records = database[SEAL_RECORDS]
        super().__init__(self._records, recorder, storable, _seal_record)

    async def count(self, closing_id: str) -> int:
        """How many subjects of a closing are sealed."""
        with store_errors():
            return await self._records.count_documents({"closing_id": closing_id})


def closing_ports(
    database: AsyncDatabase[Document], recorder: Recorder, scored: Ports, objections: Objections
) -> ClosingPorts:
    """The real ports of what closes periods, over the build people see."""
    return ClosingPorts(
        closings=MongoClosings(database, recorder),
        seals=MongoSealRecords(database, recorder),
        objections=objections,
        procedure=read_closing_procedure(),
        scored=scored,
    )


def _to_document(closing: Closing) -> Mapping[str, Any]:
    document: dict[str, Any] = storable(closing)
    del document["id"]
    return document | ({_UNTOLD: True} if closing.revision == 1 else {})


def _closing(document: Mapping[str, Any]) -> Closing:
    return _CLOSING.validate_python(_fields(document))


def _seal_record(document: Mapping[str, Any]) -> SealRecord:
    return _SEAL_RECORD.validate_python(_fields(document))


def _fields(document: Mapping[str, Any]) -> dict[str, Any]:
    return {**document, "path": OrganisationPath(tuple(document["path"])), "id": document["_id"]}
