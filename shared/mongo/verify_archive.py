"""Check the hash chain of every archive: `python -m shared.mongo.verify_archive [--service visits] [--against DIR]`.

Each must reach the head kept beside it; with `--against` also the head a backup's manifest kept. Who may write to the
database can write chain and head anew; a manifest kept elsewhere is what he cannot.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from shared.events.catalogue import FACT_TOPICS
from shared.mongo.archive import ChainHead, MongoArchive
from shared.mongo.client import connect
from shared.telemetry.settings import PlatformSettings

_TIMEOUT_MILLISECONDS = 600_000
SERVICES = sorted({topic.partition(".")[0] for topic in FACT_TOPICS})


async def verify(
    settings: PlatformSettings, services: Sequence[str], witnesses: Mapping[str, ChainHead] | None = None
) -> bool:
    """Print one line a service; True when every chain holds and reaches its witness."""
    holds = True
    async with connect(settings.mongodb_url, timeout_ms=_TIMEOUT_MILLISECONDS) as client:
        for service in services:
            archive = MongoArchive(client[settings.database(service)])
            broken = await archive.broken_link((witnesses or {}).get(service))
            if broken is None:
                print(f"{service}: {await archive.count()} 条，链完整")  # noqa: T201 - this command's answer
            else:
                holds = False
                print(f"{service}: 第 {broken.sequence} 条起不可信：{broken.reason}")  # noqa: T201
    return holds


def witnesses_in(backup: Path) -> dict[str, ChainHead]:
    """The heads of the archives as a backup's manifest keeps them."""
    archives = json.loads((backup / "manifest.json").read_text("utf-8"))["archives"]
    return {service: ChainHead(head["sequence"], head["hash"]) for service, head in archives.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify; the exit code is 1 when a chain is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--service", choices=SERVICES, help="only this service's archive")
    parser.add_argument("--against", type=Path, metavar="DIR", help="the chains must hold what this backup saw")
    chosen = parser.parse_args(arguments)
    services = [chosen.service] if chosen.service else SERVICES
    witnesses = witnesses_in(chosen.against) if chosen.against else None
    holds = asyncio.run(verify(PlatformSettings.read(), services, witnesses))
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
