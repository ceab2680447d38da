"""The Faust application: one agent over several topics that takes batches and acknowledges only what is durable.

Faust by itself acknowledges what an agent took also when the body was cancelled or raised. So the agent acknowledges
its events itself, batch by batch, once they are written (`gathering`); a cancellation waits until the write is done.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faust
from faust.exceptions import ConsumerNotStarted

from services.scoring.worker.gathering import BATCH, Gathering
from services.scoring.worker.quick_consumer import QuickTransport
from shared.events.codec import Message
from shared.kafka.connection import MECHANISM, Broker
from shared.kafka.rejects import Received

TakeAll = Callable[[Sequence[Received]], Awaitable[None]]
_BUFFERED = 4 * BATCH
_FETCH_BYTES = 8 * 1024 * 1024
_SESSION_SECONDS = 10.0
_COMMIT_SECONDS = 1.0
_POLL_RECORDS = 2 * BATCH


@dataclass(frozen=True, slots=True)
class Told:
    """What the application is made of: where the broker is, the group's name, what is read, where files may lie."""

    bootstrap: str
    group: str
    topics: Sequence[str]
    folder: Path


def build_app(told: Told, take_all: TakeAll) -> Any:
    """A Faust application with its agent; nothing is started, and none of it is kept at module level."""
    broker = Broker.at(told.bootstrap)
    app = faust.App(
        told.group,
        broker=f"kafka://{broker.servers}",
        broker_credentials=_credentials(broker),
        datadir=str(told.folder),
        store="memory://",
        key_serializer="raw",
        value_serializer="raw",
        autodiscover=False,
        web_enabled=False,
        topic_disable_leader=True,
        topic_allow_declare=False,
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=_FETCH_BYTES,
        stream_buffer_maxsize=_BUFFERED,
        broker_session_timeout=_SESSION_SECONDS,
        broker_commit_interval=_COMMIT_SECONDS,
        broker_max_poll_records=_POLL_RECORDS,
    )
    app.transport = QuickTransport(app.conf.broker_consumer, app)
    channel = app.topic(*told.topics, key_type=bytes, value_type=bytes, allow_empty=True)

    async def write(events: Sequence[Any]) -> None:
        await take_all([received(event.message) for event in events])

    async def fold(stream: Any) -> None:
        await Gathering(stream, write).run()

    app.agent(channel, concurrency=1, name="fold")(fold)
    return app


def _credentials(broker: Broker) -> Any:
    trusted = broker.trusted()
    if broker.user is None:
        return faust.SSLCredentials(trusted) if trusted else None
    return faust.SASLCredentials(
        username=broker.user, password=broker.password, mechanism=MECHANISM, ssl_context=trusted
    )


def assigned_to(app: Any) -> frozenset[tuple[str, int]]:
    """The topics' partitions this process reads now; none while Faust still starts or already stops."""
    try:
        return frozenset((place.topic, place.partition) for place in app.consumer.assignment())
    except ConsumerNotStarted:
        return frozenset()


def received(message: Any) -> Received:
    """A record as our plumbing knows it."""
    headers = message.headers or ()
    pairs = headers.items() if hasattr(headers, "items") else headers
    return Received(
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        message=Message(
            message.key, tuple((name, value if value is not None else b"") for name, value in pairs), message.value
        ),
        stamped_at=message.timestamp,
    )
