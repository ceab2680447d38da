"""Steps of several that work at the same time, taken in an order that a test decides."""

import asyncio
import random
from collections.abc import Coroutine
from inspect import isasyncgenfunction, iscoroutinefunction
from typing import Any

_QUIET = 2
"""So often the loop goes round without anybody asking for a turn before the next one is given."""


class Turns:
    """Whoever wants to take a step waits for his turn; the seed says whose it is."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - an order, not a secret
        self._waiting: list[asyncio.Future[None]] = []

    async def mine(self) -> None:
        """Return when it is the caller's turn."""
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        await turn

    def of(self, port: Any) -> Any:
        """The same port, each of whose operations waits for its turn, before and after."""
        return _Stepwise(port, self)

    async def play(self, *work: Coroutine[Any, Any, Any]) -> list[Any]:
        """All of it, step by step, to the end."""
        tasks = [asyncio.ensure_future(one) for one in work]
        while not all(task.done() for task in tasks):
            quiet = 0
            while quiet < _QUIET:
                before = len(self._waiting)
                await asyncio.sleep(0)
                quiet = quiet + 1 if len(self._waiting) == before else 0
            if self._waiting:
                self._waiting.pop(self._chance.randrange(len(self._waiting))).set_result(None)
        return [task.result() for task in tasks]


class _Stepwise:
    def __init__(self, port: Any, turns: Turns) -> None:
        self._port, self._turns = port, turns

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        turns = self._turns
        if isasyncgenfunction(found):

            async def batches(*given: Any, **named: Any) -> Any:
                async for batch in found(*given, **named):
                    await turns.mine()
                    yield batch

            return batches
        if iscoroutinefunction(found):

            async def step(*given: Any, **named: Any) -> Any:
                await turns.mine()
                answer = await found(*given, **named)
                await turns.mine()
                return answer

            return step
        return found
