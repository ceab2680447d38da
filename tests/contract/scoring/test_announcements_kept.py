"""Announcements in the real store: each state once, its fact waiting for the relay."""

import asyncio
import random
from dataclasses import replace

from pymongo.asynchronous.database import AsyncDatabase

from services.scoring.adapters.mongo import ANNOUNCEMENTS, MongoAnnouncements
from services.scoring.domain.awards import CardKey
from shared.mongo.client import Document
from shared.mongo.outbox import MongoOutbox
from tests.contract.scoring.test_stores import an_announcement

CARDS = [CardKey("cadre", f"cadre {number}", "2023-Q4") for number in range(300)]
"""So many that, without a second try, the later state of some is lost in every run."""


async def test_each_state_is_announced_once_and_in_order(database: AsyncDatabase[Document]) -> None:
    announcements = MongoAnnouncements(database, "generation")
    three, two, four = an_announcement(3), an_announcement(2), an_announcement(4)

    for batch in ([three], [two], [three], [four]):
        await announcements.announce(batch)
    [waiting] = await MongoOutbox(database, (ANNOUNCEMENTS,)).waiting(10)

    assert [three.fact, four.fact] == list(waiting.facts)


async def test_two_workers_announcing_a_new_card_at_once_lose_no_later_state(database: AsyncDatabase[Document]) -> None:
    announcements = MongoAnnouncements(database, "generation")
    chance = random.Random(7)  # noqa: S311 - an order, not a secret
    for key in CARDS:
        told = [replace(an_announcement(size), key=key) for size in chance.sample((3, 4), 2)]
        await asyncio.gather(*(announcements.announce([one]) for one in told))

    kept = [document async for document in database[ANNOUNCEMENTS].find()]
    assert [4] * len(CARDS) == [document["size"] for document in kept]
    assert {4} == {document["outbox"][-1]["revision"] for document in kept}
