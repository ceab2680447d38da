"""The ledger and the cards in MongoDB (architecture section 9)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from pymongo import InsertOne, UpdateMany, UpdateOne
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError

from services.scoring.domain.awards import LASTING, Award, AwardId, CardKey
from services.scoring.domain.card import Card, Day, Total, part_of
from services.scoring.use_cases.ports import Behind, Touched
from shared.events.scoring import Standard
from shared.kernel.ids import EventId
from shared.mongo.client import Document
from shared.mongo.errors import store_errors
from shared.telemetry.spans import step

LEDGER, CARDS = "ledger", "cards"
SEPARATOR, AFTER_SEPARATOR = "|", "}"
"""Between the parts of a name, and what sorts behind every name that goes on after it."""
DUPLICATE_KEY = 11000
_ATTEMPTS = 5
_WHOLE = "whole"
"""What a day that has no parts is kept under: corrections are entered by the day."""
_COVERED = {"_id": 0, "slot": 1, "award": 1, "reversal": 1, "points": 1}
"""What the index holds, so that no ledger document is read; to add it up would cost the store three times as much."""
_ROWS_AT_ONCE = 100_000
_NAMES = {"standard": 1, "subject_id": 1, "period": 1, "touches": 1}


async def prepare(database: AsyncDatabase[Document]) -> None:
    """Create the indexes; repeating it changes nothing.

    `slot` names generation, subject, period, rule, day and part of the day, and the index covers the totals: to total a
    part again reads no ledger document. The same index finds all entries of a card by the slot's beginning.
    """
    covered = [("slot", 1), ("award", 1), ("reversal", 1), ("points", 1)]
    with store_errors():
        await database[LEDGER].create_index(covered, name="totals")
        await database[CARDS].create_index(
            [("generation", 1), ("_id", 1)], name="behind_in_order", partialFilterExpression={"behind": True}
        )
        await database["organisations"].create_index([("path", 1), ("kind", 1), ("_id", 1)])
        await database["postings"].create_index("cadre_id")
        await database["postings"].create_index([("organisation_id", 1), ("moved_by", 1), ("cadre_id", 1)])
        await database["postings"].create_index([("path", 1), ("post", 1), ("cadre_id", 1)])


class MongoLedger:
    """One immutable document per entry; `_id` is generation and entry id, so inserting twice is inserting once."""

    def __init__(self, database: AsyncDatabase[Document], generation: str) -> None:
        self._ledger = database[LEDGER]
        self._generation = generation

    @step("add to ledger")
    async def add(self, entries: Sequence[Award]) -> None:
        """Put the entries into the set; one that is there already is passed over."""
        inserts = [InsertOne(self.document(entry)) for entry in entries]
        if inserts:
            await written(self._ledger, inserts)

    async def totals(self, touched: Collection[Touched]) -> Mapping[CardKey, Mapping[Day, Total]]:
        """What the set holds for these parts of days now; a reversed award counts for nothing."""
        by_slot = {self._slot(each.card, each.day): each for each in touched}
        with store_errors():
            rows = await self._ledger.find(
                {"slot": {"$in": list(by_slot)}}, _COVERED, hint="totals", batch_size=_ROWS_AT_ONCE
            ).to_list()
        slots: dict[str, list[Document]] = {}
        for row in rows:
            slots.setdefault(row["slot"], []).append(row)
        found: dict[CardKey, dict[Day, Total]] = {}
        for slot, entries in slots.items():
            each = by_slot[slot]
            found.setdefault(each.card, {})[each.day] = _total(entries)
        return found

    async def entries(self, key: CardKey) -> Sequence[Award]:
        """All entries of one card."""
        within = {"slot": beginning_with(card_id(self._generation, key))}
        with store_errors():
            return [entry_of(key, document) async for document in self._ledger.find(within)]

    def _slot(self, key: CardKey, day: Day) -> str:
        return SEPARATOR.join((card_id(self._generation, key), day.rule_id, day.on.isoformat(), day.part))

    def document(self, entry: Award) -> Document:
        """The entry as it is kept."""
        return {
            "_id": SEPARATOR.join((self._generation, entry.id)),
            "slot": self._slot(entry.card, part_of(entry)),
            "award": entry.award_id,
            "reversal": entry.takes_back,
            "points": entry.points,
            "version": entry.book_version,
            "event_id": entry.event_id,
            "event_type": entry.event_type,
            "source": entry.source,
            "revision": entry.revision,
            "occurred_at": entry.occurred_at,
            "recorded_at": entry.recorded_at,
            "entry": entry.entry,
        }


class MongoCards:
    """One document per subject and score period: `totals.<rule>.<day>.<part>` is [entries, points, standing]."""

    def __init__(self, database: AsyncDatabase[Document], generation: str) -> None:
        self._cards = database[CARDS]
        self._generation = generation
        self._behind: Document = {"behind": True, "generation": generation}

    @step("enter scorecards")
    async def enter(self, totals: Mapping[CardKey, Mapping[Day, Total]]) -> None:
        """Let each total into its card unless a larger count is there.

        A total is kept as [entries, points, standing], and `$max` compares arrays element by element: the larger count
        wins in the store itself, whoever writes last. Equal counts are equal sets, so the rest is equal too.
        """
        updates = [
            UpdateOne({"_id": card_id(self._generation, key)}, self._changes(key, days), upsert=True)
            for key, days in totals.items()
            if days
        ]
        for _ in range(_ATTEMPTS):
            # Two writers may both find no card and both insert it: whoever was second finds it the next time.
            updates = await written(self._cards, updates)
            if not updates:
                return
        raise RuntimeError("cards cannot be written: duplicate keys again and again")

    async def get(self, keys: Collection[CardKey]) -> Mapping[CardKey, Card]:
        """The cards of these keys, empty ones for those nothing happened to."""
        by_id = {card_id(self._generation, key): key for key in keys}
        found = {key: Card(key) for key in keys}
        with store_errors():
            async for document in self._cards.find({"_id": {"$in": list(by_id)}}):
                key = by_id[document["_id"]]
                found[key] = _card(key, document)
        return found

    async def behind(self, limit: int, after: CardKey | None = None) -> Sequence[Behind]:
        """Cards that may have another score than was announced, by name; their totals are not read."""
        wanted = dict(self._behind)
        if after is not None:
            wanted["_id"] = {"$gt": card_id(self._generation, after)}
        with store_errors():
            found = await self._cards.find(wanted, _NAMES).sort("_id", 1).limit(limit).to_list()
        return [
            Behind(CardKey(each["standard"], each["subject_id"], each["period"]), each["touches"]) for each in found
        ]

    async def count_behind(self) -> int:
        """How many there are, off the index."""
        with store_errors():
            return await self._cards.count_documents(self._behind)

    async def caught_up(self, cards: Sequence[Behind]) -> None:
        """Nobody need look at these cards; those touched again meanwhile stay behind."""
        updates = [
            UpdateOne(
                {"_id": card_id(self._generation, behind.key), "touches": behind.touches},
                {"$set": {"behind": False}},
            )
            for behind in cards
        ]
        if updates:
            await written(self._cards, updates)

    async def look_again(self, standard: Standard, *subject_ids: str) -> None:
        """Put all cards of the subjects behind."""
        updates = [
            UpdateMany(
                {
                    "_id": beginning_with(SEPARATOR.join((self._generation, standard, subject_id))),
                    "period": {"$ne": LASTING},
                },
                {"$set": {"behind": True}, "$inc": {"touches": 1}},
            )
            for subject_id in subject_ids
        ]
        if updates:
            await written(self._cards, updates)

    def _changes(self, key: CardKey, days: Mapping[Day, Total]) -> dict[str, Any]:
        return {
            "$max": {
                f"totals.{day.rule_id}.{day.on.isoformat()}.{day.part or _WHOLE}": [
                    total.entries,
                    total.points,
                    total.standing,
                ]
                for day, total in days.items()
            },
            "$inc": {"touches": 1},
            "$set": {"behind": True},
            "$setOnInsert": {
                "generation": self._generation,
                "standard": key.standard,
                "subject_id": key.subject_id,
                "period": key.period,
            },
        }


def _total(entries: Sequence[Document]) -> Total:
    """What the entries of a part of a day are worth together; a reversed award counts for nothing."""
    gone = {entry["award"] for entry in entries if entry["reversal"]}
    standing = {entry["award"] for entry in entries} - gone
    points = sum(entry["points"] for entry in entries if entry["award"] not in gone)
    return Total(len(entries), points, len(standing))


def card_id(generation: str, key: CardKey) -> str:
    """How a card is named in every collection."""
    return SEPARATOR.join((generation, key.standard, key.subject_id, key.period))


def beginning_with(parts: str) -> dict[str, str]:
    """Names that go on after these parts."""
    return {"$gt": parts + SEPARATOR, "$lt": parts + AFTER_SEPARATOR}


async def written(collection: AsyncCollection[Document], writes: list[Any]) -> list[Any]:
    """Write all in any order; returns those that met a key already there, raises for any other fault."""
    try:
        with store_errors():
            await collection.bulk_write(writes, ordered=False)
    except BulkWriteError as error:
        faults = error.details["writeErrors"]
        if error.details.get("writeConcernErrors") or any(fault["code"] != DUPLICATE_KEY for fault in faults):
            raise
        return [writes[fault["index"]] for fault in faults]
    return []


def _card(key: CardKey, document: Mapping[str, Any]) -> Card:
    # Column by column: to make a total of each part first takes a day of sixteen parts twenty times as long.
    totals = {
        Day(rule_id, date.fromisoformat(on)): Total(*map(sum, zip(*parts.values(), strict=True)))
        for rule_id, days in document.get("totals", {}).items()
        for on, parts in days.items()
    }
    return Card(key, totals)


def entry_of(key: CardKey, document: Mapping[str, Any]) -> Award:
    """The entry of a card as it was made."""
    *_, rule_id, on, _ = document["slot"].split(SEPARATOR)
    return Award(
        id=AwardId(document["_id"].partition(SEPARATOR)[2]),
        award_id=AwardId(document["award"]),
        effect="reversal" if document["reversal"] else "award",
        card=key,
        rule_id=rule_id,
        day=date.fromisoformat(on),
        points=document["points"],
        book_version=document["version"],
        event_id=EventId(document["event_id"]),
        event_type=document["event_type"],
        source=document["source"],
        revision=document["revision"],
        occurred_at=document["occurred_at"],
        recorded_at=document["recorded_at"],
        entry=document["entry"],
    )
