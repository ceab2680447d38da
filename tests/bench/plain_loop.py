"""The same arithmetic without Faust and without a store: a kafka-python loop, ledger and cards in memory, then lost."""

import json
import sys
import time

from kafka import KafkaConsumer, TopicPartition

from services.scoring.adapters.rule_files import load_generation
from services.scoring.domain.awards import Award, AwardId
from services.scoring.domain.card import totals
from services.scoring.settings import TOPICS
from shared.events.catalogue import PARTITIONS
from shared.events.codec import Message, decode
from tests.bench.standing import resident_megabytes

_FETCH_BYTES = 16 * 1024 * 1024
_AT_ONCE = 4000


def fold(bootstrap: str) -> dict[str, float]:
    """Read everything there is; how many events, how long, how many entries and cards."""
    generation = load_generation()
    reader = KafkaConsumer(
        bootstrap_servers=bootstrap,
        group_id=None,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        fetch_max_bytes=_FETCH_BYTES,
        max_partition_fetch_bytes=_FETCH_BYTES,
        metrics_enabled=False,
    )
    places = [TopicPartition(topic, number) for topic in TOPICS for number in range(PARTITIONS)]
    whole = sum(reader.end_offsets(places).values())
    ledger: dict[AwardId, Award] = {}
    events = 0
    began = time.perf_counter()
    reader.assign(places)
    reader.seek_to_beginning(*places)
    while events < whole:
        for records in reader.poll(timeout_ms=500, max_records=_AT_ONCE).values():
            events += len(records)
            for record in records:
                fact = decode(Message(record.key, tuple(record.headers), record.value))
                for award in generation.awards(fact):
                    ledger[award.id] = award
    cards = totals(ledger.values())
    seconds = time.perf_counter() - began
    reader.close(autocommit=False)
    return {"events": events, "seconds": seconds, "entries": len(ledger), "cards": len(cards)}


if __name__ == "__main__":
    found = fold(sys.argv[1])
    print(json.dumps({**found, "megabytes": resident_megabytes("self")}))  # noqa: T201 - the answer
