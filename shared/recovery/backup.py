"""Back everything up while it runs: `python -m shared.recovery.backup --to DIR [--follow | --catch-up]`.

All databases are read as they were at one time of the cluster, beside them the signing keys and where Kafka stood.
`--follow` then copies, until it is told to stop, what is written from that time on; `--catch-up` does so once. Either
goes on with a backup that is there. A folder without `manifest.json` is no backup: it was not finished.
"""

import argparse
import asyncio
import contextlib
import os
import shutil
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from shared.kernel.clock import wall_now
from shared.kernel.errors import Unavailable
from shared.mongo.client import Client, connect
from shared.recovery.bson_files import Damaged, digest_of, private_file
from shared.recovery.journal import Journal, JournalGap
from shared.recovery.manifest import DATABASES, MANIFEST, Manifest, NoBackup
from shared.recovery.places import kafka_at
from shared.recovery.snapshot import Snapshot, SnapshotGone, take_snapshot
from shared.telemetry.settings import PlatformSettings

TIMEOUT_MILLISECONDS = 600_000
KEYS = "keys"
_CLOCK = "clock"
_ATTEMPTS = 3
_FOLLOW_SECONDS = 0.5


async def back_up(settings: PlatformSettings, folder: Path) -> Manifest:
    """Write a backup into a folder that is new or empty.

    Raises NoBackup when it is not, SnapshotGone, Unavailable.
    """
    await asyncio.to_thread(_make_folder, folder)
    # Kafka is asked first: what a group had acknowledged by then is in the snapshot for sure, and nothing is skipped.
    kafka = await asyncio.to_thread(kafka_at, settings.kafka_bootstrap)
    async with connect(settings.mongodb_url, timeout_ms=TIMEOUT_MILLISECONDS) as client:
        snapshot = await _snapshot(client, settings, folder)
        version = str((await client.server_info())["version"])
    manifest = Manifest(
        taken_at=wall_now().isoformat(),
        seconds=snapshot.at.time,
        increment=snapshot.at.inc,
        prefix=settings.mongodb_prefix,
        versions={"mongodb": version},
        databases=snapshot.databases,
        archives=snapshot.archives,
        files=await asyncio.to_thread(_copy_files, settings.data_dir, folder),
        kafka=kafka,
    )
    manifest.write(folder)
    return manifest


def _make_folder(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise NoBackup(f"{folder} 不是空文件夹：请另选一个。")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


async def _snapshot(client: Client, settings: PlatformSettings, folder: Path) -> Snapshot:
    names = {service: settings.database(service) for service in DATABASES}
    for attempt in range(_ATTEMPTS):
        for service in DATABASES:
            (folder / service).mkdir(mode=0o700)
        try:
            return await take_snapshot(client, names, folder)
        except SnapshotGone:
            if attempt == _ATTEMPTS - 1:
                raise
            for service in DATABASES:
                shutil.rmtree(folder / service)
    raise AssertionError


def _copy_files(data_dir: Path, folder: Path) -> dict[str, str]:
    """The signing keys and, where time is steered, the clock; by name their digests."""
    (folder / KEYS).mkdir(mode=0o700)
    digests = {}
    for name in [*(f"{KEYS}/{path.name}" for path in sorted((data_dir / KEYS).glob("*.pem"))), _CLOCK]:
        if (data_dir / name).is_file():
            with private_file(folder / name) as file:
                file.write((data_dir / name).read_bytes())
                file.flush()
                os.fsync(file.fileno())
            digests[name] = digest_of(folder / name)
    return digests


async def follow(settings: PlatformSettings, folder: Path, stop: asyncio.Event | None = None) -> int:
    """Go on with a backup's journal, until told to stop or, without `stop`, up to now; returns how much was copied.

    Raises NoBackup, Damaged, JournalGap; Unavailable only without `stop`: with it the store is waited for.
    """
    manifest = Manifest.read(folder)
    if manifest.prefix != settings.mongodb_prefix:
        raise NoBackup(f"{folder} 备份的是前缀 {manifest.prefix} 的数据库。")
    journal = Journal(folder, manifest.prefix, DATABASES, manifest.cluster_time)
    copied = 0
    async with connect(settings.mongodb_url, timeout_ms=TIMEOUT_MILLISECONDS) as client:
        try:
            if stop is None:
                return await journal.catch_up(client)
            while not stop.is_set():
                with contextlib.suppress(Unavailable):
                    copied += await journal.catch_up(client)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), _FOLLOW_SECONDS)
            with contextlib.suppress(Unavailable):
                copied += await journal.catch_up(client)
            return copied
        finally:
            journal.close()


async def _run(settings: PlatformSettings, folder: Path, *, following: bool, catching_up: bool) -> None:
    if not (folder / MANIFEST).is_file() or not (following or catching_up):
        manifest = await back_up(settings, folder)
        documents = sum(each.documents for collections in manifest.databases.values() for each in collections)
        size = sum(each.bytes for collections in manifest.databases.values() for each in collections)
        print(f"已备份到 {folder}：{documents} 条记录，{size / 1e6:.1f} MB，时刻 {manifest.taken_at}", flush=True)  # noqa: T201
    if following:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        print("持续记录之后的写入，按 Ctrl-C 结束。", flush=True)  # noqa: T201 - this command's answer
        print(f"已记录 {await follow(settings, folder, stop)} 条写入。")  # noqa: T201
    elif catching_up:
        print(f"已补记 {await follow(settings, folder)} 条写入。")  # noqa: T201


def main(arguments: Sequence[str] | None = None) -> int:
    """Back up, follow, or both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, required=True, metavar="DIR", help="a new or empty folder, or a backup")
    more = parser.add_mutually_exclusive_group()
    more.add_argument("--follow", action="store_true", help="then copy what is written, until told to stop")
    more.add_argument("--catch-up", action="store_true", help="copy what was written since, once")
    chosen = parser.parse_args(arguments)
    try:
        asyncio.run(_run(PlatformSettings.read(), chosen.to, following=chosen.follow, catching_up=chosen.catch_up))
    except (NoBackup, SnapshotGone, JournalGap, Damaged, Unavailable) as error:
        sys.exit(str(error))
    return 0


if __name__ == "__main__":
    sys.exit(main())
