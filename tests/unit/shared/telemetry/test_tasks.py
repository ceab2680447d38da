"""A task is ended for sure, also one whose driver swallows a cancellation."""

import asyncio

from shared.telemetry.tasks import end


async def test_a_loop_that_misses_a_cancellation_is_told_again() -> None:
    missed: list[int] = []

    async def loop_that_misses(times: int) -> None:
        while True:
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                if len(missed) == times:
                    raise
                missed.append(1)

    task = asyncio.create_task(loop_that_misses(2))
    await asyncio.sleep(0)

    await asyncio.wait_for(end(task), 10)

    assert task.cancelled()
    assert len(missed) == 2


async def test_what_ended_before_and_what_fails_raise_nothing() -> None:
    async def failing() -> None:
        raise ValueError

    tasks = [asyncio.create_task(failing()), asyncio.create_task(asyncio.sleep(0))]
    await asyncio.wait(tasks)

    await end(*tasks)
    await end()
