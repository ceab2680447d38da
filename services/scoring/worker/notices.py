"""The notices: looks again and again for deeds whose public notice has ended, by the business clock."""

import asyncio

from services.scoring.use_cases.make_deeds_effective import is_any_notice_over, make_deeds_effective
from services.scoring.use_cases.record_ports import RecordPorts
from shared.kernel.errors import Unavailable
from shared.telemetry.logs import logger

log = logger(__name__)
_TICK_SECONDS = 3.0
"""Notices end at midnight: nobody waits for the second."""


class Notices:
    """Runs `make_deeds_effective` for as long as the worker lives; several workers do each deed once."""

    name = "notices"

    def __init__(self, records: RecordPorts, *, tick_seconds: float = _TICK_SECONDS) -> None:
        self._records = records
        self._tick = tick_seconds
        self._trouble: str | None = None
        self._hurry = asyncio.Event()

    async def missing(self) -> str | None:
        """What keeps deeds from becoming effective."""
        return self._trouble

    async def unsettled(self) -> str | None:
        """Whether a notice has ended unnoticed; if so, nobody waits for the next turn."""
        if not await is_any_notice_over(self._records.clock.now(), self._records):
            return None
        self._hurry.set()
        return "deeds to make effective"

    async def run(self, stop: asyncio.Event) -> None:
        """Look until told to stop; what is away is waited for."""
        while not stop.is_set():
            try:
                made = await make_deeds_effective(self._records.clock.now(), self._records)
            except Unavailable as error:
                if self._trouble != error.what:
                    log.warning("deeds cannot be made effective", missing=error.what)
                self._trouble = error.what
            else:
                self._trouble = None
                if made:
                    log.debug("deeds became effective", deeds=made)
            await self._rest(stop)

    async def _rest(self, stop: asyncio.Event) -> None:
        """Until the next turn, or until somebody waits for what is due."""
        woken = [asyncio.ensure_future(event.wait()) for event in (stop, self._hurry)]
        await asyncio.wait(woken, timeout=self._tick, return_when=asyncio.FIRST_COMPLETED)
        for waiting in woken:
            waiting.cancel()
        self._hurry.clear()
