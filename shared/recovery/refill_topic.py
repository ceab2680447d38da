"""Write a service's topics anew from its archive, after Kafka alone was lost.

    python -m shared.recovery.refill_topic [--service visits] [--append-missing]

Every archived fact goes to its topic as it first went: the same bytes under the same key, in the order of the archive.
A topic that holds anything is refused, unless what is missing there shall be appended. Groups that read a topic that
was empty begin with its first message again: the offsets they had are places in a topic that is gone.
"""

import argparse
import asyncio
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from hashlib import blake2b

from shared.events.catalogue import PARTITIONS
from shared.events.codec import Message
from shared.kafka.producer import KafkaPublisher, Outgoing
from shared.kafka.topics import TopicUnfit, create_topics
from shared.kernel.errors import Unavailable
from shared.mongo.archive import MongoArchive
from shared.mongo.client import Document, connect
from shared.mongo.verify_archive import SERVICES
from shared.recovery.messages import messages_of
from shared.recovery.places import (
    StillReading,
    counts_of,
    put_back,
    readers_of,
    refuse_readers,
    topics_of,
)
from shared.telemetry.settings import PlatformSettings

_TIMEOUT_MILLISECONDS = 600_000
_AT_ONCE = 500
_SUBJECT = "ce_subject"
_DIGEST_BYTES = 16


class NotRefilled(Exception):
    """The topic was not written, or not to its end; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Refilled:
    """How many facts were written, and how many were there already."""

    written: int = 0
    there: int = 0


async def refill(settings: PlatformSettings, service: str, *, append_missing: bool = False) -> Refilled:
    """Write the service's topics from its archive.

    Raises NotRefilled for a topic that holds messages, a broken chain or a broker that gave up half way, StillReading
    while a worker reads a topic that is written anew, Unavailable.
    """
    topics = topics_of(service)
    counts = await asyncio.to_thread(counts_of, settings.kafka_bootstrap, topics)
    full = [topic for topic in topics if counts[topic]]
    if full and not append_missing:
        raise NotRefilled(f"{'、'.join(full)} 里已有消息，没有写入；只补缺少的，请加 --append-missing。")
    empty = [topic for topic in topics if not counts[topic]]
    groups = readers_of(empty)
    await asyncio.to_thread(refuse_readers, settings.kafka_bootstrap, [*groups])
    there = await asyncio.to_thread(_ids_on, settings.kafka_bootstrap, full)
    async with connect(settings.mongodb_url, timeout_ms=_TIMEOUT_MILLISECONDS) as client:
        archive = MongoArchive(client[settings.database(service)])
        broken = await archive.broken_link()
        if broken is not None:
            raise NotRefilled(f"{service} 的存档第 {broken.sequence} 条起不可信（{broken.reason}），没有写入。")
        for group, read in groups.items():
            beginning = {topic: [0] * PARTITIONS for topic in read}
            await asyncio.to_thread(put_back, settings.kafka_bootstrap, group, beginning)
        return await _write(settings.kafka_bootstrap, archive, there)


async def _write(bootstrap: str, archive: MongoArchive, there: frozenset[bytes]) -> Refilled:
    publisher = KafkaPublisher(bootstrap, "refill-topic")
    written = passed = 0
    try:
        async with aclosing(_in_turns(archive)) as turns:
            async for entries in turns:
                missing = [entry for entry in entries if _digest(entry["event_id"].encode()) not in there]
                passed += len(entries) - len(missing)
                outcomes = await publisher.publish([_outgoing(entry) for entry in missing])
                for outcome in outcomes:
                    if outcome is not None:
                        raise NotRefilled(f"写入中断（{outcome.reason}）：Kafka 恢复后用 --append-missing 接着写。")
                written += len(missing)
    finally:
        await publisher.close()
    return Refilled(written, passed)


async def _in_turns(archive: MongoArchive) -> AsyncGenerator[list[Document], None]:
    """The archive in pieces in which each aggregate occurs once: its next fact goes when this one is acknowledged."""
    turn: list[Document] = []
    subjects: set[bytes] = set()
    async for entry in archive.entries():
        subject = next((bytes(value) for name, value in entry["headers"] if name == _SUBJECT), b"")
        if subject in subjects or len(turn) == _AT_ONCE:
            yield turn
            turn, subjects = [], set()
        turn.append(entry)
        subjects.add(subject)
    if turn:
        yield turn


def _outgoing(entry: Document) -> Outgoing:
    headers = tuple((name, bytes(value)) for name, value in entry["headers"])
    return Outgoing(entry["topic"], Message(bytes(entry["key"]), headers, bytes(entry["value"])))


def _ids_on(bootstrap: str, topics: Sequence[str]) -> frozenset[bytes]:
    """Which facts stand on these topics, 16 bytes each: a million of them take about 80 MB."""
    found: set[bytes] = set()
    for batch in messages_of(bootstrap, {topic: [0] * PARTITIONS for topic in topics}):
        found.update(_digest(id_) for message in batch if (id_ := dict(message.headers).get("ce_id")))
    return frozenset(found)


def _digest(id_: bytes) -> bytes:
    return blake2b(id_, digest_size=_DIGEST_BYTES).digest()


def main(arguments: Sequence[str] | None = None) -> int:
    """Refill one service's topics, or all; the exit code is 1 when one could not be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--service", choices=SERVICES, help="only this service's topics")
    parser.add_argument("--append-missing", action="store_true", help="append what topics that hold facts lack")
    chosen = parser.parse_args(arguments)
    settings = PlatformSettings.read()
    try:
        create_topics(settings.kafka_bootstrap)
        for service in [chosen.service] if chosen.service else SERVICES:
            done = asyncio.run(refill(settings, service, append_missing=chosen.append_missing))
            there = f"，原有 {done.there} 条" if done.there else ""
            print(f"{service}: 写入 {done.written} 条{there}")  # noqa: T201 - this command's answer
    except (NotRefilled, StillReading, TopicUnfit, Unavailable) as error:
        sys.exit(str(error))
    return 0


if __name__ == "__main__":
    sys.exit(main())
