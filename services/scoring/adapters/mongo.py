"""The ledger, the cards and the announcements in MongoDB (architecture section 9)."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import date
from typing import Any

from pymongo import InsertOne, UpdateOne
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError

from services.scoring.domain.awards import LASTING, Award, AwardId, CardKey
from services.scoring.domain.card import Card, Day, Total
from services.scoring.use_cases.ports import Announcement, Behind, Touched
from shared.events.scoring import Standard
from shared.kernel.ids import EventId
from shared.mongo.client import Document
from shared.mongo.embedded_facts import embed
from shared.mongo.errors import store_errors

ANNOUNCEMENTS = "announcements"
"""The collection that holds facts for the relay."""
LEDGER, CARDS = "ledger", "cards"
SEPARATOR, AFTER_SEPARATOR = "|", "}"
"""Between the parts of a name, and what sorts behind every name that goes on after it."""
DUPLICATE_KEY = 11000
_ATTEMPTS = 5


async def prepare(database: AsyncDatabase[Document]) -> None:
    """Create the indexes; repeating it changes nothing.

    `slot` names generation, subject, period, rule and day, and the index covers the totals: re-totalling a day reads no
    ledger document. The same index finds all entries of a card by the slot's beginning.
    """
    covered = [("slot", 1), ("award", 1), ("reversal", 1), ("points", 1)]
    with store_errors():
        await database[LEDGER].create_index(covered, name="totals")
        await database[CARDS].create_index("generation", name="behind", partialFilterExpression={"behind": True})
        await database["organisations"].create_index([("path", 1), ("kind", 1), ("_id", 1)])
        await database["postings"].create_index("cadre_id")
        await database["postings"].create_index("organisation_id")
        await database["postings"].create_index([("path", 1), ("post", 1), ("cadre_id", 1)])


class MongoLedger:
    """One immutable document per entry; `_id` is generation and entry id, so inserting twice is inserting once."""

    def __init__(self, database: AsyncDatabase[Document], generation: str) -> None:
        self._ledger = database[LEDGER]
        self._generation = generation

    async def add(self, entries: Sequence[Award]) -> None:
        """Put the entries into the set; one that is there already is passed over."""
        inserts = [InsertOne(self.document(entry)) for entry in entries]
        if inserts:
            await _written(self._ledger, inserts)

    async def totals(self, touched: Collection[Touched]) -> Mapping[CardKey, Mapping[Day, Total]]:
        """What the set holds for these rules and days now; a reversed award counts for nothing."""
        by_slot = {self._slot(each.card, each.day): each for each in touched}
        per_award = {
            "_id": {"slot": "$slot", "award": "$award"},
            "entries": {"$sum": 1},
            "points": {"$sum": "$points"},
            "gone": {"$max": "$reversal"},
        }
        per_slot = {
            "_id": "$_id.slot",
            "entries": {"$sum": "$entries"},
            "points": {"$sum": {"$cond": ["$gone", 0, "$points"]}},
            "standing": {"$sum": {"$cond": ["$gone", 0, 1]}},
        }
        with store_errors():
            cursor = await self._ledger.aggregate(
                [{"$match": {"slot": {"$in": list(by_slot)}}}, {"$group": per_award}, {"$group": per_slot}],
                hint="totals",
            )
            groups = await cursor.to_list()
        found: dict[CardKey, dict[Day, Total]] = {}
        for group in groups:
            each = by_slot[group["_id"]]
            total = Total(group["entries"], group["points"], group["standing"])
            found.setdefault(each.card, {})[each.day] = total
        return found

    async def entries(self, key: CardKey) -> Sequence[Award]:
        """All entries of one card."""
        within = {"slot": beginning_with(card_id(self._generation, key))}
        with store_errors():
            return [entry_of(key, document) async for document in self._ledger.find(within)]

    def _slot(self, key: CardKey, day: Day) -> str:
        return SEPARATOR.join((card_id(self._generation, key), day.rule_id, day.on.isoformat()))

    def document(self, entry: Award) -> Document:
        """The entry as it is kept."""
        return {
            "_id": SEPARATOR.join((self._generation, entry.id)),
            "slot": self._slot(entry.card, Day(entry.rule_id, entry.day)),
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
    """One document per subject and score period: `totals.<rule>.<day>` is [entries, points, standing]."""

    def __init__(self, database: AsyncDatabase[Document], generation: str) -> None:
        self._cards = database[CARDS]
        self._generation = generation

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
            updates = await _written(self._cards, updates)
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

    async def behind(self) -> AsyncIterator[Behind]:
        """Every card that may have another score than was announced."""
        with store_errors():
            async for document in self._cards.find({"behind": True, "generation": self._generation}):
                key = CardKey(document["standard"], document["subject_id"], document["period"])
                yield Behind(_card(key, document), document["touches"])

    async def caught_up(self, cards: Sequence[Behind]) -> None:
        """Nobody need look at these cards; those touched again meanwhile stay behind."""
        updates = [
            UpdateOne(
                {"_id": card_id(self._generation, behind.card.key), "touches": behind.touches},
                {"$set": {"behind": False}},
            )
            for behind in cards
        ]
        if updates:
            await _written(self._cards, updates)

    async def look_again(self, standard: Standard, subject_id: str) -> None:
        """Put all cards of a subject behind."""
        beginning = SEPARATOR.join((self._generation, standard, subject_id))
        with store_errors():
            await self._cards.update_many(
                {"_id": beginning_with(beginning), "period": {"$ne": LASTING}},
                {"$set": {"behind": True}, "$inc": {"touches": 1}},
            )

    def _changes(self, key: CardKey, days: Mapping[Day, Total]) -> dict[str, Any]:
        return {
            "$max": {
                f"totals.{day.rule_id}.{day.on.isoformat()}": [total.entries, total.points, total.standing]
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


class MongoAnnouncements:
    """One document per card with the size last announced and the facts not yet published."""

    def __init__(self, database: AsyncDatabase[Document], generation: str) -> None:
        self._announcements = database[ANNOUNCEMENTS]
        self._generation = generation

    async def announce(self, announcements: Sequence[Announcement]) -> None:
        """Record each together with its fact, unless the same state or a later one was announced before.

        A duplicate key says that something is announced of the card. The first time that may be an earlier state which
        another worker inserted at this moment; then the second try meets it as a document, and only the same state or
        a later one is a duplicate again.
        """
        updates = [
            UpdateOne(
                {"_id": card_id(self._generation, each.key), "size": {"$lt": each.size}},
                {"$set": {"size": each.size}, "$push": {"outbox": embed(each.fact)}},
                upsert=True,
            )
            for each in announcements
        ]
        for _ in range(2):
            if updates:
                updates = await _written(self._announcements, updates)


def card_id(generation: str, key: CardKey) -> str:
    """How a card is named in every collection."""
    return SEPARATOR.join((generation, key.standard, key.subject_id, key.period))


def beginning_with(parts: str) -> dict[str, str]:
    """Names that go on after these parts."""
    return {"$gt": parts + SEPARATOR, "$lt": parts + AFTER_SEPARATOR}


async def _written(collection: AsyncCollection[Document], writes: list[Any]) -> list[Any]:
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
    totals = {
        Day(rule_id, date.fromisoformat(on)): Total(*total)
        for rule_id, days in document.get("totals", {}).items()
        for on, total in days.items()
    }
    return Card(key, totals)


def entry_of(key: CardKey, document: Mapping[str, Any]) -> Award:
    """The entry of a card as it was made."""
    *_, rule_id, on = document["slot"].split(SEPARATOR)
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
