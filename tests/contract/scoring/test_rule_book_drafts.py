"""One suite for the stores of drafts: the in-memory one and the real one keep the same promises."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pymongo.asynchronous.database import AsyncDatabase

from deploy.local.stack import Stack
from services.scoring.adapters.drafts import DRAFTS, MongoDrafts, ShippedAndPublished, prepare
from services.scoring.adapters.in_memory_drafts import InMemoryDrafts
from services.scoring.domain.draft import Consultation, DraftId, Publication, RuleBookDraft
from services.scoring.domain.rule_check import Fault
from services.scoring.use_cases.publication_ports import DraftListing, Drafts
from shared.events.recording import Recorder
from shared.events.scoring import RuleBookPublished
from shared.kernel.access import OrganisationPath, Role
from shared.kernel.errors import AlreadyThere, Stale
from shared.kernel.ids import new_id
from shared.kernel.trail import TrailEntry
from shared.mongo.client import Document, connect
from shared.mongo.outbox import MongoOutbox
from shared.testing.access import a_caller
from shared.testing.clock import StoppedClock
from tests.databases import an_empty_database
from tests.unit.scoring.publishing import BOOK, a_book, starting

COUNTY = OrganisationPath(("county",))
NOON = datetime(2023, 11, 20, 4, tzinfo=UTC)
TODAY = date(2023, 11, 20)
SOMEBODY = a_caller(Role.COUNTY_ORGANISER, "county")
ASKED = Consultation(date(2023, 11, 6), date(2023, 11, 17), "36 人", "无", "无")


def a_draft(text: str = BOOK, **changed: Any) -> RuleBookDraft:
    draft = RuleBookDraft(
        id=DraftId(new_id()),
        path=COUNTY,
        text=text,
        book=a_book(text),
        faults=(),
        drafted_on=TODAY,
        made_from="made from",
        trail=(TrailEntry.left_by(SOMEBODY, "drafted", at=NOON),),
    )
    return replace(draft, **changed)


def published(draft: RuleBookDraft, place: int = 1) -> tuple[RuleBookDraft, RuleBookPublished]:
    """The draft as its next revision, published."""
    asked = replace(draft, consultation=ASKED)
    return asked.publish("演组发〔2023〕12号", live=(), place=place, today=TODAY, by=SOMEBODY, at=NOON)


@dataclass(frozen=True, slots=True)
class Store:
    """The port under test, and where it keeps its things if it is the real one."""

    drafts: Drafts
    database: AsyncDatabase[Document] | None


@pytest.fixture(params=["in memory", "mongodb"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    recorder = Recorder("scoring", StoppedClock())
    if request.param == "in memory":
        yield Store(InMemoryDrafts(recorder), None)
        return
    mongod: Stack = request.getfixturevalue("mongod")
    async with an_empty_database(mongod, "scoring_rule_book_drafts", prepare) as database:
        yield Store(MongoDrafts(database, recorder), database)


async def test_what_was_saved_is_found_as_it_was(store: Store) -> None:
    faulty = a_draft(book=None, faults=(Fault(("rules", 0, "on"), "没有名为", 11), Fault((), "全文")))
    whole = a_draft(
        consultation=ASKED, publication=Publication("文件", TODAY, "digest", 1), text="# 注\n" + BOOK, withdrawn=True
    )
    for draft in (faulty, whole):
        await store.drafts.save(draft)

    assert await store.drafts.find(faulty.id) == faulty
    assert await store.drafts.find(whole.id) == whole


async def test_what_was_never_saved_is_not_found(store: Store) -> None:
    assert await store.drafts.find(DraftId(new_id())) is None


async def test_an_id_is_taken_once_and_a_revision_written_once(store: Store) -> None:
    draft = a_draft()
    await store.drafts.save(draft)
    with pytest.raises(AlreadyThere):
        await store.drafts.save(draft)
    withdrawn = draft.withdraw(by=SOMEBODY, at=NOON)
    await store.drafts.save(withdrawn)

    with pytest.raises(Stale):
        await store.drafts.save(withdrawn)


async def test_a_rewritten_text_takes_the_place_of_the_last(store: Store) -> None:
    draft = a_draft()
    await store.drafts.save(draft)
    rewritten = draft.rewrite("x", None, (Fault((), "全文", 1),), by=SOMEBODY, at=NOON)
    await store.drafts.save(rewritten)

    assert await store.drafts.find(draft.id) == rewritten


async def test_published_books_come_back_by_standard_and_in_order(store: Store) -> None:
    assert await store.drafts.published() == ()
    later = starting(date(2025, 1, 1), "2025.1")
    for text, place in ((later, 2), (BOOK, 1)):
        draft = a_draft(text)
        await store.drafts.save(draft)
        done, fact = published(draft, place)
        await store.drafts.save(done, fact)
    await store.drafts.save(a_draft())

    assert await store.drafts.published() == (a_book(BOOK), a_book(later))


async def test_live_are_the_shipped_books_and_the_published_ones(store: Store) -> None:
    draft = a_draft()
    await store.drafts.save(draft)
    await store.drafts.save(*published(draft))
    live = await ShippedAndPublished((a_book(), a_book(BOOK)), store.drafts).live()

    assert sorted(live, key=lambda book: book.version) == [a_book(), a_book(BOOK)]


async def test_what_was_published_stays_though_a_release_is_shipped_with_other_words(store: Store) -> None:
    draft = a_draft()
    await store.drafts.save(draft)
    await store.drafts.save(*published(draft))
    other = a_book(BOOK).model_copy(update={"title": "另一种说法"})

    assert await ShippedAndPublished((other,), store.drafts).live() == (a_book(BOOK),)


async def test_of_two_who_publish_a_standard_at_once_one_looks_again(store: Store) -> None:
    drafts = [a_draft(), a_draft(starting(date(2025, 1, 1), "2025.1"))]
    for draft in drafts:
        await store.drafts.save(draft)

    tries = (store.drafts.save(*published(draft)) for draft in drafts)
    failed = [error for error in await asyncio.gather(*tries, return_exceptions=True) if error is not None]

    assert [type(error) for error in failed] == [Stale]
    assert len(await store.drafts.published()) == 1


async def test_a_list_holds_the_counties_drafts_the_last_first(store: Store) -> None:
    ids = sorted(DraftId(new_id()) for _ in range(3))
    days = (date(2023, 11, 20), date(2023, 11, 21), date(2023, 11, 20))
    for id_, day in zip(ids, days, strict=True):
        await store.drafts.save(a_draft(id=id_, drafted_on=day))
    await store.drafts.save(a_draft(path=OrganisationPath(("another county",))))
    wanted = [ids[1], ids[0], ids[2]]
    counties = frozenset({"county"})
    page = await store.drafts.list(DraftListing(counties, 2))
    rest = await store.drafts.list(DraftListing(counties, 2, after=DraftListing.key(page[-1])))

    assert [draft.id for draft in (*page, *rest)] == wanted
    assert await store.drafts.list(DraftListing(frozenset(), 2)) == ()


async def test_a_list_is_of_one_state_if_that_is_wanted(store: Store) -> None:
    counties, plain = frozenset({"county"}), a_draft()
    done = a_draft(consultation=ASKED)
    for draft in (plain, done, a_draft(book=None, faults=(Fault((), "全文"),))):
        await store.drafts.save(draft)

    assert await store.drafts.list(DraftListing(counties, 9, "checked")) == (plain,)
    assert await store.drafts.list(DraftListing(counties, 9, "consulted")) == (done,)


async def test_the_published_fact_waits_for_the_relay(store: Store) -> None:
    draft = a_draft()
    await store.drafts.save(draft)
    done, event = published(draft)
    await store.drafts.save(done, event)
    if store.database is None:
        return
    [waiting] = await MongoOutbox(store.database, (DRAFTS,)).waiting(10)

    assert [(fact.subject, fact.revision, fact.event) for fact in waiting.facts] == [(draft.id, 2, event)]


async def test_a_list_is_read_in_the_order_of_an_index(mongod: Stack) -> None:
    client = connect(mongod.urls["mongodb"])
    database = client[f"scoring_{new_id()}"]
    await prepare(database)
    drafts = MongoDrafts(database, Recorder("scoring", StoppedClock()))
    await drafts.save(a_draft())
    await database.command("profile", 2)
    await drafts.list(DraftListing(frozenset({"county"}), 50))
    await drafts.list(DraftListing(frozenset({"county"}), 50, "checked"))
    await database.command("profile", 0)
    asked = await database["system.profile"].find({"op": "query"}).to_list()
    await client.drop_database(database)
    await client.close()

    assert [query["command"] for query in asked if query.get("hasSortStage")] == []
    assert len(asked) == 2
