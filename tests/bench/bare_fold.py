"""The baseline of the fold's latency: a loop that takes one record after the other and sets one field for it.

No batches, no ledger, no totals, nothing remembered of what was done: what broker and store need at least.
"""

import sys
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from pymongo import MongoClient

from shared.events.catalogue import PARTITIONS
from shared.events.codec import Message, decode
from shared.events.visits import VisitLogged


def fold(bootstrap: str, mongodb_url: str, database: str, topic: str) -> None:
    """Read from the end on, for ever; `cards.<cadre>` gets the day of each visit."""
    reader = KafkaConsumer(
        bootstrap_servers=bootstrap, group_id=None, auto_offset_reset="latest", metrics_enabled=False
    )
    places = [TopicPartition(topic, number) for number in range(PARTITIONS)]
    reader.assign(places)
    for place in places:
        reader.position(place)
    client: MongoClient[dict[str, Any]] = MongoClient(mongodb_url, w="majority")
    cards = client[database]["cards"]
    print("ready", flush=True)  # noqa: T201 - who measures waits for it
    for record in reader:
        visit = decode(Message(record.key, tuple(record.headers), record.value)).event
        assert isinstance(visit, VisitLogged)
        cards.update_one({"_id": visit.cadre_id}, {"$max": {f"totals.visit.{visit.day}": [1, 1, 1]}}, upsert=True)


if __name__ == "__main__":
    fold(*sys.argv[1:])
