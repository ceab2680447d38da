"""Steering the business clock of a running stack: forward only, and never before everything under way is done.

Demo and stories live through weeks in minutes. Each step waits until every worker says it is settled: outboxes empty,
facts read and handled to the ends of their topics, due deadlines carried out. Facts cause facts, so all must be settled
at once, twice in a row.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import httpx

_LOOK_AGAIN_SECONDS = 0.05
_TIMES_IN_A_ROW = 2


class NeverSettled(Exception):
    """The platform kept working past the patience of who waits; says who was busy with what."""


class Steering:
    """The clock of one stack and the workers that must be settled before it moves."""

    def __init__(self, data_dir: Path, workers: Sequence[str], patience_seconds: float = 60.0) -> None:
        """Name the data folder and the workers' own addresses (`http://127.0.0.1:18121`)."""
        self._file = data_dir / "clock"
        self._workers = list(workers)
        self.patience_seconds = patience_seconds

    async def set(self, instant: datetime) -> None:
        """It is now this instant; everything that becomes due by it is done when this returns."""
        await self.settle()
        self._write(instant.isoformat())
        await self.settle()

    async def release(self) -> None:
        """Back to wall time."""
        await self.settle()
        self._file.unlink(missing_ok=True)
        await self.settle()

    async def settle(self) -> None:
        """Wait until nothing is under way; raises NeverSettled."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self.patience_seconds
        in_a_row = 0
        async with httpx.AsyncClient(timeout=10.0) as client:
            while in_a_row < _TIMES_IN_A_ROW:
                busy = await self._busy(client)
                in_a_row = 0 if busy else in_a_row + 1
                if busy and loop.time() > deadline:
                    raise NeverSettled("; ".join(busy))
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    async def _busy(self, client: httpx.AsyncClient) -> list[str]:
        answers = await asyncio.gather(*(_ask(client, worker) for worker in self._workers))
        return [answer for answer in answers if answer is not None]

    def _write(self, text: str) -> None:
        draft = self._file.with_suffix(".draft")
        draft.write_text(text, encoding="ascii")
        draft.replace(self._file)


async def _ask(client: httpx.AsyncClient, worker: str) -> str | None:
    try:
        response = await client.get(f"{worker}/settled")
    except httpx.HTTPError as error:
        return f"{worker}: {error!r}"
    return None if response.is_success else f"{worker}: {response.text[:200]}"
