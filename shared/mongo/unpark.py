"""Let the facts that the broker had refused try again: `python -m shared.mongo.unpark [--service visits]`."""

import argparse
import asyncio
import sys
from collections.abc import Sequence

from shared.mongo.client import connect
from shared.mongo.outbox import MongoOutbox
from shared.mongo.verify_archive import SERVICES
from shared.telemetry.settings import PlatformSettings


async def unpark(settings: PlatformSettings, service: str) -> int:
    """Let every parked aggregate of the service try again; returns how many."""
    async with connect(settings.mongodb_url) as client:
        database = client[settings.database(service)]
        return await MongoOutbox(database, await database.list_collection_names()).unpark()


def main(arguments: Sequence[str] | None = None) -> int:
    """Unpark one service's facts, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--service", choices=SERVICES, help="only this service's facts")
    chosen = parser.parse_args(arguments).service
    for service in [chosen] if chosen else SERVICES:
        count = asyncio.run(unpark(PlatformSettings.read(), service))
        print(f"{service}: {count} 个对象的搁置事件将重新发布")  # noqa: T201 - this command's answer
    return 0


if __name__ == "__main__":
    sys.exit(main())
