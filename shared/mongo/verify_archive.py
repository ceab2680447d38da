"""Check the hash chain of every archive: `python -m shared.mongo.verify_archive [--service visits]`."""

import argparse
import asyncio
import sys
from collections.abc import Sequence

from shared.events.catalogue import FACT_TOPICS
from shared.mongo.archive import MongoArchive
from shared.mongo.client import connect
from shared.telemetry.settings import PlatformSettings

_TIMEOUT_MILLISECONDS = 600_000
SERVICES = sorted({topic.partition(".")[0] for topic in FACT_TOPICS})


async def verify(settings: PlatformSettings, services: Sequence[str]) -> bool:
    """Print one line a service; True when every chain holds."""
    holds = True
    async with connect(settings.mongodb_url, timeout_ms=_TIMEOUT_MILLISECONDS) as client:
        for service in services:
            archive = MongoArchive(client[settings.database(service)])
            broken = await archive.broken_link()
            if broken is None:
                print(f"{service}: {await archive.count()} 条，链完整")  # noqa: T201 - this command's answer
            else:
                holds = False
                print(f"{service}: 第 {broken.sequence} 条起不可信：{broken.reason}")  # noqa: T201
    return holds


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify; the exit code is 1 when a chain is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--service", choices=SERVICES, help="only this service's archive")
    chosen = parser.parse_args(arguments).service
    holds = asyncio.run(verify(PlatformSettings.read(), [chosen] if chosen else SERVICES))
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
