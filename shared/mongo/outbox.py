"""The facts that wait inside the aggregates of one database, and how the relay takes them out."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pymongo
from pymongo import UpdateOne
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import PyMongoError

from shared.events.base import Event, Fact
from shared.events.outbox import Backlog, Waiting
from shared.kernel.clock import wall_now
from shared.mongo.aggregates import OUTBOX
from shared.mongo.client import Document
from shared.mongo.embedded_facts import restore
from shared.mongo.errors import store_errors
from shared.telemetry.logs import logger
from shared.telemetry.tasks import end

log = logger(__name__)

_FIRST_RECORDED = f"{OUTBOX}.recorded_at"
_PARKED = "outbox_parked"
_WAITS = {_FIRST_RECORDED: {"$exists": True}}
_FACTS_AT_ONCE = 100
"""Of one aggregate: more wait for the next round, so that one busy aggregate does not hold up the others."""
_WATCH_AGAIN_SECONDS = 1.0
_BUSY = 8


class MongoOutbox:
    """The outbox of the named collections of one service's database.

    The facts themselves are the truth (a fact is unsent while it is embedded); a change stream only wakes the relay.
    """

    def __init__(self, database: AsyncDatabase[Document], collections: Sequence[str]) -> None:
        self._database = database
        self._collections = tuple(collections)
        self._prepared = False
        self._woken = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None

    async def waiting(self, limit: int) -> Sequence[Waiting]:
        """Aggregates with unsent facts, longest waiting first; parked aggregates are left out."""
        await self._prepare()
        found: list[Waiting] = []
        for name in self._collections:
            with store_errors():
                documents = (
                    await self._database[name]
                    .find({**_WAITS, _PARKED: None}, {OUTBOX: {"$slice": _FACTS_AT_ONCE}, "revision": 1})
                    .sort(_FIRST_RECORDED, pymongo.ASCENDING)
                    .limit(limit)
                    .to_list()
                )
            for document in documents:
                waiting = await self._read(name, document)
                if waiting is not None:
                    found.append(waiting)
        if len(found) >= _BUSY:
            # Who finds work each time he looks needs no waking, and the stream costs the store a quarter of its work.
            await self.close()
        found.sort(key=lambda waiting: waiting.facts[0].recorded_at)
        return found[:limit]

    async def sent(self, published: Sequence[Waiting]) -> None:
        """These facts are published and archived: take them out of their aggregates."""
        for name in self._collections:
            pulls = [
                UpdateOne(
                    {"_id": waiting.aggregate_id},
                    {"$pull": {OUTBOX: {"id": {"$in": [fact.id for fact in waiting.facts]}}}},
                )
                for waiting in published
                if waiting.collection == name
            ]
            if pulls:
                with store_errors():
                    await self._database[name].bulk_write(pulls, ordered=False)

    async def park(self, waiting: Waiting, reason: str) -> None:
        """The broker refuses the first of these facts: hold this aggregate, visibly, and let all others go on."""
        await self._park(waiting.collection, waiting.aggregate_id, waiting.facts[0].id, reason)

    async def unpark(self) -> int:
        """Let every parked aggregate try again; returns how many."""
        count = 0
        for name in self._collections:
            with store_errors():
                written = await self._database[name].update_many(
                    {**_WAITS, _PARKED: {"$ne": None}}, {"$unset": {_PARKED: ""}}
                )
            count += written.modified_count
        return count

    async def backlog(self) -> Backlog:
        """How much waits."""
        pending = parked = 0
        counting: list[dict[str, Any]] = [
            {"$match": _WAITS},
            {"$group": {"_id": {"$gt": [f"${_PARKED}", None]}, "facts": {"$sum": {"$size": f"${OUTBOX}"}}}},
        ]
        for name in self._collections:
            with store_errors():
                cursor = await self._database[name].aggregate(counting)
                groups = await cursor.to_list()
            for group in groups:
                if group["_id"]:
                    parked += group["facts"]
                else:
                    pending += group["facts"]
        return Backlog(pending=pending, parked=parked)

    async def changed(self, timeout_seconds: float) -> None:
        """Return when something may wait, or after the time-out."""
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch(), name="outbox-watch")
        try:
            await asyncio.wait_for(self._woken.wait(), timeout_seconds)
        except TimeoutError:
            return
        self._woken.clear()

    async def close(self) -> None:
        """Stop watching."""
        if self._watching is not None:
            await end(self._watching)
            self._watching = None

    async def _watch(self) -> None:
        """Wake the relay at every insert or update that brings facts; whatever it misses, the poll finds."""
        brings_facts = {
            "operationType": {"$in": ["insert", "update"]},
            "ns.coll": {"$in": list(self._collections)},
        }
        while True:
            try:
                # A stream lives long: the client's limit for one operation must not end it; 0 is no limit at all.
                with pymongo.timeout(0):
                    stream = await self._database.watch([{"$match": brings_facts}, {"$project": {"_id": 1}}])
                    async with stream:
                        self._woken.set()
                        async for _ in stream:
                            self._woken.set()
            except PyMongoError as error:
                log.info("the change stream ended, polling goes on", error=str(error))
            await asyncio.sleep(_WATCH_AGAIN_SECONDS)

    async def _prepare(self) -> None:
        """Make the index that holds only aggregates with unsent facts, so that an idle poll costs nothing."""
        if self._prepared:
            return
        for name in self._collections:
            with store_errors():
                await self._database[name].create_index(
                    _FIRST_RECORDED, name="outbox_waiting", partialFilterExpression=_WAITS
                )
        self._prepared = True

    async def _read(self, collection: str, document: Mapping[str, Any]) -> Waiting | None:
        """The facts of one document; what this program cannot read is parked, it must not stop the others."""
        facts: list[Fact[Event]] = []
        for entry in document[OUTBOX]:
            try:
                facts.append(restore(entry))
            except (KeyError, ValueError, TypeError) as error:
                if not facts:
                    await self._park(collection, document["_id"], entry.get("id"), f"unreadable: {error!r}"[:500])
                break
        return Waiting(collection, document["_id"], tuple(facts)) if facts else None

    async def _park(self, collection: str, aggregate_id: str, fact_id: str | None, reason: str) -> None:
        log.error(
            "a fact is parked, its aggregate waits for a person", collection=collection, fact_id=fact_id, reason=reason
        )
        parked = {"fact_id": fact_id, "reason": reason, "at": wall_now()}
        with store_errors():
            await self._database[collection].update_one({"_id": aggregate_id}, {"$set": {_PARKED: parked}})
