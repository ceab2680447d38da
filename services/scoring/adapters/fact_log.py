"""The facts of the past, read from Kafka in bulk and without a group: nothing is acknowledged, nobody is disturbed."""

from collections.abc import AsyncIterator, Collection, Sequence
from typing import Any

import kafka.errors
from kafka import KafkaConsumer, TopicPartition

from services.scoring.use_cases.log_ports import Offsets
from shared.events.base import Event, Fact
from shared.events.catalogue import PARTITIONS
from shared.events.codec import Message, Unreadable, decode
from shared.kernel.errors import Unavailable

_ANSWER_MILLISECONDS = 10_000
_AT_ONCE = 4_000
_FETCH_BYTES = 16 * 1024 * 1024
_TYPE = "ce_type"


class KafkaFactLog:
    """Reads whole partitions of the topics up to named offsets; for a process of its own, because it blocks."""

    def __init__(self, bootstrap: str, topics: Sequence[str]) -> None:
        self._bootstrap = bootstrap
        self._places = [TopicPartition(topic, number) for topic in topics for number in range(PARTITIONS)]

    async def ends(self) -> Offsets:
        """Where the topics end now; raises Unavailable."""
        reader = self._reader()
        try:
            ends = reader.end_offsets(self._places)
        except kafka.errors.KafkaError as error:
            raise Unavailable("kafka") from error
        finally:
            reader.close(autocommit=False)
        return {(place.topic, place.partition): offset for place, offset in ends.items()}

    async def facts(self, until: Offsets, types: Collection[str]) -> AsyncIterator[Sequence[Fact[Event]]]:
        """The facts of these types before these offsets; raises Unavailable."""
        wanted = frozenset(name.encode() for name in types)
        reader = self._reader()
        try:
            reader.assign(self._places)
            reader.seek_to_beginning(*self._places)
            while not _is_read(reader, self._places, until):
                polled = reader.poll(timeout_ms=500, max_records=_AT_ONCE)
                yield [
                    fact
                    for place, records in polled.items()
                    for record in records
                    if record.offset < until.get((place.topic, place.partition), 0)
                    and (fact := _fact(record, wanted)) is not None
                ]
        except kafka.errors.KafkaError as error:
            raise Unavailable("kafka") from error
        finally:
            reader.close(autocommit=False)

    def _reader(self) -> Any:
        try:
            return KafkaConsumer(
                bootstrap_servers=self._bootstrap,
                group_id=None,
                auto_offset_reset="earliest",
                enable_auto_commit=False,
                fetch_max_bytes=_FETCH_BYTES,
                max_partition_fetch_bytes=_FETCH_BYTES,
                bootstrap_timeout_ms=_ANSWER_MILLISECONDS,
                allow_auto_create_topics=False,
                metrics_enabled=False,
            )
        except kafka.errors.KafkaError as error:
            raise Unavailable("kafka") from error


def _is_read(reader: Any, places: Sequence[TopicPartition], until: Offsets) -> bool:
    return all(reader.position(place) >= until.get((place.topic, place.partition), 0) for place in places)


def _fact(record: Any, wanted: frozenset[bytes]) -> Fact[Event] | None:
    """The fact of a record; None for another type and for what is no fact."""
    for name, value in record.headers:
        if name == _TYPE:
            if value not in wanted:
                return None
            break
    else:
        return None
    try:
        return decode(Message(record.key, tuple(record.headers), record.value))
    except Unreadable:
        return None
