"""The real store keeps to the suites, and to what only a real one can break."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable

import pytest
from pymongo.asynchronous.database import AsyncDatabase

from shared.events.outbox import Lease
from shared.kernel.errors import Unavailable
from shared.kernel.ids import new_id
from shared.mongo.aggregates import MongoAggregates
from shared.mongo.archive import BrokenLink, MongoArchive
from shared.mongo.client import Document, connect
from shared.mongo.lease import MongoLease
from shared.mongo.outbox import MongoOutbox
from shared.mongo.projections import MongoProjection
from shared.testing.facts import a_fact
from shared.testing.outbox_suites import ArchiveSuite, LeaseSuite, OutboxSuite
from shared.testing.store_suites import AggregatesSuite, ProjectionSuite
from shared.testing.things import Thing, a_happening


@pytest.fixture
async def outbox(database: AsyncDatabase[Document]) -> AsyncIterator[MongoOutbox]:
    real = MongoOutbox(database, ["things"])
    yield real
    await real.close()


@pytest.fixture
def archive(database: AsyncDatabase[Document]) -> MongoArchive:
    return MongoArchive(database)


class TestAggregates(AggregatesSuite):
    """MongoAggregates."""


class TestOutbox(OutboxSuite):
    """MongoOutbox."""


class TestLease(LeaseSuite):
    """MongoLease."""

    @pytest.fixture
    def leases(self, database: AsyncDatabase[Document]) -> Callable[[float], Lease]:
        return lambda seconds: MongoLease(database, "relay", seconds=seconds)


class TestArchive(ArchiveSuite):
    """MongoArchive."""

    @pytest.fixture
    def archived(self, database: AsyncDatabase[Document]) -> Callable[[], object]:
        async def told() -> list[str]:
            return [entry["event_id"] async for entry in database["archive"].find().sort("_id")]

        return told


class TestProjection(ProjectionSuite):
    """MongoProjection."""

    @pytest.fixture
    def projection(self, database: AsyncDatabase[Document]) -> MongoProjection:
        return MongoProjection(database["projection"])


async def test_an_idle_poll_reads_an_index_that_is_empty(
    things: MongoAggregates[Thing], outbox: MongoOutbox, database: AsyncDatabase[Document]
) -> None:
    for _ in range(5):
        await things.save(Thing(), a_happening())
    await outbox.sent(await outbox.waiting(10))
    plan = await database.command(
        "explain",
        {
            "find": "things",
            "filter": {"outbox.recorded_at": {"$exists": True}, "outbox_parked": None},
            "sort": {"outbox.recorded_at": 1},
        },
    )

    assert "outbox_waiting" in str(plan["queryPlanner"]["winningPlan"])
    assert (plan["executionStats"]["totalKeysExamined"], plan["executionStats"]["totalDocsExamined"]) == (0, 0)


async def test_a_fact_this_program_cannot_read_is_parked_and_nobody_else(
    things: MongoAggregates[Thing], outbox: MongoOutbox, database: AsyncDatabase[Document]
) -> None:
    strange, plain = Thing(), Thing()
    await things.save(strange, a_happening())
    await things.save(plain, a_happening())
    await database["things"].update_one({"_id": strange.id}, {"$set": {"outbox.0.type": "xianfeng.visits.gone.v1"}})

    waiting = await outbox.waiting(10)

    assert [plain.id] == [item.aggregate_id for item in waiting]
    assert (await outbox.backlog()).parked == 1


async def test_two_archives_of_one_service_write_one_chain(database: AsyncDatabase[Document]) -> None:
    one, other = MongoArchive(database), MongoArchive(database)
    facts = [a_fact(a_happening(), subject=new_id()) for _ in range(40)]
    await asyncio.gather(
        *(archive.append(facts[start : start + 5]) for start in range(0, 40, 5) for archive in (one, other))
    )

    assert (await one.count(), await one.broken_link()) == (40, None)


@pytest.mark.parametrize(
    ("spoil", "sequence"),
    [
        ({"value": b"{}"}, 3),
        ({"topic": "members.events"}, 3),
        ({"event_id": new_id()}, 3),
        ({"headers": []}, 3),
        ({"previous": "0" * 64}, 3),
        ({"hash": "f" * 64}, 3),
        ({"value": None}, 3),
        (None, 3),
    ],
)
async def test_the_first_broken_link_is_named(
    archive: MongoArchive, database: AsyncDatabase[Document], spoil: Document | None, sequence: int
) -> None:
    await archive.append([a_fact(a_happening(), subject=new_id()) for _ in range(5)])
    intact = await archive.broken_link()
    if spoil is None:
        await database["archive"].delete_one({"_id": sequence})
    else:
        await database["archive"].update_one({"_id": sequence}, {"$set": spoil})

    broken = await archive.broken_link()

    assert intact is None
    assert broken is not None
    assert broken.sequence == sequence


async def test_a_tail_that_was_cut_off_is_missed_before_and_after_others_are_appended(
    archive: MongoArchive, database: AsyncDatabase[Document]
) -> None:
    await archive.append([a_fact(a_happening(), subject=new_id()) for _ in range(5)])
    await database["archive"].delete_many({"_id": {"$gte": 4}})

    cut = await archive.broken_link()
    await MongoArchive(database).append([a_fact(a_happening(), subject=new_id()) for _ in range(3)])
    later = await archive.broken_link()

    assert cut == BrokenLink(4, "the tail was cut off: entries 4 to 5 are missing")
    assert later == BrokenLink(4, "entry 4 is missing")


async def test_a_chain_written_anew_with_its_head_does_not_reach_what_was_kept_elsewhere(
    archive: MongoArchive, database: AsyncDatabase[Document]
) -> None:
    await archive.append([a_fact(a_happening(), subject=new_id()) for _ in range(5)])
    witness = await archive.head()
    await database["archive"].delete_many({})
    await database["archive_heads"].delete_many({})
    await MongoArchive(database).append([a_fact(a_happening(), subject=new_id()) for _ in range(5)])

    unaided, aided = await archive.broken_link(), await archive.broken_link(witness)

    assert unaided is None
    assert aided is not None
    assert aided.sequence == 5


async def test_a_store_that_is_not_there_is_unavailable_within_seconds() -> None:
    began = time.monotonic()
    async with connect("mongodb://127.0.0.1:1/?directConnection=true", timeout_ms=3000) as nowhere:
        with pytest.raises(Unavailable):
            await MongoLease(nowhere["test"], "relay").hold()

    assert time.monotonic() - began < 6
