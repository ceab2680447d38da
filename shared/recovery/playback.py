"""Playing a journal back: what was written after a snapshot, into the databases that were restored from it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import bson
from bson.timestamp import Timestamp
from pymongo.errors import PyMongoError

from shared.mongo.client import Client, Document
from shared.mongo.errors import store_errors
from shared.recovery.bson_files import Damaged, sealed_in
from shared.recovery.journal import JOURNAL, MARK

_THROWS_AWAY = ("drop", "dropDatabase", "renameCollection")
"""No service does so: after one of these the journal holds the damage, not the work."""
_GONE, _THERE = 27, 48
"""IndexNotFound, NamespaceExists."""
_OPERATIONS_AT_ONCE = 200
_BYTES_AT_ONCE = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Change:
    """One write to one collection, in order; `drops` names a collection or database that was thrown away."""

    at: Timestamp
    wall: datetime | None
    operation: Document
    database: str
    drops: str | None = None

    @classmethod
    def of(cls, line: Mapping[str, Any], operation: Mapping[str, Any]) -> Self:
        """One operation of a line."""
        wanted = {name: operation[name] for name in ("op", "ns", "o", "o2") if name in operation}
        command = operation["o"] if operation["op"] == "c" else {}
        drops = next((_said(name, command) for name in _THROWS_AWAY if name in command), None)
        return cls(line["ts"], line.get("wall"), wanted, str(operation["ns"]).partition(".")[0], drops)


def _said(name: str, command: Mapping[str, Any]) -> str:
    return name if name == "dropDatabase" else f"{name} {command[name]}"


def changes_in(folder: Path, until: datetime | None = None) -> Iterator[Change]:
    """The changes of a backup's journal, up to an instant; nothing without a journal. Raises Damaged."""
    path = folder / JOURNAL
    if not path.is_file():
        return
    for _, line in sealed_in(path):
        if line["op"] == MARK:
            continue
        if until is not None and line["wall"] > until:
            return
        if line["op"] == "c" and "applyOps" in line["o"]:
            if line["o"].get("partialTxn") or line["o"].get("prepare"):
                raise Damaged(f"{path}: a transaction over several entries ({line['ts']})")
            yield from (Change.of(line, operation) for operation in line["o"]["applyOps"])
        else:
            yield Change.of(line, line)


@dataclass(frozen=True, slots=True)
class Played:
    """What was played back: how many changes, up to when, and where it ended early because something was dropped."""

    changes: int
    reached: datetime | None
    ended: Mapping[str, str]


class Player:
    """Plays changes into the databases of services, each up to the first thing that was dropped there."""

    def __init__(self, client: Client, names: Mapping[str, str]) -> None:
        """`names`: by the database of the backup, the one that is restored."""
        self._client = client
        self._names = names
        self._waiting: list[Document] = []
        self._bytes = 0
        self._played = 0
        self._reached: datetime | None = None
        self._ended: dict[str, str] = {}

    async def play(self, changes: Iterable[Change]) -> Played:
        """Play them all; raises Unavailable, RuntimeError when the store does not take one."""
        for change in changes:
            await self._take(change)
        await self._apply()
        return Played(self._played, self._reached, self._ended)

    async def _take(self, change: Change) -> None:
        name = self._names.get(change.database)
        if name is None or change.database in self._ended:
            return
        if change.drops is not None:
            self._ended[change.database] = f"{change.drops} @ {change.wall.isoformat() if change.wall else change.at}"
            return
        if change.operation["op"] in {"i", "u", "d"}:
            collection = str(change.operation["ns"]).partition(".")[2]
            self._waiting.append({**change.operation, "ns": f"{name}.{collection}"})
            self._bytes += len(bson.encode(change.operation))
        elif change.operation["op"] == "c":
            await self._apply()
            await self._command(name, change.operation["o"])
        self._reached = change.wall
        if len(self._waiting) >= _OPERATIONS_AT_ONCE or self._bytes >= _BYTES_AT_ONCE:
            await self._apply()

    async def _apply(self) -> None:
        operations, self._waiting, self._bytes = self._waiting, [], 0
        if not operations:
            return
        with store_errors():
            answer = await self._client.admin.command({"applyOps": operations})
        if not all(answer["results"]):
            raise RuntimeError(f"the store does not take {answer}")
        self._played += len(operations)

    async def _command(self, name: str, command: Mapping[str, Any]) -> None:
        """Collections and indexes; what else there is (the beginning of an index) changes nothing."""
        database = self._client[name]
        try:
            with store_errors():
                if "create" in command:
                    options = {key: value for key, value in command.items() if key not in {"create", "idIndex"}}
                    await database.command({"create": command["create"], **options})
                elif "commitIndexBuild" in command:
                    await database.command(
                        {"createIndexes": command["commitIndexBuild"], "indexes": command["indexes"]}
                    )
                elif "createIndexes" in command:
                    spec = {key: value for key, value in command.items() if key != "createIndexes"}
                    await database.command({"createIndexes": command["createIndexes"], "indexes": [spec]})
                elif "dropIndexes" in command:
                    await database.command({"dropIndexes": command["dropIndexes"], "index": command["index"]})
        except PyMongoError as error:
            if getattr(error, "code", None) not in {_GONE, _THERE}:
                raise
