"""The in-memory store keeps to what the real one keeps to."""

from collections.abc import Callable

import pytest

from shared.events.outbox import Lease
from shared.events.recording import Recorder
from shared.testing.clock import StoppedClock
from shared.testing.in_memory_store import (
    InMemoryAggregates,
    InMemoryArchive,
    InMemoryLease,
    InMemoryOutbox,
    InMemoryProjection,
    LeaseBoard,
)
from shared.testing.outbox_suites import ArchiveSuite, LeaseSuite, OutboxSuite
from shared.testing.store_suites import AggregatesSuite, ProjectionSuite
from shared.testing.things import Thing


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def things(clock: StoppedClock) -> InMemoryAggregates[Thing]:
    return InMemoryAggregates(Recorder("visits", clock))


class TestAggregates(AggregatesSuite):
    """InMemoryAggregates."""


class TestOutbox(OutboxSuite):
    """InMemoryOutbox."""

    @pytest.fixture
    def outbox(self, things: InMemoryAggregates[Thing]) -> InMemoryOutbox:
        return InMemoryOutbox(things)


class TestLease(LeaseSuite):
    """InMemoryLease."""

    @pytest.fixture
    def leases(self) -> Callable[[float], Lease]:
        board = LeaseBoard()
        return lambda seconds: InMemoryLease(board, seconds)


class TestArchive(ArchiveSuite):
    """InMemoryArchive."""

    @pytest.fixture
    def archive(self) -> InMemoryArchive:
        return InMemoryArchive()

    @pytest.fixture
    def archived(self, archive: InMemoryArchive) -> Callable[[], object]:
        async def told() -> list[str]:
            return [fact.id for fact in archive.facts]

        return told


class TestProjection(ProjectionSuite):
    """InMemoryProjection."""

    @pytest.fixture
    def projection(self) -> InMemoryProjection:
        return InMemoryProjection()
