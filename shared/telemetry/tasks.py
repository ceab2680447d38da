"""Ending tasks for sure."""

import asyncio

_AGAIN_SECONDS = 0.1


async def end(*tasks: "asyncio.Task[object]") -> None:
    """Cancel the tasks until each has ended; what they raise is of no interest any more.

    Once is not enough: before Python 3.12 `asyncio.wait_for` swallows a cancellation that comes when what it waited for
    is just done, drivers wait by it for every answer, and a loop that is never told again never ends.
    """
    while left := [task for task in tasks if not task.done()]:
        for task in left:
            task.cancel()
        await asyncio.wait(left, timeout=_AGAIN_SECONDS)
    await asyncio.gather(*tasks, return_exceptions=True)
