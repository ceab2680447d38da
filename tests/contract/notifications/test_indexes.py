"""What is asked again and again is answered by an index, without looking at what has nothing to do with it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pymongo.asynchronous.database import AsyncDatabase

from deploy.local.stack import Stack
from services.notifications.adapters.mongo import (
    MongoAgendas,
    MongoObligations,
    mongo_acts,
    mongo_directory,
    prepare,
)
from services.notifications.domain.township import HistorySpan
from services.notifications.use_cases.ports import Listing
from shared.events.recording import Recorder
from shared.kernel.calendar import Period
from shared.kernel.ids import BranchId, CadreId, SpanId, TownshipId, new_id
from shared.mongo.client import Document, connect
from shared.testing.clock import StoppedClock

Database = AsyncDatabase[Document]
NOW = datetime(2023, 12, 20, 4, 0, tzinfo=UTC)
PROFILE_ALL = 2


@pytest.fixture
async def database(mongod: Stack) -> AsyncIterator[Database]:
    client = connect(mongod.urls["mongodb"])
    database = client[f"notifications_{new_id()}"]
    await prepare(database)
    yield database
    await client.drop_database(database)
    await client.close()


async def queries(database: Database, read: Callable[[], Awaitable[object]]) -> list[dict[str, Any]]:
    """What the store was asked, and how it went about it."""
    await database.command("profile", PROFILE_ALL)
    await read()
    await database.command("profile", 0)
    return await database["system.profile"].find({"op": {"$in": ["query", "command"]}}).to_list()


async def test_spans_that_are_judged_are_not_looked_at_again(database: Database) -> None:
    directory = mongo_directory(database)
    for number in range(3):
        span_id = SpanId(f"span-{number}")
        await directory.learn_span(
            HistorySpan(span_id, TownshipId("township"), date(2023, 10, 1), date(2023, 12, 31), NOW), 2
        )
        await directory.begin_judging(span_id)
        await directory.finish_judging(span_id)
    asked = await queries(database, lambda: directory.spans_to_judge(NOW))

    assert [(query["docsExamined"], query["planSummary"].split(" ")[0]) for query in asked] == [(0, "IXSCAN")]


async def test_the_desk_inbox_is_read_and_counted_without_looking_at_what_was_never_late(database: Database) -> None:
    never_late = [
        {"_id": f"{number}", "path": ["county", "township"], "terms": {"due_on": "2023-11-26"}, "noticed": 1}
        for number in range(30)
    ]
    await database["obligations"].insert_many([{**each, "escalated": None} for each in never_late])
    obligations = MongoObligations(database, Recorder("notifications", StoppedClock()))
    desk = Listing(limit=50, scopes=frozenset({"township", "other"}), not_of="cadre", escalated=True)

    async def read() -> None:
        await obligations.list(desk)
        await obligations.unread(desk, "reader")

    asked = await queries(database, read)

    assert [query["docsExamined"] for query in asked] == [0, 0]
    assert [query for query in asked if query.get("hasSortStage")] == []


async def test_agendas_that_are_finished_are_not_looked_at_again(database: Database) -> None:
    agendas = MongoAgendas(database)
    for number in range(3):
        await agendas.ask_for(CadreId(f"cadre-{number}"), date(2023, 11, 20))
    for agenda in await agendas.due(date(2023, 11, 20)):
        await agendas.advance(agenda, date.max)
    asked = await queries(database, lambda: agendas.due(date(2023, 11, 20) + timedelta(days=70)))

    assert [query["docsExamined"] for query in asked] == [0]


async def test_meetings_and_leaves_are_looked_up_by_index(database: Database) -> None:
    directory, acts = mongo_directory(database), mongo_acts(database)
    period = Period(date(2023, 12, 1), date(2024, 1, 31), "2023-12")
    await database["meetings"].insert_many([{"_id": f"{number}", "branch_id": "other"} for number in range(9)])
    await database["leaves"].insert_many([{"_id": f"{number}", "cadre_id": "other"} for number in range(9)])

    async def read() -> None:
        await acts.meetings_in(BranchId("branch"), "committee", period)
        await directory.leaves_of(CadreId("cadre"))

    asked = await queries(database, read)

    assert [query["docsExamined"] for query in asked] == [0, 0, 0]


async def test_the_titles_of_a_page_are_asked_for_once(database: Database) -> None:
    directory = mongo_directory(database)
    await database["organisations"].insert_many([{"_id": f"{number}", "title": "演示"} for number in range(200)])
    asked = await queries(database, lambda: directory.titles([f"{number}" for number in range(100)]))

    assert [query["docsExamined"] for query in asked] == [100]


async def test_a_branch_secretarys_inbox_is_read_without_sorting(database: Database) -> None:
    obligations = MongoObligations(database, Recorder("notifications", StoppedClock()))
    led = Listing(limit=50, scopes=frozenset({"branch"}), of_branches=True, noticed=True)
    asked = await queries(database, lambda: obligations.list(led))

    assert [query for query in asked if query.get("hasSortStage")] == []
    assert [query["docsExamined"] for query in asked] == [0]
