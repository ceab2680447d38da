"""The service's append-only copy of all it published, each entry sealed by the hash of the one before."""

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError, DuplicateKeyError

from shared.events.base import Event, Fact
from shared.events.catalogue import topic_of
from shared.events.codec import encode
from shared.mongo.client import Document
from shared.mongo.errors import store_errors
from shared.telemetry.logs import logger
from shared.telemetry.metrics import ARCHIVE_CUT

log = logger(__name__)

_COLLECTION = "archive"
_HEADS = "archive_heads"
_HEAD = "head"
_DUPLICATE_KEY = 11000
_ATTEMPTS = 10
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The first entry of a chain that is not what was written, and why."""

    sequence: int
    reason: str


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The last entry of a chain at some moment, by number and hash: whoever keeps it sees a tail that was cut off."""

    sequence: int
    hash: str


class MongoArchive:
    """The collection `archive`: `_id` is the sequence, so that two relays cannot both write the next entry.

    The chain's head is kept beside it, and only ever moves on: entries taken off the end are missed there, also after
    others were appended.
    """

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._entries = database[_COLLECTION]
        self._heads = database[_HEADS]
        self._tail: tuple[int, str] | None = None

    async def append(self, facts: Sequence[Fact[Event]]) -> None:
        """Add facts in order; one that is there already is passed over."""
        left = list(facts)
        for _ in range(_ATTEMPTS):
            if not left:
                return
            sequence, previous = await self._known_tail()
            entries = _chained(left, sequence, previous)
            try:
                with store_errors():
                    await self._entries.insert_many(entries, ordered=True)
            except BulkWriteError as error:
                if any(failure["code"] != _DUPLICATE_KEY for failure in error.details["writeErrors"]):
                    raise
                self._tail = None
                left = await self._without_archived(left)
            except BaseException:
                self._tail = None
                raise
            else:
                self._tail = (entries[-1]["_id"], entries[-1]["hash"])
                await self._move_head(ChainHead(*self._tail))
                return
        raise RuntimeError("somebody else keeps appending to this archive")

    async def broken_link(self, witness: ChainHead | None = None) -> BrokenLink | None:
        """Walk the chain from its beginning; the first entry that does not hold, None when all hold.

        The chain must reach the head kept beside it, and the `witness`, a head that was kept elsewhere (a backup's).
        """
        heads = [head for head in (witness, await self._kept_head()) if head is not None]
        expected, previous = 1, GENESIS
        async for entry in self._in_order():
            reason = _fault(entry, expected, previous)
            if reason is None and any(head.sequence == expected and head.hash != entry["hash"] for head in heads):
                reason = "the chain was written anew: another hash was kept for this entry"
            if reason is not None:
                return BrokenLink(expected, reason)
            expected, previous = expected + 1, entry["hash"]
        furthest = max((head.sequence for head in heads), default=0)
        if expected <= furthest:
            return BrokenLink(expected, f"the tail was cut off: entries {expected} to {furthest} are missing")
        return None

    async def head(self) -> ChainHead | None:
        """The last entry there is, None in an empty archive."""
        with store_errors():
            last = await self._entries.find_one({}, {"hash": 1}, sort=[("_id", -1)])
        return None if last is None else ChainHead(last["_id"], last["hash"])

    async def entries(self) -> AsyncIterator[Document]:
        """All entries as they are stored, in the order they were published in."""
        async for entry in self._in_order():
            yield entry

    async def count(self) -> int:
        """How many facts are archived."""
        with store_errors():
            return await self._entries.count_documents({})

    async def _in_order(self) -> AsyncIterator[Document]:
        with store_errors():
            async for entry in self._entries.find().sort("_id"):
                yield entry

    async def _known_tail(self) -> tuple[int, str]:
        if self._tail is None:
            with store_errors():
                await self._entries.create_index("event_id", unique=True)
            kept, last = await self._kept_head(), await self.head() or ChainHead(0, GENESIS)
            if kept is not None and kept.sequence > last.sequence:
                # Going on behind what is missing keeps the hole visible for ever, and facts are still published.
                log.error("the tail of the archive was cut off", first=last.sequence + 1, last=kept.sequence)
                ARCHIVE_CUT.set(kept.sequence - last.sequence)
                last = kept
            self._tail = (last.sequence, last.hash)
        return self._tail

    async def _kept_head(self) -> ChainHead | None:
        with store_errors():
            kept = await self._heads.find_one({"_id": _HEAD})
        return None if kept is None else ChainHead(kept["sequence"], kept["hash"])

    async def _move_head(self, head: ChainHead) -> None:
        further = {"$set": {"sequence": head.sequence, "hash": head.hash}}
        try:
            with store_errors():
                await self._heads.update_one({"_id": _HEAD, "sequence": {"$lt": head.sequence}}, further, upsert=True)
        except DuplicateKeyError:
            return  # another relay is further

    async def _without_archived(self, facts: Sequence[Fact[Event]]) -> list[Fact[Event]]:
        with store_errors():
            found = await self._entries.find(
                {"event_id": {"$in": [fact.id for fact in facts]}}, {"event_id": 1}
            ).to_list()
        archived = {entry["event_id"] for entry in found}
        return [fact for fact in facts if fact.id not in archived]


def _chained(facts: Sequence[Fact[Event]], sequence: int, previous: str) -> list[Document]:
    entries: list[Document] = []
    seen: set[str] = set()
    for fact in facts:
        if fact.id in seen:
            continue
        seen.add(fact.id)
        sequence += 1
        message = encode(fact)
        entry: Document = {
            "_id": sequence,
            "event_id": fact.id,
            "topic": topic_of(fact.event),
            "key": message.key,
            "headers": [[name, value] for name, value in message.headers],
            "value": message.value,
            "previous": previous,
        }
        previous = entry["hash"] = _hash(entry)
        entries.append(entry)
    return entries


def _hash(entry: Mapping[str, Any]) -> str:
    """SHA-256 over everything else in the entry, each part led by its length so that none can slide into another."""
    parts = [str(entry["_id"]), entry["event_id"], entry["previous"], entry["topic"], entry["key"], entry["value"]]
    parts += [part for header in entry["headers"] for part in header]
    digest = hashlib.sha256()
    for part in parts:
        content = part.encode("utf-8") if isinstance(part, str) else bytes(part)
        digest.update(len(content).to_bytes(8, "big"))
        digest.update(content)
    return digest.hexdigest()


def _fault(entry: Mapping[str, Any], expected: int, previous: str) -> str | None:
    if entry["_id"] != expected:
        return f"entry {expected} is missing"
    try:
        if entry["previous"] != previous:
            return "it does not follow from the entry before"
        if entry["hash"] != _hash(entry):
            return "its content was changed"
        carried = dict(entry["headers"]).get("ce_id")
        if carried is None or bytes(carried).decode("utf-8") != entry["event_id"]:
            return "it is filed under another fact's id"
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return f"it is damaged: {error!r}"
    return None
