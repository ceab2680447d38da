"""The facts of the past, read from Kafka in bulk and without a group: nothing is acknowledged, nobody is disturbed."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiokafka.errors
from aiokafka import AIOKafkaConsumer, TopicPartition

from services.scoring.adapters.quick_facts import read_fact
from services.scoring.use_cases.log_ports import Offsets
from shared.events.base import Event, Fact
from shared.events.catalogue import PARTITIONS
from shared.kafka.connection import reached
from shared.kafka.offsets import EndOffsets
from shared.kernel.errors import Unavailable

_AT_ONCE = 4_000
_FETCH_BYTES = 2 * 1024 * 1024
_WAIT_MILLISECONDS = 500
_SILENT = 40
"""So many waits without a record, and the broker counts as away: the client would try for ever."""
_TYPE = "ce_type"


class KafkaFactLog:
    """Reads whole partitions of the topics up to named offsets; for a process of its own: it leaves little room."""

    def __init__(self, bootstrap: str, topics: Sequence[str], group: str = "scoring") -> None:
        self._bootstrap = bootstrap
        self._topics, self._group = topics, group
        self._places = [TopicPartition(topic, number) for topic in topics for number in range(PARTITIONS)]

    async def ends(self) -> Offsets:
        """Where the topics end now; raises Unavailable."""
        async with self._offsets() as offsets:  # a consumer asked before it knows the topics waits half a second
            return await offsets.take()

    async def acknowledged(self) -> Offsets:
        """Before which offsets the live fold has made every fact durable; raises Unavailable."""
        async with self._offsets() as offsets:
            return await offsets.acknowledged()

    async def facts(
        self, until: Offsets, types: Collection[str], since: Offsets | None = None
    ) -> AsyncGenerator[Sequence[Fact[Event]], None]:
        """The facts of these types before these offsets, from the first or from others on; raises Unavailable."""
        wanted = frozenset(name.encode() for name in types)
        next_ = {place: (since or {}).get((place.topic, place.partition), 0) for place in self._places}
        ends = {place: until.get((place.topic, place.partition), 0) for place in self._places}
        places = [place for place in self._places if next_[place] < ends[place]]
        if not places:
            return
        async with self._reader() as reader:
            reader.assign(places)
            for place in places:
                reader.seek(place, next_[place])
            silent = 0
            while places:
                found = await reader.getmany(*places, timeout_ms=_WAIT_MILLISECONDS, max_records=_AT_ONCE)
                silent = 0 if found else silent + 1
                if silent == _SILENT:
                    raise Unavailable("kafka")
                yield [
                    fact
                    for place, records in found.items()
                    for record in records
                    if record.offset < ends[place] and (fact := _fact(record, wanted)) is not None
                ]
                read = [place for place in places if await reader.position(place) >= ends[place]]
                if read:
                    reader.pause(*read)
                    places = [place for place in places if place not in read]

    @asynccontextmanager
    async def _offsets(self) -> AsyncIterator[EndOffsets]:
        offsets = EndOffsets(self._bootstrap, self._group, self._topics)
        try:
            yield offsets
        finally:
            await offsets.close()

    @asynccontextmanager
    async def _reader(self) -> AsyncIterator[Any]:
        reader = AIOKafkaConsumer(
            **reached(self._bootstrap),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_bytes=8 * _FETCH_BYTES,
            max_partition_fetch_bytes=_FETCH_BYTES,
        )
        try:
            await reader.start()
            await asyncio.sleep(0)  # its tasks begin: one that is stopped before it began raises CancelledError
            yield reader
        except aiokafka.errors.KafkaError as error:
            raise Unavailable("kafka") from error
        finally:
            await reader.stop()


def _fact(record: Any, wanted: frozenset[bytes]) -> Fact[Event] | None:
    """The fact of a record; None for another type and for what is no fact.

    A header without a value is an empty one, as the live fold reads it (`worker.faust_app.received`).
    """
    for name, value in record.headers:
        if name == _TYPE:
            if value not in wanted:
                return None
            headers = tuple((name, value or b"") for name, value in record.headers)
            return read_fact(record.key, headers, record.value)
    return None
