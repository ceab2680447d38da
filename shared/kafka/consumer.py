"""The consumer: a kafka-python client in a thread, the handler on the loop, offsets acknowledged after effects."""

import asyncio
import concurrent.futures
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

import kafka.errors
from kafka import KafkaConsumer, OffsetAndMetadata

from shared.events.codec import Message
from shared.kafka.connection import reached
from shared.kafka.handling import Handle, Handling, end_process
from shared.kafka.offsets import EndOffsets
from shared.kafka.producer import DEAD_LETTER_BYTES, KafkaPublisher, Publisher
from shared.kafka.rejects import Received, RejectLimit
from shared.telemetry import metrics
from shared.telemetry.logs import logger

log = logger(__name__)

Batch = Mapping[Any, Sequence[Any]]

_POLL_MILLISECONDS = 500
_RECORDS_AT_ONCE = 500
_PATIENCE_SECONDS = 1.0
"""How long a batch may take before its partitions are paused and polling goes on (the group's limit is 300 s)."""
_MEASURE_SECONDS = 5.0
_ANSWER_MILLISECONDS = 3_000
_STUCK_SECONDS = 60.0
_SESSION_MILLISECONDS = 10_000
"""After `kill -9` the group waits this long for the dead member; heartbeats come from a thread of their own."""
_STOP_SECONDS = 5.0
_DEFAULT_LANES = 8


class Consumer:
    """Reads topics for one service (its name is the group's id); a part of the worker.

    Of one partition facts are handled one after the other; up to `lanes` partitions at the same time. An offset is
    acknowledged after the effect of everything before it is durable; after a crash some facts come again.
    """

    name = "consumer"

    def __init__(
        self,
        bootstrap: str,
        service: str,
        topics: Sequence[str],
        handle: Handle,
        *,
        lanes: int = _DEFAULT_LANES,
        limit: RejectLimit | None = None,
        dead_letters: Publisher | None = None,
        end: Callable[[int], NoReturn] = end_process,
    ) -> None:
        self._bootstrap = bootstrap
        self._service = service
        self._topics = list(topics)
        self._dead_letters = dead_letters or KafkaPublisher(
            bootstrap, f"{service}-dead-letters", max_request_bytes=DEAD_LETTER_BYTES
        )
        self._handling = Handling(service, handle, self._dead_letters, limit=limit, end=end)
        self._ends = EndOffsets(bootstrap, service, topics)
        self._lanes = asyncio.Semaphore(lanes)
        self._stopping = threading.Event()
        self._handled: dict[Any, int] = {}
        self._acknowledged: dict[Any, int] = {}
        self._assigned = False
        self._broker_away = False
        self._lag = 0
        self._polled_at = self._progressed_at = self._measured_at = time.monotonic()

    async def missing(self) -> str | None:
        """What keeps facts from being handled."""
        now = time.monotonic()
        if self._handling.waits_for is not None:
            return self._handling.waits_for
        if self._broker_away:
            return "kafka"
        if not self._assigned:
            return "no partitions assigned yet"
        if now - self._polled_at > _STUCK_SECONDS or (self._lag > 0 and now - self._progressed_at > _STUCK_SECONDS):
            return f"stuck: {self._lag} messages behind and no progress"
        return None

    async def unsettled(self) -> str | None:
        """Whether the group still has to handle what the topics hold now."""
        reached = await self._ends.reached(await self._ends.take())
        return None if reached else "messages to handle"

    async def run(self, stop: asyncio.Event) -> None:
        """Read until told to stop; what is begun is finished or left unacknowledged."""
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[None] = loop.create_future()

        def work() -> None:
            try:
                self._read(loop)
            except BaseException as error:  # noqa: BLE001 - it is raised again where the part is awaited
                loop.call_soon_threadsafe(_settle, ended, error)
            else:
                loop.call_soon_threadsafe(_settle, ended, None)

        thread = threading.Thread(target=work, name=f"{self._service}-consumer", daemon=True)
        thread.start()
        stopped = asyncio.create_task(stop.wait())
        try:
            either: set[asyncio.Future[Any]] = {stopped, ended}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            self._stopping.set()
            await ended
        finally:
            self._stopping.set()
            stopped.cancel()
            await self._dead_letters.close()
            await self._ends.close()

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        consumer = self._connect()
        if consumer is None:
            return
        try:
            while not self._stopping.is_set():
                batch = self._poll(consumer, _POLL_MILLISECONDS)
                while batch and not self._stopping.is_set():
                    batch = self._work(consumer, batch, loop)
                self._acknowledge(consumer)
                self._measure(consumer)
        finally:
            consumer.close(autocommit=False, timeout_ms=_ANSWER_MILLISECONDS)

    def _connect(self) -> Any:
        """A member of the group, as soon as the broker is there; None when stopped before."""
        while not self._stopping.is_set():
            try:
                consumer = KafkaConsumer(
                    **reached(self._bootstrap),
                    client_id=f"{self._service}-consumer",
                    group_id=self._service,
                    auto_offset_reset="earliest",
                    enable_auto_commit=False,
                    session_timeout_ms=_SESSION_MILLISECONDS,
                    bootstrap_timeout_ms=_ANSWER_MILLISECONDS,
                    reconnect_backoff_max_ms=1_000,
                    allow_auto_create_topics=False,
                    metrics_enabled=False,
                )
            except kafka.errors.KafkaError as error:
                self._broker_away = True
                log.warning("the broker does not answer", error=str(error))
                self._stopping.wait(1.0)
            else:
                consumer.subscribe(self._topics)
                self._broker_away = False
                return consumer
        return None

    def _poll(self, consumer: Any, milliseconds: int) -> Batch:
        try:
            batch: Batch = consumer.poll(timeout_ms=milliseconds, max_records=_RECORDS_AT_ONCE)
        except kafka.errors.KafkaError as error:
            if not error.retriable:
                raise
            self._broker_away = True
            log.warning("the broker does not answer", error=str(error))
            self._stopping.wait(1.0)
            batch = {}
        self._polled_at = time.monotonic()
        self._assigned = bool(consumer.assignment())
        return batch

    def _work(self, consumer: Any, batch: Batch, loop: asyncio.AbstractEventLoop) -> Batch:
        """Have the batch handled on the loop; returns what a change of partitions brought in meanwhile."""
        came_meanwhile: dict[Any, Sequence[Any]] = {}
        for partition, records in batch.items():
            self._handled[partition] = records[0].offset
        handling = asyncio.run_coroutine_threadsafe(self._handle_batch(batch), loop)
        deadline: float | None = None
        while not _done(handling, _PATIENCE_SECONDS):
            if self._stopping.is_set():
                deadline = deadline or time.monotonic() + _STOP_SECONDS
                if time.monotonic() > deadline:
                    handling.cancel()
                    _done(handling, _PATIENCE_SECONDS)
                    break
            consumer.pause(*consumer.assignment())
            came_meanwhile.update(self._poll(consumer, 0))
            self._measure(consumer)
        else:
            handling.result()
        self._acknowledge(consumer)
        mine = consumer.assignment()
        consumer.resume(*mine)
        return {partition: records for partition, records in came_meanwhile.items() if partition in mine}

    async def _handle_batch(self, batch: Batch) -> None:
        await asyncio.gather(*(self._handle_lane(partition, records) for partition, records in batch.items()))

    async def _handle_lane(self, partition: Any, records: Sequence[Any]) -> None:
        async with self._lanes:
            for record in records:
                await self._handling.take(_received(record))
                self._handled[partition] = record.offset + 1
                self._progressed_at = time.monotonic()

    def _acknowledge(self, consumer: Any) -> None:
        """Commit what is handled and not yet committed; what cannot be committed now comes again or is tried again."""
        mine = consumer.assignment()
        news = {
            partition: OffsetAndMetadata(offset, "", -1)
            for partition, offset in self._handled.items()
            if partition in mine and self._acknowledged.get(partition) != offset
        }
        for partition in [partition for partition in self._handled if partition not in mine]:
            del self._handled[partition]
            self._acknowledged.pop(partition, None)
        if not news:
            return
        try:
            consumer.commit(news, timeout_ms=_ANSWER_MILLISECONDS)
        except kafka.errors.KafkaError as error:
            log.info("offsets could not be committed", error=str(error))
        else:
            self._acknowledged.update({partition: news[partition].offset for partition in news})

    def _measure(self, consumer: Any) -> None:
        """How far behind this consumer is; asks the broker, so it also notices that the broker is away."""
        now = time.monotonic()
        if now - self._measured_at < _MEASURE_SECONDS or not consumer.assignment():
            return
        self._measured_at = now
        lags: dict[str, int] = defaultdict(int)
        try:
            ends = consumer.end_offsets(list(consumer.assignment()), timeout_ms=_ANSWER_MILLISECONDS)
            for partition, end in ends.items():
                at = self._handled.get(partition)
                if at is None:
                    at = consumer.position(partition, timeout_ms=_ANSWER_MILLISECONDS)
                lags[partition.topic] += max(0, end - (at or 0))
        except kafka.errors.KafkaError as error:
            self._broker_away = True
            log.warning("the broker does not answer", error=str(error))
            return
        self._broker_away = False
        self._lag = sum(lags.values())
        if self._lag == 0:
            self._progressed_at = now
        for topic in self._topics:
            metrics.CONSUMER_LAG.labels(topic).set(lags.get(topic, 0))


def _received(record: Any) -> Received:
    headers = tuple((name, value if value is not None else b"") for name, value in record.headers or ())
    message = Message(record.key, headers, record.value)
    return Received(record.topic, record.partition, record.offset, message, record.timestamp / 1000)


def _done(handling: concurrent.futures.Future[None], seconds: float) -> bool:
    concurrent.futures.wait([handling], timeout=seconds)
    return handling.done()


def _settle(future: asyncio.Future[None], error: BaseException | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(None)
    else:
        future.set_exception(error)
