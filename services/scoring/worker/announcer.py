"""The announcer: looks again and again for cards whose score was not announced."""

import asyncio
import time

from services.scoring.use_cases.announce_scores import announce_scores
from services.scoring.use_cases.ports import LivePorts, Ports
from shared.kernel.errors import Unavailable
from shared.telemetry.logs import logger

log = logger(__name__)
_PAUSE_SECONDS = 0.5
"""Changes of a card within this time become one announcement; nobody's score waits for it, only its news."""
_SHARE = 10
"""Announcing takes at most about one part in ten of the process: a long round is followed by a longer pause."""
_LONGEST_PAUSE = 10.0


class Announcer:
    """Runs `announce_scores` for as long as the worker lives."""

    name = "announcer"

    def __init__(self, ports: Ports, live: LivePorts | None = None, *, pause_seconds: float = _PAUSE_SECONDS) -> None:
        """`live` gives the ports of the build people see now; without it these are they for ever."""
        self._ports = ports
        self._live = live
        self._pause = pause_seconds
        self._trouble: str | None = None
        self._asked = asyncio.Event()

    async def missing(self) -> str | None:
        """What keeps scores from being announced."""
        return self._trouble

    async def unsettled(self) -> str | None:
        """How many cards wait to be announced; whoever asks waits for them, so they are looked at now."""
        ports = await self._now()
        behind = await ports.cards.count_behind()
        if behind == 0:
            return None
        self._asked.set()
        return f"{behind} cards to announce"

    async def run(self, stop: asyncio.Event) -> None:
        """Announce until told to stop; a round cut short is made good by the next one, here or elsewhere."""
        while not stop.is_set():
            began = time.monotonic()
            try:
                await announce_scores(await self._now())
            except Unavailable as error:
                if self._trouble != error.what:
                    log.warning("scores cannot be announced", missing=error.what)
                self._trouble = error.what
                began = time.monotonic()
            else:
                self._trouble = None
            took = time.monotonic() - began
            await self._until_asked(stop, max(self._pause, min(_SHARE * took, _LONGEST_PAUSE)))

    async def _now(self) -> Ports:
        return self._ports if self._live is None else await self._live()

    async def _until_asked(self, stop: asyncio.Event, seconds: float) -> None:
        """Wait so long, or until somebody waits for the announcements, or until told to stop."""
        waits = [asyncio.create_task(event.wait()) for event in (stop, self._asked)]
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        self._asked.clear()
