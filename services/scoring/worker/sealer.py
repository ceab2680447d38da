"""The sealer: points the announcer at new notices, and seals what was confirmed, behind a barrier (ADR 8)."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from services.scoring.domain.closing import Closing
from services.scoring.use_cases.closing_ports import ClosingPorts
from services.scoring.use_cases.point_at_notices import point_at_notices
from services.scoring.use_cases.seal_period import seal_period
from shared.kafka.offsets import Barrier
from shared.kernel.errors import DomainError, Unavailable
from shared.telemetry.logs import logger

log = logger(__name__)
_TICK_SECONDS = 2.0
"""Nobody waits for a seal by the second."""
_LOOK_AGAIN_SECONDS = 0.1
_AT_ONCE = 20
_NOTICES = "notices"


class Sealer:
    """A part of the worker: does what closing a period asks for, again and again.

    The ends of all topics are taken after a sealing was confirmed, and nothing is sealed before the live build has
    folded everything up to them: what was recorded when it was asked for and published is inside the seal. Which build
    is live is asked after that: one that was replaced during the wait is folded no further. Each closing has its own
    wait and its own look, for the ones before it may take minutes.

    A closing that fails keeps no other from being sealed: it is tried again with each turn, after the others, and
    `missing` tells it until it is sealed. Two workers may seal at once; who is stopped in the middle goes on with the
    next start.
    """

    name = "sealer"

    def __init__(
        self,
        ports: ClosingPorts,
        barrier: Barrier,
        *,
        live: Callable[[], Awaitable[ClosingPorts]] | None = None,
        tick_seconds: float = _TICK_SECONDS,
        at_once: int = _AT_ONCE,
    ) -> None:
        """`live` gives the ports over the build people see now; without it these are they for ever."""
        self._ports = ports
        self._live = live
        self._barrier = barrier
        self._tick = tick_seconds
        self._at_once = at_once
        self._trouble: str | None = None
        self._failing: dict[str, str] = {}
        self._hurry = asyncio.Event()

    async def missing(self) -> str | None:
        """What keeps periods from being sealed."""
        failing = [f"{what}: {why}" for what, why in self._failing.items()]
        return "; ".join([self._trouble, *failing] if self._trouble else failing) or None

    async def unsettled(self) -> str | None:
        """Whether a notice is not told or a period not sealed yet; if so, nobody waits for the next turn."""
        closings = self._ports.closings
        if not await closings.untold(1) and not await closings.sealing(1):
            return None
        self._hurry.set()
        return "periods to close"

    async def run(self, stop: asyncio.Event) -> None:
        """Look until told to stop; a turn that is cut short is made good by the next one, here or elsewhere."""
        while not stop.is_set():
            turn, stopped = asyncio.create_task(self.turn(stop)), asyncio.create_task(stop.wait())
            await asyncio.wait({turn, stopped}, return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()
            if not turn.done():
                turn.cancel()
            try:
                await turn
            except asyncio.CancelledError:
                return
            except Unavailable as error:
                if self._trouble != error.what:
                    log.warning("periods cannot be closed", missing=error.what)
                self._trouble = error.what
            else:
                self._trouble = None
            await self._rest(stop)

    async def turn(self, stop: asyncio.Event) -> None:
        """Do all there is to do now; waits until what was recorded before is folded."""
        await self._look_which_is_live()
        await self._tried(_NOTICES, point_at_notices(self._ports))
        confirmed = await self._ports.closings.sealing(self._at_once + len(self._failing))
        named = {_name(closing): closing for closing in confirmed}
        self._failing = {what: why for what, why in self._failing.items() if what in named or what == _NOTICES}
        for what in sorted(named, key=self._failing.__contains__):
            if not await self._is_folded(stop):
                return
            sealed = await self._tried(what, seal_period(named[what], self._ports))
            if sealed is not None:
                log.info("a period is sealed", what=what, subjects=sealed)

    async def _is_folded(self, stop: asyncio.Event) -> bool:
        """Whether the live build has folded what is published now; waits until it has, or until told to stop."""
        ends = await self._barrier.take()
        while not await self._barrier.reached(ends):
            await _until(stop, _LOOK_AGAIN_SECONDS)
            if stop.is_set():
                return False
        await self._look_which_is_live()
        return True

    async def _tried(self, what: str, doing: Awaitable[int]) -> int | None:
        """How many that did; None where it failed, which is told until it succeeds."""
        try:
            done = await doing
        except (DomainError, Unavailable) as error:
            why = error.what if isinstance(error, Unavailable) else str(error)
            if self._failing.get(what) != why:
                log.warning("a period cannot be closed", what=what, why=why)
            self._failing[what] = why
            return None
        self._failing.pop(what, None)
        return done

    async def _look_which_is_live(self) -> None:
        if self._live is not None:
            self._ports = await self._live()

    async def _rest(self, stop: asyncio.Event) -> None:
        """Until the next turn, or until somebody waits for what is due."""
        woken = [asyncio.ensure_future(event.wait()) for event in (stop, self._hurry)]
        await asyncio.wait(woken, timeout=self._tick, return_when=asyncio.FIRST_COMPLETED)
        for waiting in woken:
            waiting.cancel()
        self._hurry.clear()


def _name(closing: Closing) -> str:
    return f"{closing.standard} {closing.period} of {closing.township_id}"


async def _until(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
