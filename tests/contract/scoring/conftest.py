"""The ports under test, in memory and in a database of its own on a real mongod."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from pymongo.asynchronous.database import AsyncDatabase

from deploy.local.stack import Stack
from services.scoring.adapters.directory import MongoDirectory
from services.scoring.adapters.in_memory import InMemoryAnnouncements, InMemoryCards, InMemoryDirectory, InMemoryLedger
from services.scoring.adapters.mongo import MongoAnnouncements, MongoCards, MongoLedger, prepare
from services.scoring.use_cases.ports import Announcements, Cards, Directory, Ledger
from shared.kernel.ids import new_id
from shared.mongo.client import Document, connect


@dataclass(frozen=True, slots=True)
class Stores:
    """The ports under test."""

    ledger: Ledger
    cards: Cards
    announcements: Announcements
    directory: Directory


@pytest.fixture
async def database(mongod: Stack) -> AsyncIterator[AsyncDatabase[Document]]:
    """A database of one test, with its indexes."""
    client = connect(mongod.urls["mongodb"])
    database = client[f"scoring_{new_id()}"]
    await prepare(database)
    yield database
    await client.drop_database(database)
    await client.close()


@pytest.fixture(params=["in memory", "mongodb"])
def stores(request: pytest.FixtureRequest) -> Stores:
    """Every test of the suite runs over both."""
    if request.param == "in memory":
        return Stores(InMemoryLedger(), InMemoryCards(), InMemoryAnnouncements(), InMemoryDirectory())
    database: AsyncDatabase[Document] = request.getfixturevalue("database")
    return Stores(
        MongoLedger(database, "generation"),
        MongoCards(database, "generation"),
        MongoAnnouncements(database, "generation"),
        MongoDirectory(database),
    )
