"""Sending messages and knowing what became of each one; the blocking client lives in a thread of its own."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import kafka.errors
from kafka import KafkaProducer

from shared.events.codec import Message
from shared.kafka.connection import reached
from shared.kernel.errors import Unavailable
from shared.telemetry.logs import logger

log = logger(__name__)

_MIB = 1024 * 1024
FACT_BYTES = 6 * _MIB
DEAD_LETTER_BYTES = 8 * _MIB
_BATCH_BYTES = _MIB // 4
_REQUEST_MILLISECONDS = 8_000
# Above the request's own time-out, below the ten seconds a worker is given to stop.
_DELIVERY_MILLISECONDS = 9_000
_METADATA_MILLISECONDS = 4_000
_CLOSE_SECONDS = 1.0
_WAIT_SECONDS = 15.0

_REFUSALS = (
    kafka.errors.MessageSizeTooLargeError,
    kafka.errors.RecordListTooLargeError,
    kafka.errors.InvalidRecordError,
    kafka.errors.InvalidTimestampError,
    kafka.errors.UnsupportedForMessageFormatError,
    kafka.errors.PolicyViolationError,
)
"""What the broker says of a message that will never be right; everything else may pass."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message and the topic it goes to."""

    topic: str
    message: Message


@dataclass(frozen=True, slots=True)
class Refusal:
    """The broker will never take this message as it is."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unsent:
    """The broker did not confirm this message; it may have arrived all the same."""

    reason: str


Outcome = Refusal | Unsent | None
"""What became of a message; None: acknowledged by all replicas."""


class Publisher(Protocol):
    """Where messages are handed over; the relay and the dead letters know no more of Kafka than this."""

    async def publish(self, batch: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Send all and wait until the fate of each is known, in the order given."""
        ...

    async def close(self) -> None:
        """Let go of the connection."""
        ...


class KafkaPublisher:
    """An idempotent producer that waits for all replicas and is built anew after it gave up."""

    def __init__(self, bootstrap: str, client_id: str, *, max_request_bytes: int = FACT_BYTES) -> None:
        self._bootstrap = bootstrap
        self._client_id = client_id
        self._max_request_bytes = max_request_bytes
        self._producer: Any = None
        self._thread: ThreadPoolExecutor | None = None

    async def publish(self, batch: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Send all and wait until the fate of each is known, in the order given.

        Whoever has two messages whose order matters sends the second after the first is acknowledged. Raises
        Unavailable("kafka") when the broker cannot be reached at all.
        """
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="kafka-producer")
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._publish, batch)

    async def close(self) -> None:
        """Let go of the connection."""
        if self._thread is not None:
            thread, self._thread = self._thread, None
            await asyncio.get_running_loop().run_in_executor(thread, self._give_up)
            thread.shutdown(wait=False)

    def _publish(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        outcomes = self._send(batch)
        refused = [place for place, outcome in enumerate(outcomes) if isinstance(outcome, Refusal)]
        if len(batch) > 1:
            # The broker refuses a whole batch for one bad record: who is really refused shows only alone.
            for place in refused:
                [outcomes[place]] = self._send([batch[place]])
        return outcomes

    def _send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        producer = self._connected()
        sendings: list[Any] = []
        blocked: dict[str, Unsent] = {}
        for outgoing in batch:
            # A topic that is not there costs the whole wait for metadata: once, not for each of its messages.
            sending = blocked.get(outgoing.topic) or _begin(producer, outgoing)
            if isinstance(sending, Unsent):
                blocked[outgoing.topic] = sending
            sendings.append(sending)
        outcomes = [_fate(sending) for sending in sendings]
        if any(outcome is not None for outcome in outcomes):
            # After a failure the producer's sequence is in doubt; a fresh one knows where it stands.
            self._give_up()
        return outcomes

    def _connected(self) -> Any:
        if self._producer is None:
            try:
                self._producer = KafkaProducer(
                    **reached(self._bootstrap),
                    client_id=self._client_id,
                    acks="all",
                    enable_idempotence=True,
                    max_request_size=self._max_request_bytes,
                    batch_size=_BATCH_BYTES,
                    request_timeout_ms=_REQUEST_MILLISECONDS,
                    delivery_timeout_ms=_DELIVERY_MILLISECONDS,
                    max_block_ms=_METADATA_MILLISECONDS,
                    bootstrap_timeout_ms=_METADATA_MILLISECONDS,
                    reconnect_backoff_max_ms=1_000,
                    allow_auto_create_topics=False,
                    metrics_enabled=False,
                )
            except kafka.errors.KafkaError as error:
                raise Unavailable("kafka") from error
        return self._producer

    def _give_up(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            try:
                producer.close(timeout=_CLOSE_SECONDS)
            except kafka.errors.KafkaError as error:
                log.info("the producer did not close cleanly", error=str(error))


def _begin(producer: Any, outgoing: Outgoing) -> Any:
    """The future of one message, or at once what became of it."""
    message = outgoing.message
    try:
        return producer.send(
            outgoing.topic, value=message.value, key=message.key, headers=[(k, v) for k, v in message.headers]
        )
    except (*_REFUSALS, TypeError, ValueError) as error:
        return Refusal(_told(error))
    except kafka.errors.KafkaError as error:
        return Unsent(_told(error))


def _fate(sending: Any) -> Outcome:
    if isinstance(sending, Refusal | Unsent):
        return sending
    try:
        sending.get(timeout=_WAIT_SECONDS)
    except _REFUSALS as error:
        return Refusal(_told(error))
    except kafka.errors.KafkaError as error:
        return Unsent(_told(error))
    return None


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
