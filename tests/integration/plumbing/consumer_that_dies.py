"""A consumer in a process of its own that writes down what it handled; somebody kills it."""

import asyncio
import sys

from shared.events.base import Event, Fact
from shared.kafka.consumer import Consumer
from shared.mongo.client import connect


async def main(url: str, name: str, bootstrap: str) -> None:
    """Handle one fact every few milliseconds until killed."""
    async with connect(url) as client:
        effects = client[name]["effects"]

        async def handle(fact: Fact[Event]) -> None:
            await effects.update_one(
                {"_id": fact.id}, {"$inc": {"times": 1}, "$setOnInsert": {"subject": fact.subject}}, upsert=True
            )

        await Consumer(bootstrap, "scoring", ["visits.events"], handle).run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
