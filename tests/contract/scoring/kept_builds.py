"""The builds and their results under test, in memory and on a real mongod."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from pymongo.asynchronous.database import AsyncDatabase

from deploy.local.stack import Stack
from services.scoring.adapters.builds import MongoRegister, RegisteredBuilds
from services.scoring.adapters.bulk import MongoBulkLedger, MongoResults
from services.scoring.adapters.in_memory_builds import InMemoryRegister, InMemoryResults
from services.scoring.adapters.mongo import MongoCards, MongoLedger
from services.scoring.use_cases.build_ports import Builds, BulkLedger, Results
from services.scoring.use_cases.ports import Cards, Ledger
from shared.mongo.client import Document


@dataclass(frozen=True, slots=True)
class Kept:
    """The ports under test; `builds` as another process would see them."""

    builds: Callable[[], Builds]
    bulk: Callable[[str], BulkLedger]
    ledger: Callable[[str], Ledger]
    cards: Callable[[str], Cards]
    results: Results


def kept_in(request: pytest.FixtureRequest) -> Kept:
    """In memory or for real, as the request's parameter says."""
    if request.param == "in memory":
        register, results = InMemoryRegister(), InMemoryResults()
        return Kept(
            builds=lambda: RegisteredBuilds(register),
            bulk=results.of,
            ledger=lambda name: results.of(name).ledger,
            cards=lambda name: results.of(name).all_cards,
            results=results,
        )
    database: AsyncDatabase[Document] = request.getfixturevalue("database")
    mongod: Stack = request.getfixturevalue("mongod")
    return Kept(
        builds=lambda: RegisteredBuilds(MongoRegister(database)),
        bulk=lambda name: MongoBulkLedger(database, mongod.urls["mongodb"], name),
        ledger=lambda name: MongoLedger(database, name),
        cards=lambda name: MongoCards(database, name),
        results=MongoResults(database),
    )
