"""Waiting for what happens elsewhere, bounded."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable

_LOOK_AGAIN_SECONDS = 0.01


async def until(condition: Callable[[], object | Awaitable[object]], *, seconds: float = 10) -> None:
    """Return when the condition (a function, plain or async) holds; raises TimeoutError when it never does."""
    async with asyncio.timeout(seconds):
        while True:
            holds = condition()
            if inspect.isawaitable(holds):
                holds = await holds
            if holds:
                return
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
