"""All databases of the platform as they were at one time of the cluster, written to files while everything runs."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bson.timestamp import Timestamp
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import OperationFailure

from shared.mongo.client import Client, Document
from shared.mongo.errors import store_errors
from shared.recovery.bson_files import RAW, DocumentWriter
from shared.recovery.manifest import Collection

_DOCUMENTS_AT_ONCE = 1_000
_TOO_OLD = frozenset({239, 246})
"""SnapshotTooOld, SnapshotUnavailable: mongo/src/mongo/base/error_codes.yml."""


class SnapshotGone(Exception):
    """The store could not show all databases at one time; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was read: when, which collections of which service, the head of each archive."""

    at: Timestamp
    databases: Mapping[str, list[Collection]]
    archives: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Place:
    """A collection of a service, and the name of its database."""

    service: str
    database: str
    collection: str


async def take_snapshot(client: Client, names: Mapping[str, str], folder: Path) -> Snapshot:
    """Write every collection of these databases (by service) to `<service>/<collection>.bson`.

    One document at a time is kept in memory, beside the store's own batches. Raises SnapshotGone when a collection was
    made meanwhile or reading took longer than the store keeps old states (300 s unless told otherwise), Unavailable.
    """
    # Collections are listed before the time is fixed: one that is made later has nothing to say at that time.
    there = {service: await _collections(client[name]) for service, name in names.items()}
    try:
        with store_errors():
            async with client.start_session(snapshot=True) as session:
                archives = {
                    service: {"sequence": head["_id"], "hash": head["hash"]}
                    for service, name in names.items()
                    if (head := await _head(client[name], session)) is not None
                }
                databases = {
                    service: [
                        await _write(client, Place(service, names[service], name), options, session, folder)
                        for name, options in collections.items()
                    ]
                    for service, collections in there.items()
                }
                # The driver keeps the time of a snapshot to itself; without it no journal could follow.
                at = session._snapshot_time  # noqa: SLF001
    except OperationFailure as error:
        if error.code in _TOO_OLD:
            raise SnapshotGone(
                "备份期间结构有变化，或读取超过了 MongoDB 保留旧状态的时间：请再试一次；数据很多时先调大"
                " minSnapshotHistoryWindowInSeconds（见 docs/operations/recovery.md）。"
            ) from error
        raise
    if not isinstance(at, Timestamp):
        raise SnapshotGone("没有读到任何集合：还没有可备份的数据，请先启动平台。")
    return Snapshot(at, databases, archives)


async def _collections(database: AsyncDatabase[Document]) -> dict[str, Mapping[str, Any]]:
    with store_errors():
        listed = await (await database.list_collections()).to_list()
    found = {each["name"]: each.get("options", {}) for each in listed if each["type"] == "collection"}
    return {name: found[name] for name in sorted(found) if not name.startswith("system.")}


async def _head(database: AsyncDatabase[Document], session: AsyncClientSession) -> Document | None:
    return await database["archive"].find_one({}, {"hash": 1}, sort=[("_id", -1)], session=session)


async def _write(client: Client, place: Place, options: Mapping[str, Any], session: Any, folder: Path) -> Collection:
    file = f"{place.service}/{place.collection}.bson"
    database = client[place.database]
    raw: Any = database.get_collection(place.collection, codec_options=RAW)
    writer = DocumentWriter(folder / file)
    async for document in raw.find(session=session, batch_size=_DOCUMENTS_AT_ONCE):
        writer.write(document)
    written = await asyncio.to_thread(writer.close)
    listed = await (await database[place.collection].list_indexes()).to_list()
    indexes = [dict(each) for each in listed if each["name"] != "_id_"]
    return Collection(place.collection, file, written.documents, written.bytes, written.sha256, indexes, dict(options))
