"""What the Faust stand-ins have in common: an application as the scoring worker's, without what makes it durable."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import faust
import uvloop
from faust.types import EventT

from services.scoring.settings import TOPICS
from shared.events.codec import Message

_BUFFERED = 4000
_FETCH_BYTES = 8 * 1024 * 1024


def application(bootstrap: str, group: str, folder: str, *, declares: bool = False) -> Any:
    """A Faust application that reads what scoring reads, with the same sizes and commits; the store is memory."""
    own = Path(folder) / group
    own.mkdir(parents=True, exist_ok=True)
    return faust.App(
        group,
        broker=f"kafka://{bootstrap}",
        datadir=str(own),
        store="memory://",
        autodiscover=False,
        web_enabled=False,
        topic_disable_leader=True,
        topic_allow_declare=declares,
        topic_partitions=8,
        topic_replication_factor=1,
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=_FETCH_BYTES,
        stream_buffer_maxsize=_BUFFERED,
        broker_commit_interval=1.0,
        broker_max_poll_records=2000,
    )


def facts_of(app: Any) -> Any:
    """The topics of facts."""
    return app.topic(
        *TOPICS, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw", allow_empty=True
    )


def message_of(event: EventT[bytes]) -> Message:
    """The record as our codec reads it."""
    headers: Any = event.message.headers or ()
    pairs = headers.items() if hasattr(headers, "items") else headers
    return Message(event.message.key, tuple((name, value or b"") for name, value in pairs), event.message.value)


def run(build: Callable[[str, str, str], Any]) -> None:
    """Run what is built for the broker, group and folder on the command line, until somebody ends the process."""

    async def serve() -> None:
        await build(*sys.argv[1:]).start()
        await asyncio.Event().wait()

    # The loop the scoring worker runs on.
    uvloop.run(serve())
