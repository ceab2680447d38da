"""A fresh database a test, on the run's own MongoDB and Kafka."""

import gc
from collections.abc import AsyncIterator, Iterator

import pytest
from pymongo.asynchronous.database import AsyncDatabase

from deploy.local.stack import Stack
from shared.events.recording import Recorder
from shared.kernel.ids import new_id
from shared.mongo.aggregates import MongoAggregates
from shared.mongo.client import Client, Document, connect
from shared.testing.clock import StoppedClock
from shared.testing.things import Thing


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Both clients leave the socket of a connection that failed to the collector, which complains; here they may."""
    for item in items:
        item.add_marker(pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"))


@pytest.fixture(autouse=True)
def _collect_what_the_clients_left() -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture
async def client(stack: Stack) -> AsyncIterator[Client]:
    async with connect(stack.urls["mongodb"]) as connected:
        yield connected


@pytest.fixture
async def database(client: Client) -> AsyncIterator[AsyncDatabase[Document]]:
    name = f"test_{new_id()}"
    yield client[name]
    await client.drop_database(name)


@pytest.fixture
def bootstrap(stack: Stack) -> str:
    return stack.urls["kafka"]


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def things(database: AsyncDatabase[Document], clock: StoppedClock) -> MongoAggregates[Thing]:
    return MongoAggregates(
        database["things"], Recorder("visits", clock), lambda thing: thing.to_document(), Thing.from_document
    )
