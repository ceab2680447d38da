"""The audit log in MongoDB: what is older than the days it is kept for is removed by MongoDB itself."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError, OperationFailure

from services.identity.domain.audit import AuditEntry
from services.identity.use_cases.ports import AuditListing
from shared.kernel.access import Grant, Role
from shared.kernel.ids import AccountId
from shared.mongo.client import Document
from shared.mongo.documents import storable
from shared.mongo.errors import store_errors

Database = AsyncDatabase[Document]
_KEPT = "kept"
_OTHER_OPTIONS = 85


async def prepare(database: Database, days: int) -> None:
    """Make the indexes; another number of days than before holds for what is kept already."""
    seconds = int(timedelta(days=days).total_seconds())
    with store_errors():
        await database.audit.create_index([("at", -1), ("_id", -1)])
        await database.audit.create_index([("account_id", 1), ("at", -1), ("_id", -1)])
        await database.audit.create_index([("what", 1), ("at", -1), ("_id", -1)])
        try:
            await database.audit.create_index("at", name=_KEPT, expireAfterSeconds=seconds)
        except OperationFailure as error:
            if error.code != _OTHER_OPTIONS:
                raise
            changed = {"name": _KEPT, "expireAfterSeconds": seconds}
            await database.command({"collMod": "audit", "index": changed})


class MongoAudit:
    """One entry a document; only ever added, but for the count of a day."""

    def __init__(self, database: Database) -> None:
        self._audit = database.audit
        self._noted: set[str] = set()

    async def record(self, entry: AuditEntry) -> None:
        """Add an entry."""
        with store_errors():
            await self._audit.insert_one(_document(entry))

    async def once(self, entry: AuditEntry) -> None:
        """Add it unless one with its id is there."""
        if entry.id in self._noted:
            return
        with suppress(DuplicateKeyError):
            await self.record(entry)
        self._noted.add(entry.id)

    async def count(self, entry: AuditEntry) -> None:
        """Add it, or count one more where one with its id is there."""
        fields = _document(entry)
        again = {"$setOnInsert": {name: fields[name] for name in fields if name not in {"_id", "times"}}}
        for _ in range(2):
            try:
                with store_errors():
                    await self._audit.update_one({"_id": entry.id}, {"$inc": {"times": 1}, **again}, upsert=True)
            except DuplicateKeyError:  # another process made it at the same moment
                continue
            return

    async def list(self, listing: AuditListing) -> Sequence[AuditEntry]:
        """The newest first."""
        wanted: dict[str, Any] = {}
        if listing.account_id is not None:
            wanted["account_id"] = listing.account_id
        if listing.what is not None:
            wanted["what"] = listing.what
        wanted |= between(listing, "at", "_id")
        with store_errors():
            cursor = self._audit.find(wanted).sort([("at", -1), ("_id", -1)]).limit(listing.limit)
            return [_entry(document) async for document in cursor]


def between(listing: AuditListing, at: str, id_: str) -> dict[str, Any]:
    """What of the days asked for comes after the last entry seen, in fields of these names."""
    found: dict[str, Any] = {}
    if listing.since is not None and listing.until is not None:
        found[at] = {"$gte": listing.since, "$lt": listing.until}
    if listing.before is not None:
        seen_at, seen_id = listing.before
        found["$or"] = [{at: {"$lt": seen_at}}, {at: seen_at, id_: {"$lt": seen_id}}]
    return found


def _document(entry: AuditEntry) -> Document:
    fields = storable(entry)
    return {"_id": fields.pop("id"), **fields}


def _entry(document: Mapping[str, Any]) -> AuditEntry:
    account_id, by = document["account_id"], document["by"]
    return AuditEntry(
        id=document["_id"],
        what=document["what"],
        at=document["at"],
        account_id=None if account_id is None else AccountId(account_id),
        by=None if by is None else AccountId(by),
        grants=tuple(Grant(Role(each["role"]), each["scope"]) for each in document["grants"]),
        times=document["times"],
        key_id=document["key_id"],
    )
