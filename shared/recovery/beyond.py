"""What Kafka holds beyond a restored database: facts its service had published that it does not know any more."""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pymongo.asynchronous.database import AsyncDatabase

from shared.events.base import Event, Fact
from shared.events.codec import Unreadable, decode
from shared.mongo.archive import MongoArchive
from shared.mongo.client import Document
from shared.mongo.errors import store_errors
from shared.recovery.bson_files import private_file
from shared.recovery.messages import messages_of

_WAITS = {"outbox.recorded_at": {"$exists": True}}
_WAITING_INDEX = "outbox_waiting"


async def take_back(
    bootstrap: str, database: AsyncDatabase[Document], since: Mapping[str, Sequence[int]]
) -> list[Fact[Event]]:
    """Put the facts of these topics that the database neither archived nor still has to publish into its archive.

    The archive is then as complete as the topics. The things these facts speak of stay as they were restored: facts
    hold neither names nor words, so who wrote them has to enter them again. Returns the facts, in order.
    """
    waiting = await _waiting(database)
    archive = MongoArchive(database)
    taken: list[Fact[Event]] = []
    batches = messages_of(bootstrap, since)
    while (batch := await asyncio.to_thread(next, batches, None)) is not None:
        facts = []
        for message in batch:
            try:
                facts.append(decode(message))
            except Unreadable:
                continue  # never published by the service: whatever its relay sends can be read
        known = waiting | await _archived(database, facts)
        news = list({fact.id: fact for fact in facts if fact.id not in known}.values())
        await archive.append(news)
        taken += news
    return taken


def write_report(path: Path, facts: Sequence[Fact[Event]]) -> None:
    """One fact a line, as JSON: what it is of, and what it says."""
    with private_file(path) as file:
        file.writelines(_lines(facts))


def _lines(facts: Sequence[Fact[Event]]) -> Iterator[bytes]:
    for fact in facts:
        line = {
            "type": fact.type,
            "subject": fact.subject,
            "revision": fact.revision,
            "recorded_at": fact.recorded_at.isoformat(),
            "path": str(fact.path),
            "says": fact.event.model_dump(mode="json", exclude_none=True),
        }
        yield json.dumps(line, ensure_ascii=False).encode("utf-8") + b"\n"


async def _waiting(database: AsyncDatabase[Document]) -> frozenset[str]:
    """The facts that the relay will publish, again or for the first time."""
    found: set[str] = set()
    with store_errors():
        for name in await database.list_collection_names():
            if _WAITING_INDEX in await database[name].index_information():
                async for document in database[name].find(_WAITS, {"outbox.id": 1}):
                    found.update(entry["id"] for entry in document["outbox"])
    return frozenset(found)


async def _archived(database: AsyncDatabase[Document], facts: Sequence[Fact[Event]]) -> frozenset[str]:
    wanted = {"event_id": {"$in": [fact.id for fact in facts]}}
    with store_errors():
        return frozenset([entry["event_id"] async for entry in database["archive"].find(wanted, {"event_id": 1})])
