"""What the notifications service keeps, in memory and in MongoDB: one suite holds both."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from deploy.local.stack import Stack
from services.notifications.adapters.acts import ProjectedActs
from services.notifications.adapters.directory import ProjectedDirectory
from services.notifications.adapters.in_memory import (
    InMemoryAgendas,
    InMemoryObligations,
    in_memory_acts,
    in_memory_directory,
)
from services.notifications.adapters.mongo import (
    MongoAgendas,
    MongoObligations,
    mongo_acts,
    mongo_directory,
    prepare,
)
from services.notifications.use_cases.ports import Agendas, Obligations
from shared.events.recording import Recorder
from shared.testing.clock import StoppedClock
from tests.databases import an_empty_database


@dataclass(frozen=True, slots=True)
class Stores:
    """The ports under test."""

    obligations: Obligations
    directory: ProjectedDirectory
    acts: ProjectedActs
    agendas: Agendas


@pytest.fixture(params=["in memory", "mongodb"])
async def stores(request: pytest.FixtureRequest) -> AsyncIterator[Stores]:
    recorder = Recorder("notifications", StoppedClock())
    if request.param == "in memory":
        yield Stores(InMemoryObligations(recorder), in_memory_directory(), in_memory_acts(), InMemoryAgendas())
        return
    mongod: Stack = request.getfixturevalue("mongod")
    async with an_empty_database(mongod, "notifications", prepare) as database:
        projections = mongo_directory(database), mongo_acts(database)
        yield Stores(MongoObligations(database, recorder), *projections, MongoAgendas(database))
