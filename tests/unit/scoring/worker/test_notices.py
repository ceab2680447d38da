"""The notices go on by themselves, hurry when somebody waits, and wait for the store."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any

import pytest

from services.scoring.domain.deed import Deed
from services.scoring.worker.notices import Notices
from shared.events.scoring import DeedEffective
from shared.kernel.errors import Unavailable
from shared.telemetry.health import Settling
from tests.unit.scoring.record_world import RecordWorld, a_deed


@pytest.fixture
async def notices(recorded: RecordWorld) -> AsyncIterator[Notices]:
    notices = Notices(recorded.ports, tick_seconds=60)
    stop = asyncio.Event()
    running = asyncio.create_task(notices.run(stop))
    await asyncio.sleep(0.01)
    yield notices
    stop.set()
    await running


async def settle(notices: Notices) -> None:
    async with asyncio.timeout(5):
        while await notices.unsettled() is not None:  # noqa: ASYNC110 - it looks again at each question
            await asyncio.sleep(0.01)


async def on_notice(recorded: RecordWorld) -> None:
    await recorded.done("member", "POST", "/deeds", a_deed())
    await recorded.done("branch secretary", "PUT", f"/deeds/{a_deed()['id']}/confirmation", seen=1)


async def test_who_steers_the_clock_waits_until_deeds_are_effective(recorded: RecordWorld, notices: Notices) -> None:
    await on_notice(recorded)
    during = await notices.unsettled()
    recorded.clock.move_to(date(2023, 11, 28))
    after = await notices.unsettled()
    await settle(notices)

    assert isinstance(notices, Settling)
    assert (during, after) == (None, "deeds to make effective")
    assert isinstance(recorded.deeds.events[-1], DeedEffective)


async def test_a_store_that_is_away_is_waited_for(recorded: RecordWorld) -> None:
    await on_notice(recorded)
    recorded.clock.move_to(date(2023, 11, 28))
    over, away = recorded.deeds.over, [Unavailable("mongodb")]

    async def at_first_away(today: date, limit: int) -> Sequence[Deed]:
        if away:
            raise away.pop()
        return await over(today, limit)

    recorded.deeds.over = at_first_away  # type: ignore[method-assign]
    notices = Notices(recorded.ports, tick_seconds=0.05)
    stop = asyncio.Event()
    running: asyncio.Task[Any] = asyncio.create_task(notices.run(stop))
    await asyncio.sleep(0.01)
    missing = await notices.missing()
    await settle(notices)
    stop.set()
    await running

    assert missing == "mongodb"
    assert await notices.missing() is None
