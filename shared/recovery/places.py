"""Where Kafka stands, and putting groups back to where a restored database stood."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import kafka.errors
from kafka import KafkaAdminClient, OffsetAndMetadata, TopicPartition
from kafka.admin import OffsetSpec

from shared.events.catalogue import CATALOGUE, FACT_TOPICS, PARTITIONS
from shared.kafka.connection import reached
from shared.kernel.errors import Unavailable
from shared.recovery.manifest import KafkaAt

_ANSWER_MILLISECONDS = 10_000
_PATIENCE_SECONDS = 30.0
"""A broker makes the topic of its groups when the first is asked for, and answers that it is not there yet."""
_AT_REST = frozenset({"Empty", "Dead"})


class StillReading(Exception):
    """Workers read these groups, whose offsets cannot be moved under them; the sentence says what to do."""


def topics_of(service: str) -> list[str]:
    """The topics a service publishes on."""
    return [topic for topic in FACT_TOPICS if topic.partition(".")[0] == service]


def topics_read_by(service: str) -> list[str]:
    """The topics a service's group reads."""
    return sorted({entry.topic for entry in CATALOGUE.values() if service in entry.consumers})


def readers_of(topics: Sequence[str]) -> dict[str, list[str]]:
    """By group the topics among these that it reads."""
    names = sorted({name for entry in CATALOGUE.values() for name in entry.consumers})
    read = {name: [topic for topic in topics_read_by(name) if topic in topics] for name in names}
    return {name: topics for name, topics in read.items() if topics}


def kafka_at(bootstrap: str) -> KafkaAt:
    """Where Kafka stands now; raises Unavailable."""
    with _asking(bootstrap) as admin:
        groups = readers_of(FACT_TOPICS)
        _wait_for_coordinators(admin, [*groups])
        committed = {name: _committed(admin, name, topics) for name, topics in groups.items()}
        return KafkaAt(
            admin.describe_cluster()["cluster_id"], _bounds(admin, FACT_TOPICS, OffsetSpec.LATEST), committed
        )


def counts_of(bootstrap: str, topics: Sequence[str]) -> dict[str, int]:
    """How many messages stand on each topic; raises Unavailable."""
    with _asking(bootstrap) as admin:
        first, last = (_bounds(admin, topics, spec) for spec in (OffsetSpec.EARLIEST, OffsetSpec.LATEST))
        return {topic: sum(last[topic]) - sum(first[topic]) for topic in topics}


def refuse_readers(bootstrap: str, groups: Sequence[str]) -> None:
    """Raise StillReading while a worker is a member of one of these groups; Unavailable without a broker."""
    with _asking(bootstrap) as admin:
        _wait_for_coordinators(admin, groups)
        busy = [name for name in groups if _state(admin, name) not in _AT_REST]
    if busy:
        workers = "、".join(f"{name}-worker" for name in busy)
        raise StillReading(f"{workers} 仍在读取 Kafka：请先停止，停止后最多等 10 秒再试。")


def put_back(bootstrap: str, group: str, offsets: Mapping[str, Sequence[int]]) -> None:
    """Have a group read on from these offsets, never beyond the end; raises StillReading, Unavailable.

    Where it had acknowledged nothing it begins with the first message.
    """
    with _asking(bootstrap) as admin:
        _wait_for_coordinators(admin, [group])
        ends = _bounds(admin, list(offsets), OffsetSpec.LATEST)
        wanted = {
            TopicPartition(topic, number): OffsetAndMetadata(max(0, min(offset, ends[topic][number])), "", -1)
            for topic, places in offsets.items()
            for number, offset in enumerate(places)
        }
        outcomes = admin.alter_group_offsets(group, wanted)
        if any(outcome is not kafka.errors.NoError for outcome in outcomes.values()):
            raise StillReading(f"{group} 的读取位置没有改成：请先停止 {group}-worker。")


def _committed(admin: Any, group: str, topics: Sequence[str]) -> dict[str, list[int]]:
    places = [TopicPartition(topic, number) for topic in topics for number in range(PARTITIONS)]
    [found] = admin.list_group_offsets({group: places}).values()
    return {topic: [found[TopicPartition(topic, number)].offset for number in range(PARTITIONS)] for topic in topics}


def _bounds(admin: Any, topics: Sequence[str], spec: Any) -> dict[str, list[int]]:
    places = [TopicPartition(topic, number) for topic in topics for number in range(PARTITIONS)]
    found = admin.list_partition_offsets(dict.fromkeys(places, spec), timeout_ms=_ANSWER_MILLISECONDS)
    return {topic: [found[TopicPartition(topic, number)].offset for number in range(PARTITIONS)] for topic in topics}


def _state(admin: Any, group: str) -> str:
    [described] = admin.describe_groups([group]).values()
    return str(described["group_state"])


def _wait_for_coordinators(admin: Any, groups: Sequence[str]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    for group in groups:
        while True:
            try:
                _state(admin, group)
                break
            except kafka.errors.KafkaError as error:
                if not error.retriable or time.monotonic() > deadline:
                    raise
                time.sleep(0.2)


@contextmanager
def _asking(bootstrap: str) -> Iterator[Any]:
    admin: Any = None
    try:
        admin = KafkaAdminClient(
            **reached(bootstrap),
            client_id="recovery",
            request_timeout_ms=_ANSWER_MILLISECONDS,
            bootstrap_timeout_ms=_ANSWER_MILLISECONDS,
        )
        yield admin
    except kafka.errors.KafkaError as error:
        raise Unavailable("kafka") from error
    finally:
        if admin is not None:
            admin.close()
