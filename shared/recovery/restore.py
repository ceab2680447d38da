"""Restore a backup: `python -m shared.recovery.restore --from DIR [--service visits] [--replace] [--until INSTANT]`.

With the services stopped: checks every file, loads the databases and their indexes, plays back what the backup's
journal holds, sees that each archive's chain is whole, and has the consumers read on from where they stood before the
snapshot (facts are folded again, which changes nothing twice). What Kafka holds beyond that goes back into the archive
and is listed in the backup's folder. The exit code is 2 when something is listed: it has to be entered again.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from shared.events.base import Event, Fact
from shared.events.catalogue import PARTITIONS
from shared.kafka.topics import create_topics
from shared.kernel.clock import wall_now
from shared.kernel.errors import Unavailable
from shared.mongo.archive import ChainHead, MongoArchive
from shared.mongo.client import Client, connect
from shared.recovery.backup import TIMEOUT_MILLISECONDS
from shared.recovery.beyond import take_back, write_report
from shared.recovery.bson_files import Damaged
from shared.recovery.load import (
    NotRestored,
    load,
    put_files_back,
    refuse_what_is_at_work,
    refuse_what_is_there,
)
from shared.recovery.manifest import DATABASES, Manifest, NoBackup
from shared.recovery.places import StillReading, kafka_at, put_back, refuse_readers, topics_of, topics_read_by
from shared.recovery.playback import Played, Player, changes_in
from shared.telemetry.settings import PlatformSettings

_LOST = 2


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be restored from where: these services, up to an instant of the journal, over what is there or not."""

    folder: Path
    services: Sequence[str]
    replace: bool = False
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of it; `beyond` are the facts only Kafka holds, `same_kafka` whether it is the backup's own Kafka."""

    documents: int
    played: Played
    beyond: Sequence[Fact[Event]]
    same_kafka: bool


async def restore(settings: PlatformSettings, wanted: Wanted) -> Restored:
    """Restore.

    Raises NoBackup, Damaged, NotRestored or StillReading before anything is touched; Damaged as well for a journal that
    is spoiled further on or a chain that does not hold (the databases are loaded by then: use an earlier `until`).
    """
    manifest = Manifest.read(wanted.folder)
    services = [service for service in wanted.services if service in manifest.databases]
    await asyncio.to_thread(manifest.check, wanted.folder, services)
    await asyncio.to_thread(create_topics, settings.kafka_bootstrap)
    groups = [service for service in services if topics_read_by(service)]
    await asyncio.to_thread(refuse_readers, settings.kafka_bootstrap, groups)
    names = {service: settings.database(service) for service in services}
    async with connect(settings.mongodb_url, timeout_ms=TIMEOUT_MILLISECONDS) as client:
        await refuse_what_is_at_work(client, [*names.values()])
        if not wanted.replace:
            await refuse_what_is_there(client, [*names.values()])
        documents = 0
        for service, name in names.items():
            documents += await load(client[name], wanted.folder, manifest.databases[service])
        player = Player(client, {f"{manifest.prefix}{service}": name for service, name in names.items()})
        played = await player.play(changes_in(wanted.folder, wanted.until))
        await _check_chains(client, settings, manifest, services)
        await asyncio.to_thread(put_files_back, manifest, wanted.folder, settings.data_dir)
        now = await asyncio.to_thread(kafka_at, settings.kafka_bootstrap)
        same = now.cluster_id == manifest.kafka.cluster_id
        for group in groups:
            beginning = {topic: [0] * PARTITIONS for topic in topics_read_by(group)}
            places = manifest.kafka.groups[group] if same else beginning
            await asyncio.to_thread(put_back, settings.kafka_bootstrap, group, places)
        beyond: list[Fact[Event]] = []
        for service in services if same else ():
            since = {topic: manifest.kafka.ends[topic] for topic in topics_of(service)}
            beyond += await take_back(settings.kafka_bootstrap, client[names[service]], since)
    return Restored(documents, played, beyond, same)


async def _check_chains(
    client: Client, settings: PlatformSettings, manifest: Manifest, services: Sequence[str]
) -> None:
    for service in services:
        told = manifest.archives.get(service)
        witness = None if told is None else ChainHead(told["sequence"], told["hash"])
        broken = await MongoArchive(client[settings.database(service)]).broken_link(witness)
        if broken is not None:
            raise Damaged(f"{service} 的存档第 {broken.sequence} 条起不可信：{broken.reason}")


def _tell(restored: Restored, wanted: Wanted) -> int:
    """Print what came of it; returns the exit code."""
    say = print
    say(f"已恢复 {restored.documents} 条记录，重放 {restored.played.changes} 条写入，存档链完整。")
    for database, what in restored.played.ended.items():
        say(f"{database} 的记录到 {what} 被删除为止。")
    if not restored.same_kafka:
        say("Kafka 不是备份时的那一个：主题为空时请 make refill-topic 写回全部事件。")
    if not restored.beyond:
        say("已发布的事件没有缺少的。各服务启动后从备份时的位置继续读取。")
        return 0
    report = wanted.folder / f"beyond-{wall_now():%Y%m%dT%H%M%S}.jsonl"
    write_report(report, restored.beyond)
    say(f"Kafka 上另有 {len(restored.beyond)} 条事件，恢复的数据库里没有：已补进存档，原事须重新录入，清单见 {report}")
    return _LOST


def main(arguments: Sequence[str] | None = None) -> int:
    """Restore all, or the services chosen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="folder", type=Path, required=True, metavar="DIR", help="the backup")
    parser.add_argument("--service", choices=DATABASES, action="append", help="only this service (may be repeated)")
    parser.add_argument("--replace", action="store_true", help="throw away what the databases hold now")
    parser.add_argument(
        "--until", type=datetime.fromisoformat, metavar="INSTANT", help="play back up to here: 2026-03-02T09:00+08:00"
    )
    chosen = parser.parse_args(arguments)
    if chosen.until is not None and chosen.until.tzinfo is None:
        parser.error("--until needs its zone, for example +08:00")
    wanted = Wanted(chosen.folder, chosen.service or DATABASES, chosen.replace, chosen.until)
    try:
        restored = asyncio.run(restore(PlatformSettings.read(), wanted))
    except (NoBackup, Damaged, NotRestored, StillReading, Unavailable) as error:
        sys.exit(str(error))
    return _tell(restored, wanted)


if __name__ == "__main__":
    sys.exit(main())
