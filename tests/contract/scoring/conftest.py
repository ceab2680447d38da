"""The ports under test, in memory and in a database of its own on a real mongod."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from pymongo.asynchronous.database import AsyncDatabase

from deploy.local.stack import Stack
from services.scoring.adapters import decisions as decision_store
from services.scoring.adapters import directory as directory_store
from services.scoring.adapters import records as record_store
from services.scoring.adapters.announcements import MongoAnnouncements
from services.scoring.adapters.directory import MongoDirectory
from services.scoring.adapters.in_memory import InMemoryAnnouncements, InMemoryCards, InMemoryLedger
from services.scoring.adapters.in_memory_directory import InMemoryDirectory
from services.scoring.adapters.in_memory_records import InMemoryDeeds, InMemoryObjections, InMemoryReviews
from services.scoring.adapters.mongo import MongoCards, MongoLedger, prepare
from services.scoring.use_cases.directory_ports import Directory
from services.scoring.use_cases.ports import Announcements, Cards, Ledger
from services.scoring.use_cases.record_ports import Deeds, Objections, Reviews
from shared.events.recording import Recorder
from shared.mongo.client import Document
from shared.testing.clock import StoppedClock
from tests.contract.scoring.kept_builds import Kept, kept_in
from tests.databases import an_empty_database


@dataclass(frozen=True, slots=True)
class Stores:
    """The ports under test."""

    ledger: Ledger
    cards: Cards
    announcements: Announcements
    directory: Directory


@pytest.fixture
async def database(mongod: Stack) -> AsyncIterator[AsyncDatabase[Document]]:
    """A database with its indexes and nothing in it."""
    stores = (directory_store, record_store, decision_store)
    async with an_empty_database(mongod, "scoring", *(store.prepare for store in stores), prepare) as database:
        yield database


@pytest.fixture(params=["in memory", "mongodb"])
def stores(request: pytest.FixtureRequest) -> Stores:
    """Every test of the suite runs over both."""
    if request.param == "in memory":
        return Stores(InMemoryLedger(), InMemoryCards(), InMemoryAnnouncements(), InMemoryDirectory())
    database: AsyncDatabase[Document] = request.getfixturevalue("database")
    return Stores(
        MongoLedger(database, "generation"),
        MongoCards(database, "generation"),
        MongoAnnouncements(database),
        MongoDirectory(database),
    )


@pytest.fixture(params=["in memory", "mongodb"])
def kept(request: pytest.FixtureRequest) -> Kept:
    """Every test of builds runs over both."""
    return kept_in(request)


@dataclass(frozen=True, slots=True)
class RecordStores:
    """The stores of records under test, and a directory that moves them along."""

    deeds: Deeds
    reviews: Reviews
    objections: Objections
    directory: Directory


@pytest.fixture(params=["in memory", "mongodb"])
def records(request: pytest.FixtureRequest) -> RecordStores:
    """Every test of the suite runs over both."""
    recorder = Recorder("scoring", StoppedClock())
    if request.param == "in memory":
        kept = InMemoryDeeds(recorder), InMemoryReviews(recorder), InMemoryObjections(recorder)
        return RecordStores(*kept, InMemoryDirectory(kept))
    database: AsyncDatabase[Document] = request.getfixturevalue("database")
    stored = record_store.record_stores(database, recorder)
    return RecordStores(*stored, MongoDirectory(database, stored))
