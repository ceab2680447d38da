"""How far topics reach now, and whether a group has handled all of it: a barrier for what must not be judged early."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

import kafka.errors
from kafka import KafkaAdminClient, TopicPartition
from kafka.admin import OffsetSpec

from shared.events.catalogue import PARTITIONS
from shared.kafka.connection import reached
from shared.kernel.errors import Unavailable

Offsets = Mapping[tuple[str, int], int]
"""(topic, partition) → the offset of the next message."""

_ANSWER_MILLISECONDS = 4_000
T = TypeVar("T")


class Barrier(Protocol):
    """Says how far the sources reach, and whether everything up to there has been handled."""

    async def take(self) -> Offsets:
        """Where the topics end now."""
        ...

    async def reached(self, offsets: Offsets) -> bool:
        """Whether the effects of all messages before these offsets are durable."""
        ...


class EndOffsets:
    """The end offsets of topics, compared with what a service's group has acknowledged.

    A group acknowledges after the effect, so acknowledged means handled, whichever replica did it.
    """

    def __init__(self, bootstrap: str, service: str, topics: Sequence[str]) -> None:
        self._bootstrap = bootstrap
        self._service = service
        self._partitions = [TopicPartition(topic, number) for topic in topics for number in range(PARTITIONS)]
        self._admin: Any = None
        self._thread: ThreadPoolExecutor | None = None

    async def take(self) -> Offsets:
        """Where the topics end now; raises Unavailable("kafka")."""
        return await self._ask(self._ends)

    async def reached(self, offsets: Offsets) -> bool:
        """Whether the group has acknowledged all messages before these offsets; raises Unavailable("kafka")."""
        acknowledged = await self._ask(self._committed)
        return all(max(0, acknowledged.get(place, 0)) >= end for place, end in offsets.items())

    async def acknowledged(self) -> Offsets:
        """How far the group has acknowledged; below zero where it never did. Raises Unavailable("kafka")."""
        return await self._ask(self._committed)

    async def close(self) -> None:
        """Let go of the connection."""
        if self._thread is not None:
            thread, self._thread = self._thread, None
            await asyncio.get_running_loop().run_in_executor(thread, self._let_go)
            thread.shutdown(wait=False)

    def _ends(self, admin: Any) -> Offsets:
        ends = admin.list_partition_offsets(
            dict.fromkeys(self._partitions, OffsetSpec.LATEST), timeout_ms=_ANSWER_MILLISECONDS
        )
        return {(partition.topic, partition.partition): found.offset for partition, found in ends.items()}

    def _committed(self, admin: Any) -> Offsets:
        [committed] = admin.list_group_offsets({self._service: self._partitions}).values()
        return {(partition.topic, partition.partition): found.offset for partition, found in committed.items()}

    async def _ask(self, question: Callable[[Any], T]) -> T:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="kafka-offsets")
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._answer, question)

    def _answer(self, question: Callable[[Any], T]) -> T:
        try:
            if self._admin is None:
                self._admin = KafkaAdminClient(
                    **reached(self._bootstrap),
                    client_id=f"{self._service}-offsets",
                    request_timeout_ms=_ANSWER_MILLISECONDS,
                    bootstrap_timeout_ms=_ANSWER_MILLISECONDS,
                    reconnect_backoff_max_ms=1_000,
                )
            return question(self._admin)
        except kafka.errors.KafkaError as error:
            self._let_go()
            raise Unavailable("kafka") from error

    def _let_go(self) -> None:
        admin, self._admin = self._admin, None
        if admin is not None:
            admin.close()
