"""Announcements in the real store: each news once, numbered, its fact waiting for the relay."""

import asyncio

from pymongo.asynchronous.database import AsyncDatabase

from services.scoring.adapters.announcements import ANNOUNCEMENTS, MongoAnnouncements
from services.scoring.adapters.in_memory import InMemoryAnnouncements
from services.scoring.domain.awards import CardKey
from services.scoring.use_cases.ports import Announcement, Announcements
from shared.events.base import Event, Fact
from shared.mongo.client import Document
from shared.mongo.outbox import MongoOutbox
from tests.contract.scoring.test_stores import STATES, an_announcement

CARDS = [CardKey("cadre", f"cadre {number}", "2023-Q4") for number in range(300)]
"""So many that, without a second look, the later state of some is lost in every run."""


async def waiting(database: AsyncDatabase[Document]) -> list[Fact[Event]]:
    [found] = await MongoOutbox(database, (ANNOUNCEMENTS,)).waiting(10)
    return list(found.facts)


async def test_the_facts_are_those_told_in_memory_and_in_order(database: AsyncDatabase[Document]) -> None:
    memory, store = InMemoryAnnouncements(), MongoAnnouncements(database)
    for announcements in (memory, store):
        await tell(announcements, *(an_announcement(touches, says) for touches, says in STATES))

    assert memory.facts == await waiting(database)
    assert [fact.revision for fact in memory.facts] == [1, 2, 3]
    assert len({fact.id for fact in memory.facts}) == 3


async def test_after_a_switch_the_build_shown_before_tells_nothing_any_more(database: AsyncDatabase[Document]) -> None:
    memory = InMemoryAnnouncements()
    for former, shown in (
        (memory, memory.of(1)),
        (MongoAnnouncements(database), MongoAnnouncements(database, 1)),
    ):
        await tell(former, an_announcement(5, "former"))
        await tell(shown, an_announcement(1, "shown"))
        await tell(former, an_announcement(6, "former, too late"))
        await tell(shown, an_announcement(2, "shown and changed"))

    for facts in (memory.facts, await waiting(database)):
        assert [(fact.revision, said(fact)) for fact in facts] == [
            (1, "former"),
            (2, "shown"),
            (3, "shown and changed"),
        ]


async def test_two_workers_announcing_a_new_card_at_once_lose_no_later_state(database: AsyncDatabase[Document]) -> None:
    announcements = MongoAnnouncements(database)
    for key in CARDS:
        told = [an_announcement(touches, f"{touches}", key=key) for touches in (3, 4)]
        await asyncio.gather(*(announcements.announce([one]) for one in told))

    kept = [document async for document in database[ANNOUNCEMENTS].find()]
    assert [4] * len(CARDS) == [document["touches"] for document in kept]
    for document in kept:
        numbers = [fact["revision"] for fact in document["outbox"]]
        assert numbers == list(range(1, document["number"] + 1))


async def tell(announcements: Announcements, *each: Announcement) -> None:
    for announcement in each:
        await announcements.announce([announcement])


def said(fact: Fact[Event]) -> str:
    return str(vars(fact.event)["card_digest"])
