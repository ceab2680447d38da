"""The sweep: what time does, done only after the sources were read far enough."""

import asyncio
import contextlib

from services.notifications.use_cases.carry_out_due import SETTLING, carry_out_due, is_anything_due
from services.notifications.use_cases.ports import Ports
from shared.kafka.offsets import Barrier
from shared.kernel.errors import Unavailable
from shared.telemetry import metrics
from shared.telemetry.logs import logger

log = logger(__name__)

_TICK_SECONDS = 0.5
_LOOK_AGAIN_SECONDS = 0.1
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0


class Sweep:
    """A part of the worker: carries out what is due by the business clock, again and again.

    Two minutes of business time after an instant the ends of the sources are taken; only when this service has handled
    everything before them does the instant take effect. So a deadline never strikes somebody whose act was already on
    its way. Two workers may sweep at once.
    """

    name = "sweep"

    def __init__(self, ports: Ports, barrier: Barrier) -> None:
        self._ports = ports
        self._barrier = barrier
        self._trouble: str | None = None
        self._hurry = asyncio.Event()

    async def missing(self) -> str | None:
        """What keeps deadlines from taking effect."""
        return self._trouble

    async def unsettled(self) -> str | None:
        """Whether something that is due was not carried out yet; if so, the sweep does not wait for its next turn."""
        if not await is_anything_due(self._ports.clock.now() - SETTLING, self._ports):
            return None
        self._hurry.set()
        return "deadlines to carry out"

    async def run(self, stop: asyncio.Event) -> None:
        """Sweep until told to stop; what is away is waited for."""
        pause = _FIRST_PAUSE
        while not stop.is_set():
            try:
                await self.turn(stop)
            except Unavailable as error:
                if self._trouble != error.what:
                    log.warning("the sweep waits", missing=error.what)
                self._trouble = error.what
                await _until(stop, pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            else:
                self._trouble, pause = None, _FIRST_PAUSE
                await self._rest(stop)

    async def _rest(self, stop: asyncio.Event) -> None:
        """Until the next turn, or until somebody waits for what is due."""
        woken = [asyncio.ensure_future(event.wait()) for event in (stop, self._hurry)]
        await asyncio.wait(woken, timeout=_TICK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for waiting in woken:
            waiting.cancel()
        self._hurry.clear()

    async def turn(self, stop: asyncio.Event) -> None:
        """Carry out everything that was due two minutes ago, unless told to stop while the sources are read."""
        until = self._ports.clock.now() - SETTLING
        if await is_anything_due(until, self._ports):
            ends = await self._barrier.take()
            while not await self._barrier.reached(ends):
                await _until(stop, _LOOK_AGAIN_SECONDS)
                if stop.is_set():
                    return
            steps = await carry_out_due(until, self._ports)
            if steps:
                log.debug("obligations went on", steps=steps)
                metrics.OBLIGATION_STEPS.inc(steps)
        metrics.SWEEP_FINISHED.set_to_current_time()


async def _until(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
