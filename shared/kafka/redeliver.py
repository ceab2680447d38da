"""Send mended messages again: `python -m shared.kafka.redeliver [--topic visits.events] [--consumer scoring]`.

Every dead letter goes back to its topic as it came, marked for the one consumer that had rejected it; all others pass
it over. What no release can mend (no value, too large, no text, no JSON) stays where it is, counted; where the broker
refuses one, this ends and begins there again the next time. Each is sent once: how far this has come stands in Kafka as
the offsets of the group `redeliver.<consumer>`.
"""

import argparse
import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import kafka.errors
from kafka import KafkaConsumer, OffsetAndMetadata, TopicPartition

from shared.events.catalogue import CATALOGUE, FACT_TOPICS, rejected_topic
from shared.events.codec import Headers, Message
from shared.kafka.connection import reached
from shared.kafka.producer import DEAD_LETTER_BYTES, KafkaPublisher, Outgoing
from shared.kafka.rejects import CONSUMER, ORIGIN, REASON, REDELIVER_FOR, header, without_ours
from shared.kernel.errors import Unavailable
from shared.telemetry.settings import PlatformSettings

_ANSWER_MILLISECONDS = 10_000
_AT_ONCE = 500
_BEYOND_MENDING = frozenset({"null", "too_large", "invalid_utf8", "broken_json"})
"""Reasons that lie in the bytes, not in the program that read them."""
Ends = Mapping[Any, int]
CONSUMERS = sorted({name for entry in CATALOGUE.values() for name in entry.consumers})


@dataclass(frozen=True, slots=True)
class Redelivered:
    """How many were sent again, and how many stay because nothing can mend them."""

    sent: int = 0
    left: int = 0


async def redeliver(bootstrap: str, topics: Sequence[str], consumer: str) -> Redelivered:
    """Send again what this consumer rejected and nobody sent again before.

    Raises Unavailable("kafka") when the broker does not answer; what was sent until then may be sent twice, which
    consumers bear.
    """
    loop = asyncio.get_running_loop()
    publisher = KafkaPublisher(bootstrap, f"redeliver-{consumer}", max_request_bytes=DEAD_LETTER_BYTES)
    try:
        reader, ends = await loop.run_in_executor(None, _open, bootstrap, topics, consumer)
        try:
            done = Redelivered()
            while batch := await loop.run_in_executor(None, _next, reader, ends):
                for record in batch:
                    if _was_rejected_by(record, consumer):
                        sent = await _send(publisher, record, consumer)
                        done = replace(done, sent=done.sent + sent, left=done.left + (not sent))
                await loop.run_in_executor(None, _remember, reader, ends)
            return done
        finally:
            await loop.run_in_executor(None, lambda: reader.close(autocommit=False))
    except kafka.errors.KafkaError as error:
        raise Unavailable("kafka") from error
    finally:
        await publisher.close()


def _open(bootstrap: str, topics: Sequence[str], consumer: str) -> tuple[Any, Ends]:
    """A reader of the dead letters, and where they end now: what is rejected meanwhile waits for the next time."""
    reader: Any = KafkaConsumer(
        **reached(bootstrap),
        group_id=f"redeliver.{consumer}",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        bootstrap_timeout_ms=_ANSWER_MILLISECONDS,
        allow_auto_create_topics=False,
        metrics_enabled=False,
    )
    partitions = [
        TopicPartition(name, number)
        for name in map(rejected_topic, topics)
        for number in sorted(reader.partitions_for_topic(name))
    ]
    reader.assign(partitions)
    return reader, reader.end_offsets(partitions, timeout_ms=_ANSWER_MILLISECONDS)


def _next(reader: Any, ends: Ends) -> list[Any]:
    """The next dead letters; empty at the end."""
    while any(reader.position(partition, timeout_ms=_ANSWER_MILLISECONDS) < end for partition, end in ends.items()):
        found = reader.poll(timeout_ms=1_000, max_records=_AT_ONCE)
        records = [record for partition, batch in found.items() for record in batch if record.offset < ends[partition]]
        if records:
            return records
    return []


def _remember(reader: Any, ends: Ends) -> None:
    """Commit how far this has come, not beyond the end taken at the beginning."""
    reader.commit(
        {
            partition: OffsetAndMetadata(min(reader.position(partition), end), "", -1)
            for partition, end in ends.items()
            if end > 0
        },
        timeout_ms=_ANSWER_MILLISECONDS,
    )


async def _send(publisher: KafkaPublisher, record: Any, consumer: str) -> bool:
    """Send one dead letter again; False when it stays, since no release will ever read it. Raises Unavailable."""
    if header(_headers(record), REASON) in _BEYOND_MENDING:
        return False
    [outcome] = await publisher.publish([_revived(record, consumer)])
    if outcome is not None:
        raise Unavailable(f"kafka ({outcome.reason})")
    return True


def _headers(record: Any) -> Headers:
    return tuple((name, value if value is not None else b"") for name, value in record.headers or ())


def _was_rejected_by(record: Any, consumer: str) -> bool:
    headers = _headers(record)
    return header(headers, CONSUMER) == consumer and header(headers, ORIGIN) is not None


def _revived(record: Any, consumer: str) -> Outgoing:
    headers = _headers(record)
    topic = (header(headers, ORIGIN) or "").partition("/")[0]
    marked = (*without_ours(headers), (REDELIVER_FOR, consumer.encode()))
    return Outgoing(topic, Message(record.key, marked, record.value))


def main(arguments: Sequence[str] | None = None) -> int:
    """Redeliver for the consumers chosen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--topic", choices=FACT_TOPICS, help="only what this topic's consumers rejected")
    parser.add_argument("--consumer", choices=CONSUMERS, help="only what this consumer rejected")
    chosen = parser.parse_args(arguments)
    settings = PlatformSettings.read()
    topics = [chosen.topic] if chosen.topic else list(FACT_TOPICS)
    for consumer in [chosen.consumer] if chosen.consumer else CONSUMERS:
        done = asyncio.run(redeliver(settings.kafka_bootstrap, topics, consumer))
        left = f"，{done.left} 条无法修复，留在 .rejected" if done.left else ""
        print(f"{consumer}: 重新投递 {done.sent} 条{left}")  # noqa: T201 - this command's answer
    return 0


if __name__ == "__main__":
    sys.exit(main())
