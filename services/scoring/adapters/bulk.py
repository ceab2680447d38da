"""Ledger and cards of a build, written and read in bulk, and removed when nobody needs them any more."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from typing import Any, cast

from pymongo import MongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError

from services.scoring.adapters.mongo import (
    AFTER_SEPARATOR,
    CARDS,
    DUPLICATE_KEY,
    LEDGER,
    SEPARATOR,
    MongoCards,
    MongoLedger,
    beginning_with,
    card_id,
    entry_of,
)
from services.scoring.adapters.recent_ids import RecentIds
from services.scoring.domain.awards import Award, CardKey
from services.scoring.domain.card import Day, Total
from services.scoring.use_cases.build_ports import Counts
from shared.events.scoring import Standard
from shared.mongo.client import Document
from shared.mongo.errors import store_errors

_CHUNK = 4_000
_AT_ONCE = 2
"""Chunks under way: while the store writes one, the next is made; more only pile up."""
_CARDS_AT_ONCE = 300
_REMOVED_AT_ONCE = 5_000
_INSERT_MILLISECONDS = 60_000
BULK_TIMEOUT_MILLISECONDS = 3_600_000
"""A pass over a whole ledger is one operation."""
Totals = dict[CardKey, dict[Day, Total]]


class MongoBulkLedger:
    """The documents of `MongoLedger` and `MongoCards`, many at a time; for a process that does nothing else.

    Entries are written by threads of their own, because the log is read by a loop that blocks. One that was sent lately
    is not sent again; what was there before is sorted out as soon as a chunk meets any: refusing it would cost the
    store more, asking about each is half of its work.
    """

    def __init__(self, database: AsyncDatabase[Document], url: str, build_id: str) -> None:
        self._ledger, self._cards = database[LEDGER], database[CARDS]
        self._own = MongoLedger(database, build_id)
        self._entered = MongoCards(database, build_id)
        self._within = beginning_with(build_id)
        self._build_id = build_id
        self._url, self._name = url, database.name
        self._waiting: list[Award] = []
        self._under_way: deque[Future[None]] = deque()
        self._threads: ThreadPoolExecutor | None = None
        self._writer: Any = None
        self._met_known = False
        self._sent = RecentIds()

    async def add(self, entries: Sequence[Award]) -> None:
        """Put the entries into the set; they are durable after `settle`. Raises Unavailable."""
        self._waiting += [entry for entry in entries if self._sent.meet(entry.id)]
        while len(self._waiting) >= _CHUNK:
            await self._send(self._waiting[:_CHUNK])
            del self._waiting[:_CHUNK]

    async def settle(self) -> None:
        """Return once everything added is durable; raises Unavailable."""
        waiting, self._waiting = self._waiting, []
        if waiting:
            await self._send(waiting)
        while self._under_way:
            await asyncio.wrap_future(self._under_way.popleft())
        await self.close()

    async def close(self) -> None:
        """Let threads and connections go; what is not settled is forgotten, what is under way may still be written."""
        self._waiting.clear()
        self._under_way.clear()
        self._sent.forget()
        threads, self._threads = self._threads, None
        if threads is not None:
            await asyncio.to_thread(threads.shutdown, cancel_futures=True)
            self._writer.close()
            self._writer = None

    async def retotal(self) -> None:
        """Total everything again: one pass over the covered index, in its order, which is that of the cards."""
        found: Totals = {}
        async for key, days in self._totals():
            found[key] = days
            if len(found) == _CARDS_AT_ONCE:
                await self._entered.enter(found)
                found = {}
        await self._entered.enter(found)

    async def entries(self) -> AsyncIterator[Sequence[Award]]:
        """All entries, those of one card together in one batch."""
        current: CardKey | None = None
        found: list[Award] = []
        with store_errors():
            async for document in self._ledger.find({"slot": self._within}, hint="totals").sort("slot", 1):
                key = _card_of(document["slot"])
                if key != current:
                    if found:
                        yield found
                    current, found = key, []
                found.append(entry_of(key, document))
        if found:
            yield found

    async def of_cards(self, keys: Collection[CardKey]) -> Mapping[CardKey, Sequence[Award]]:
        """The entries of these cards, one question for all."""
        found: dict[CardKey, list[Award]] = {}
        within = [{"slot": beginning_with(card_id(self._build_id, key))} for key in keys]
        if within:
            with store_errors():
                async for document in self._ledger.find({"$or": within}, hint="totals"):
                    key = _card_of(document["slot"])
                    found.setdefault(key, []).append(entry_of(key, document))
        return found

    async def cards(self) -> AsyncIterator[CardKey]:
        """The names of all cards."""
        with store_errors():
            async for document in self._cards.find({"_id": self._within}, {"_id": 1}):
                yield _card_of(document["_id"])

    async def counts(self) -> Counts:
        """How much there is."""
        within = {"_id": self._within}
        with store_errors():
            return Counts(await self._ledger.count_documents(within), await self._cards.count_documents(within))

    async def _totals(self) -> AsyncIterator[tuple[CardKey, dict[Day, Total]]]:
        """The totals of each card, read off the index alone."""
        fields = {"_id": 0, "slot": 1, "award": 1, "reversal": 1, "points": 1}
        card, slot = "", ""
        days: dict[Day, Total] = {}
        summed = _Slot()
        with store_errors():
            cursor = self._ledger.find({"slot": self._within}, fields, hint="totals", batch_size=10_000)
            async for document in cursor.sort([("slot", 1), ("award", 1), ("reversal", 1), ("points", 1)]):
                if document["slot"] != slot:
                    if slot:
                        days[_part_of(slot)] = summed.total()
                    slot, summed = document["slot"], _Slot()
                    if not slot.startswith(card) or not card:
                        if days:
                            yield _card_of(card), days
                        card, days = _card_name(slot), {}
                summed.add(document)
        if slot:
            days[_part_of(slot)] = summed.total()
            yield _card_of(card), days

    async def _send(self, entries: list[Award]) -> None:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="ledger")
            self._writer = MongoClient(self._url, w="majority", tz_aware=True, timeoutMS=_INSERT_MILLISECONDS)
        self._under_way.append(self._threads.submit(self._write, entries))
        while len(self._under_way) > _AT_ONCE or (self._under_way and self._under_way[0].done()):
            await asyncio.wrap_future(self._under_way.popleft())

    def _write(self, entries: list[Award]) -> None:
        documents = [self._own.document(entry) for entry in entries]
        documents.sort(key=_by_slot)  # neighbours in the index: a tenth less work for the store
        ledger = self._writer[self._name][LEDGER]
        with store_errors():
            if self._met_known:
                named = {"_id": {"$in": [document["_id"] for document in documents]}}
                known = {document["_id"] for document in ledger.find(named, {"_id": 1})}
                documents = [document for document in documents if document["_id"] not in known]
                self._met_known = bool(known)
            if not documents:
                return
            try:
                ledger.insert_many(documents, ordered=False)
            except BulkWriteError as error:
                details: Mapping[str, Any] = error.details or {}
                faults = details.get("writeErrors", ())
                if details.get("writeConcernErrors") or any(fault["code"] != DUPLICATE_KEY for fault in faults):
                    raise
                self._met_known = True


class _Slot:
    """The sum of a part of one rule and day of a card; the index has the entries of one award side by side."""

    __slots__ = ("_award", "_entries", "_gone", "_points", "_standing", "_worth")

    def __init__(self) -> None:
        self._entries = self._points = self._standing = 0
        self._award: str | None = None
        self._worth = 0
        self._gone = False

    def add(self, document: Mapping[str, Any]) -> None:
        """One more entry."""
        if document["award"] != self._award:
            self._close()
            self._award, self._worth, self._gone = document["award"], 0, False
        self._entries += 1
        self._worth += document["points"]
        self._gone = self._gone or document["reversal"]

    def total(self) -> Total:
        """What they are worth together."""
        self._close()
        self._award = None
        return Total(self._entries, self._points, self._standing)

    def _close(self) -> None:
        if self._award is not None and not self._gone:
            self._points += self._worth
            self._standing += 1


class MongoResults:
    """The results of all builds in one database."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._collections = (database[LEDGER], database[CARDS])

    async def names(self) -> Collection[str]:
        """Every name under which there are results, found by leaping from one to the next."""
        found: set[str] = set()
        for collection in self._collections:
            last = ""
            while True:
                with store_errors():
                    document = await collection.find_one({"_id": {"$gt": last}}, {"_id": 1}, sort={"_id": 1})
                if document is None:
                    break
                name = document["_id"].partition(SEPARATOR)[0]
                found.add(name)
                last = name + AFTER_SEPARATOR
        return found

    async def drop(self, name: str) -> None:
        """Remove the results of that name, a few at a time, so that nobody waits for it."""
        within: dict[str, Any] = {"_id": beginning_with(name)}
        for collection in self._collections:
            removed = _REMOVED_AT_ONCE
            while removed == _REMOVED_AT_ONCE:
                with store_errors():
                    cursor = collection.find(within, {"_id": 1}).sort("_id", 1).limit(_REMOVED_AT_ONCE)
                    some = [document["_id"] for document in await cursor.to_list()]
                    if some:
                        await collection.delete_many({"_id": {"$gte": some[0], "$lte": some[-1]}})
                removed = len(some)


def _by_slot(document: Document) -> str:
    slot: str = document["slot"]
    return slot


def _card_name(slot: str) -> str:
    """The beginning of a slot that names its card, separator included."""
    return slot.rsplit(SEPARATOR, 3)[0] + SEPARATOR


def _card_of(name: str) -> CardKey:
    _, standard, subject_id, period, *_ = name.split(SEPARATOR)
    return CardKey(cast("Standard", standard), subject_id, period)


def _part_of(slot: str) -> Day:
    _, rule_id, on, part = slot.rsplit(SEPARATOR, 3)
    return Day(rule_id, date.fromisoformat(on), part)
