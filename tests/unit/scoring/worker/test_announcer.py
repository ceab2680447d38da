"""The announcer goes on by itself, hurries when somebody waits, and does not wait for subjects nobody knows."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date

import pytest

from services.scoring.adapters.in_memory import InMemoryAnnouncements, InMemoryCards
from services.scoring.domain.awards import CardKey
from services.scoring.use_cases.ports import Announcement, Behind
from services.scoring.worker.announcer import Announcer
from shared.kernel.errors import Unavailable
from shared.kernel.ids import derived_id
from shared.telemetry.health import Settling
from tests.unit.scoring.conftest import World
from tests.unit.scoring.facts import VisitLife

MONDAY = date(2023, 11, 20)


@pytest.fixture
async def announcer(world: World) -> AsyncIterator[Announcer]:
    announcer = Announcer(world.ports, pause_seconds=60)
    stop = asyncio.Event()
    running = asyncio.create_task(announcer.run(stop))
    await asyncio.sleep(0.01)
    yield announcer
    stop.set()
    await running


class AwayOnce(InMemoryAnnouncements):
    """Announcements that cannot be written the first time."""

    def __init__(self) -> None:
        super().__init__()
        self.tried = False

    async def announce(self, announcements: Sequence[Announcement]) -> int:
        if not self.tried:
            self.tried = True
            raise Unavailable("mongodb")
        return await InMemoryAnnouncements.announce(self, announcements)


class CountingCards(InMemoryCards):
    """Cards that know how often somebody looked which are behind."""

    def __init__(self, of: InMemoryCards) -> None:
        super().__init__(of.in_parts, of.kept, of.touches, of.announced)
        self.looked = 0

    async def behind(self, limit: int, after: CardKey | None = None) -> Sequence[Behind]:
        self.looked += 1
        return await InMemoryCards.behind(self, limit, after)


async def settle(announcer: Announcer) -> None:
    async with asyncio.timeout(5):
        while await announcer.unsettled() is not None:  # noqa: ASYNC110 - it looks again at each question
            await asyncio.sleep(0.01)


async def test_who_waits_for_the_announcements_need_not_wait_for_the_pause(world: World, announcer: Announcer) -> None:
    await world.fold(VisitLife("visit").log(MONDAY))

    assert await announcer.unsettled() == "1 cards to announce"
    await settle(announcer)
    assert len(world.announcements.facts) == 1


async def test_subjects_nobody_knows_are_not_waited_for(world: World, announcer: Announcer) -> None:
    await world.fold(VisitLife("visit", derived_id("nobody")).log(MONDAY))

    await settle(announcer)

    assert world.announcements.facts == []


async def test_a_subject_nobody_knows_delays_nobodys_news(world: World) -> None:
    await world.fold(VisitLife("visit", derived_id("nobody")).log(MONDAY))
    cards = CountingCards(world.cards)
    stop = asyncio.Event()
    running = asyncio.create_task(Announcer(replace(world.ports, cards=cards), pause_seconds=0.01).run(stop))
    await asyncio.sleep(0.5)
    stop.set()
    await running

    assert cards.looked > 10


async def test_a_store_that_is_away_is_told_and_tried_again(world: World) -> None:
    store = AwayOnce()
    announcer = Announcer(replace(world.ports, announcements=store), pause_seconds=0.02)
    await world.fold(VisitLife("visit").log(MONDAY))
    stop = asyncio.Event()
    running = asyncio.create_task(announcer.run(stop))
    await asyncio.sleep(0.01)
    missing = await announcer.missing()
    await settle(announcer)
    stop.set()
    await running

    assert (missing, await announcer.missing()) == ("mongodb", None)
    assert len(store.facts) == 1


async def test_the_announcer_can_be_waited_for(world: World) -> None:
    assert isinstance(Announcer(world.ports), Settling)
