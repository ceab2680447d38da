"""A consumer that runs for as long as a test needs it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.kafka.consumer import Consumer
from shared.kafka.handling import Handle


@asynccontextmanager
async def running(
    bootstrap: str, handler: Handle, service: str = "scoring", topic: str = "visits.events"
) -> AsyncIterator[Consumer]:
    """A member of the service's group; stopped cleanly at the end."""
    consumer = Consumer(bootstrap, service, [topic], handler)
    stop = asyncio.Event()
    task = asyncio.create_task(consumer.run(stop))
    try:
        yield consumer
    finally:
        stop.set()
        await asyncio.wait_for(task, 30)
