"""What a backup says of itself: `manifest.json`, written last, so that a folder without one is no backup."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from bson import json_util
from bson.timestamp import Timestamp

from shared.mongo.verify_archive import SERVICES
from shared.recovery.bson_files import Damaged, digest_of, private_file

DATABASES = sorted([*SERVICES, "identity"])
"""The services that keep something in MongoDB; identity publishes nothing."""
MANIFEST = "manifest.json"
FORMAT = 1


class NoBackup(Exception):
    """The folder holds no backup this program can use; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection: its file, what is in it, and how it is made again."""

    name: str
    file: str
    documents: int
    bytes: int
    sha256: str
    indexes: Sequence[Mapping[str, Any]]
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class KafkaAt:
    """Where Kafka stood just before the snapshot: its cluster, the topics' ends, what each group had acknowledged.

    An offset below zero: the group had acknowledged nothing of the partition.
    """

    cluster_id: str
    ends: Mapping[str, Sequence[int]]
    groups: Mapping[str, Mapping[str, Sequence[int]]]


@dataclass(frozen=True, slots=True)
class Manifest:
    """A backup: all databases as they were at one time of the cluster (`seconds`, `increment`)."""

    taken_at: str
    seconds: int
    increment: int
    prefix: str
    versions: Mapping[str, str]
    databases: Mapping[str, Sequence[Collection]]
    archives: Mapping[str, Mapping[str, Any]]
    files: Mapping[str, str]
    kafka: KafkaAt
    format: int = FORMAT

    @property
    def cluster_time(self) -> Timestamp:
        """The time of the snapshot."""
        return Timestamp(self.seconds, self.increment)

    def write(self, folder: Path) -> None:
        """Write it; indexes as MongoDB's extended JSON."""
        with private_file(folder / MANIFEST) as file:
            file.write(json_util.dumps(asdict(self), indent=1, ensure_ascii=False).encode("utf-8"))

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read a folder's; raises NoBackup."""
        try:
            told = json_util.loads((folder / MANIFEST).read_text("utf-8"))
            if told["format"] != FORMAT:
                raise NoBackup(f"{folder} 是格式 {told['format']} 的备份，本程序只认格式 {FORMAT}。")
            databases = {
                service: [Collection(**each) for each in collections]
                for service, collections in told["databases"].items()
            }
            return cls(**{**told, "databases": databases, "kafka": KafkaAt(**told["kafka"])})
        except FileNotFoundError as error:
            raise NoBackup(f"{folder} 里没有 {MANIFEST}：不是备份，或备份没有做完。") from error
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise NoBackup(f"{folder / MANIFEST} 已损坏：{error!r}") from error

    def check(self, folder: Path, services: Sequence[str]) -> None:
        """See that the files of these services, and those beside the databases, are what was written.

        Raises Damaged with the first that is not.
        """
        wanted = dict(self.files)
        for service in services:
            wanted.update({collection.file: collection.sha256 for collection in self.databases.get(service, ())})
        for name, digest in wanted.items():
            if not (folder / name).is_file():
                raise Damaged(f"备份缺少文件 {name}")
            if digest_of(folder / name) != digest:
                raise Damaged(f"备份文件 {name} 与清单中的校验值不符")
