"""What was written after a snapshot: the store's own log of writes, copied as it grows and played back at a restore.

Facts on Kafka hold neither names nor notes, so nothing but the store itself can say what was acknowledged after a
backup. Entries are the store's (`local.oplog.rs`), each sealed by a check sum; leases are left out.
"""

import asyncio
import os
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from bson.timestamp import Timestamp
from pymongo.read_concern import ReadConcern

from shared.mongo.client import Client
from shared.mongo.errors import store_errors
from shared.recovery.bson_files import sealed, sealed_in

JOURNAL = "journal.bson"
_LEASES = "leases"
MARK = "mark"
_MARK_SECONDS = 10
"""Of a store at rest the journal still says how far it reaches, so that it can be gone on with."""
_FLUSH_ENTRIES = 1_000


class JournalGap(Exception):
    """The store no longer has what was written since the journal ends: it cannot be gone on with."""


class Journal:
    """The journal of one backup, gone on with where it ends."""

    def __init__(self, folder: Path, prefix: str, services: Collection[str], since: Timestamp) -> None:
        self._path = folder / JOURNAL
        self._names = [f"{prefix}{service}" for service in services]
        self._file = open_to_append(self._path)
        self._reached = since
        end = 0
        for at, line in sealed_in(self._path):
            end, self._reached = at, line["ts"]
        # What a killed process left half written would hide all that comes after it.
        self._file.truncate(end)
        self._marked = self._reached

    @property
    def reached(self) -> Timestamp:
        """Everything up to this time of the cluster is in the journal."""
        return self._reached

    async def catch_up(self, client: Client) -> int:
        """Copy what was written since; returns how many entries. Raises JournalGap, Unavailable."""
        with store_errors():
            last = (await client.admin.command("hello"))["lastWrite"]["majorityOpTime"]["ts"]
            oplog = client["local"].get_collection("oplog.rs", read_concern=ReadConcern("majority"))
            oldest = await oplog.find_one({}, {"ts": 1}, sort=[("$natural", 1)])
            if oldest is None or oldest["ts"] > self._reached or last < self._reached:
                raise JournalGap("MongoDB 已不再保留接续处的写入记录：请另做一份新的备份。")
            copied = 0
            async for entry in oplog.find({"ts": {"$gt": self._reached, "$lte": last}, **self._ours()}):
                if not self._is_lease(entry):
                    self._file.write(sealed(_kept(entry)))
                    copied += 1
                    self._reached = self._marked = entry["ts"]
                    if copied % _FLUSH_ENTRIES == 0:
                        await asyncio.to_thread(self._flush)
        if last.time - self._marked.time >= _MARK_SECONDS:
            self._file.write(sealed({"op": MARK, "ts": last}))
            self._marked = last
        self._reached = last
        await asyncio.to_thread(self._flush)
        return copied

    def close(self) -> None:
        """Let go of the file, saying how far it reaches."""
        self._file.write(sealed({"op": MARK, "ts": self._reached}))
        self._flush()
        self._file.close()

    def _ours(self) -> Mapping[str, Any]:
        ours = {"$regex": rf"^({'|'.join(map(re.escape, self._names))})\."}
        return {"$or": [{"ns": ours}, {"ns": "admin.$cmd", "o.applyOps.ns": ours}]}

    def _is_lease(self, entry: Mapping[str, Any]) -> bool:
        return str(entry["ns"]).partition(".")[2] == _LEASES

    def _flush(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())


def open_to_append(path: Path) -> Any:
    """A file of mode 0600 that grows at its end."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def _kept(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: entry[name] for name in ("ts", "wall", "op", "ns", "o", "o2") if name in entry}
