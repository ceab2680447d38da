"""A relay in a process of its own that is killed after the broker has the facts and before they are marked."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence

from shared.events.base import Event, Fact
from shared.kafka.relay import Relay
from shared.mongo.archive import MongoArchive
from shared.mongo.client import connect
from shared.mongo.lease import MongoLease
from shared.mongo.outbox import MongoOutbox


class LastArchive(MongoArchive):
    """Writes half of what it is given, then the process is gone."""

    async def append(self, facts: Sequence[Fact[Event]]) -> None:
        """Half a batch is archived, nothing is marked."""
        await super().append(facts[: len(facts) // 2])
        os.kill(os.getpid(), signal.SIGKILL)


async def main(url: str, name: str, bootstrap: str) -> None:
    """Relay until killed."""
    async with connect(url) as client:
        database = client[name]
        relay = Relay(
            MongoOutbox(database, ["things"]),
            LastArchive(database),
            MongoLease(database, "relay", seconds=1),
            bootstrap,
            "visits",
        )
        await relay.run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
