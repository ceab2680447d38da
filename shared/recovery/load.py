"""Loading the files of a backup into databases that are empty, or are emptied for it."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from pymongo.asynchronous.database import AsyncDatabase

from shared.mongo.client import Client, Document
from shared.mongo.errors import store_errors
from shared.recovery.bson_files import RAW, documents_in, private_file
from shared.recovery.manifest import Collection, Manifest

_DOCUMENTS_AT_ONCE = 1_000
_BYTES_AT_ONCE = 8 * 1024 * 1024
_LEASES = "leases"


class NotRestored(Exception):
    """Nothing was touched; the sentence says why and what to do."""


async def refuse_what_is_at_work(client: Client, names: Sequence[str]) -> None:
    """Raise NotRestored while a worker holds a lease in one of these databases."""
    with store_errors():
        for name in names:
            held = await client[name][_LEASES].find_one({"$expr": {"$gt": ["$until", "$$NOW"]}})
            if held is not None:
                raise NotRestored(f"{name} 正被 worker 使用（{held['_id']}）：请先停止各 api 和 worker，5 秒后再试。")


async def refuse_what_is_there(client: Client, names: Sequence[str]) -> None:
    """Raise NotRestored when one of these databases holds a document."""
    with store_errors():
        for name in names:
            for collection in await client[name].list_collection_names():
                if await client[name][collection].find_one({}, {"_id": 1}) is not None:
                    raise NotRestored(f"数据库 {name} 不是空的（{collection}）：要用备份替换，请加 --replace。")


async def load(database: AsyncDatabase[Document], folder: Path, collections: Sequence[Collection]) -> int:
    """Empty the database, load these collections and make their indexes; returns how many documents."""
    loaded = 0
    with store_errors():
        await database.client.drop_database(database.name)
        for collection in collections:
            await database.create_collection(collection.name, **collection.options)
            loaded += await _insert(database, collection.name, folder / collection.file)
            if collection.indexes:
                await database.command({"createIndexes": collection.name, "indexes": [*collection.indexes]})
            if collection.name == _LEASES:
                await database[_LEASES].delete_many({})
    return loaded


async def _insert(database: AsyncDatabase[Document], name: str, file: Path) -> int:
    target = database.get_collection(name, codec_options=RAW)
    batch = []
    size = loaded = 0
    for document in documents_in(file):
        batch.append(document)
        size += len(document.raw)
        if len(batch) == _DOCUMENTS_AT_ONCE or size >= _BYTES_AT_ONCE:
            await target.insert_many(batch, ordered=False)
            loaded, batch, size = loaded + len(batch), [], 0
    if batch:
        await target.insert_many(batch, ordered=False)
    return loaded + len(batch)


def put_files_back(manifest: Manifest, folder: Path, data_dir: Path) -> Mapping[str, bool]:
    """Write the keys (and the steered clock) where they are missing; what is there stays; says which were written."""
    written = {}
    for name in manifest.files:
        target = data_dir / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        written[name] = not target.exists()
        if written[name]:
            with private_file(target) as file:
                file.write((folder / name).read_bytes())
                file.flush()
                os.fsync(file.fileno())
    return written
