"""Databases on a real mongod that one test after another uses."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from pymongo.asynchronous.database import AsyncDatabase

from deploy.local.stack import Stack
from shared.mongo.client import Document, connect

_PROFILE = "system.profile"
_prepared: set[tuple[str, str]] = set()


@asynccontextmanager
async def an_empty_database(
    mongod: Stack, name: str, *prepares: Callable[[AsyncDatabase[Document]], Awaitable[object]]
) -> AsyncIterator[AsyncDatabase[Document]]:
    """The database of that name with its indexes and nothing in it; who names the same must prepare it the same way.

    mongod takes longer to make and drop collections than for most tests: they are made once, and emptied after each.
    """
    url = mongod.urls["mongodb"]
    async with connect(url) as client:
        database = client[name]
        if (url, name) not in _prepared:
            for prepare in prepares:
                await prepare(database)
            _prepared.add((url, name))
        yield database
        for collection in await database.list_collection_names():
            if collection == _PROFILE:
                await database.drop_collection(collection)
            else:
                await database[collection].delete_many({})
