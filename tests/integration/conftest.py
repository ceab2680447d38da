"""Real stores for integration tests, started by the test run itself."""

from collections.abc import Iterator

import pytest

from deploy.local.stack import Stack
from tests.running import running_stack


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """A MongoDB and a Kafka with all topics; tests that need more start their own."""
    with running_stack(("mongod", "kafka")) as running:
        yield running
