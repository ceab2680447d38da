"""The directory's version is asked for seldom, together, and never taken from before the last change."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from pymongo.errors import ServerSelectionTimeoutError

from services.visits.adapters.mongo import MongoVersion
from shared.kernel.errors import Unavailable


class Counter:
    """A collection with one number, that answers when it is let or is away."""

    def __init__(self) -> None:
        self.number = 0
        self.asked = 0
        self.away = False
        self.answers = asyncio.Event()
        self.answers.set()

    async def find_one(self, _: Mapping[str, Any]) -> dict[str, int]:
        self.asked += 1
        number = self.number
        await self.answers.wait()
        if self.away:
            raise ServerSelectionTimeoutError
        return {"number": number}

    async def update_one(self, *_: Mapping[str, Any], upsert: bool) -> None:
        assert upsert
        self.number += 1


def version_over(counter: Counter) -> MongoVersion:
    return MongoVersion(counter)  # type: ignore[arg-type]


async def _waiting(version: MongoVersion, how_many: int) -> list[asyncio.Task[int]]:
    """So many who ask before there is an answer."""
    tasks = [asyncio.create_task(version.current()) for _ in range(how_many)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return tasks


async def test_a_burst_waits_for_one_answer_and_does_not_go_by_what_was_known_before() -> None:
    counter = Counter()
    version = version_over(counter)
    counter.number = 7
    counter.answers.clear()
    burst = await _waiting(version, 20)
    counter.answers.set()

    assert await asyncio.gather(*burst) == [7] * 20
    assert counter.asked == 1


async def test_while_the_store_is_away_a_burst_is_refused_together() -> None:
    counter = Counter()
    counter.away = True
    counter.answers.clear()
    burst = await _waiting(version_over(counter), 20)
    counter.answers.set()
    outcomes = await asyncio.gather(*burst, return_exceptions=True)

    assert {type(outcome) for outcome in outcomes} == {Unavailable}
    assert counter.asked == 1


async def test_who_asks_again_after_the_store_came_back_gets_an_answer() -> None:
    counter = Counter()
    version = version_over(counter)
    counter.away = True
    with pytest.raises(Unavailable):
        await version.current()
    counter.away = False

    assert await version.current() == 0


async def test_an_answer_overtaken_by_a_change_is_not_kept() -> None:
    counter = Counter()
    version = version_over(counter)
    counter.answers.clear()
    (early,) = await _waiting(version, 1)
    await version.grow()
    counter.answers.set()
    await early

    assert await version.current() == 1
