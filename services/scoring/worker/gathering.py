"""Batches of a Faust stream: the next one is gathered while the one before is written."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

Write = Callable[[Sequence[Any]], Awaitable[None]]
BATCH = 1000
_LINGER_SECONDS = 0.005
"""So long a lonely event waits for company; behind a batch that is written it waits for that anyhow."""


class Gathering:
    """Reads a stream's events and hands them over in batches, one batch at a time.

    Faust's own `take_events` reads nothing further while a batch is written. What is acknowledged is the same: an event
    once its batch is written, never before. Who is cancelled (a rebalance, the end of the process) finishes the batch
    that is being written and leaves what is only gathered to whoever reads it next.
    """

    def __init__(self, stream: Any, write: Write) -> None:
        self._stream = stream
        self._write = write
        self._gathered: list[Any] = []
        self._arrived, self._room = asyncio.Event(), asyncio.Event()
        self._ended = False

    async def run(self) -> None:
        """Read until the stream ends or this is cancelled; raises what writing raised, which should be nothing."""
        self._stream.enable_acks = False
        writing = asyncio.create_task(self._write_batches())
        reading = asyncio.current_task()
        writing.add_done_callback(lambda _: self._ended or reading is None or reading.cancel())
        try:
            async for event in self._stream.events():
                self._gathered.append(event)
                self._arrived.set()
                if len(self._gathered) >= BATCH:
                    self._room.clear()
                    await self._room.wait()
        finally:
            self._ended = True
            self._arrived.set()
            await to_the_end(writing)

    async def _write_batches(self) -> None:
        while True:
            await self._arrived.wait()
            if len(self._gathered) < BATCH and not self._ended:
                await asyncio.sleep(_LINGER_SECONDS)
            if self._ended:
                return
            batch, self._gathered = self._gathered, []
            self._arrived.clear()
            self._room.set()
            await self._write(batch)
            for event in batch:
                await self._stream.ack(event)


async def to_the_end(work: Awaitable[None]) -> None:
    """Wait until the work is done, however often this is cancelled meanwhile; then let the cancellation go on."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled
    task.result()
