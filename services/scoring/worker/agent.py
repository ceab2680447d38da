"""The agent as a part of the worker: Faust inside our process, our health, our watchdog."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from services.scoring.worker.batches import BatchHandling
from services.scoring.worker.faust_app import Told, assigned_to, build_app
from shared.kafka.handling import FAULT, end_process
from shared.kafka.offsets import EndOffsets, Offsets
from shared.kafka.rejects import Received
from shared.kernel.errors import Unavailable
from shared.telemetry import metrics
from shared.telemetry.logs import logger
from shared.telemetry.tasks import end

log = logger(__name__)


class AgentEnded(Exception):
    """Faust ended by itself: the process ends too and is started again."""


_MEASURE_SECONDS = 5.0
_STUCK_SECONDS = 60.0
_STOP_SECONDS = 8.0
"""Below the ten seconds a worker is given to stop."""
_LOOK_SECONDS = 0.5
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 5.0


class Agent:
    """Reads facts in batches for as long as the worker lives."""

    name = "agent"

    def __init__(self, told: Told, handling: BatchHandling, *, end: Callable[[int], NoReturn] = end_process) -> None:
        self._told = told
        self._handling = handling
        self._end = end
        self._offsets = EndOffsets(told.bootstrap, told.group, told.topics)
        self._app: Any = None
        self._broker_away = False
        self._handled: dict[tuple[str, int], int] = {}
        self._lag = 0
        self._progressed_at = time.monotonic()

    async def missing(self) -> str | None:
        """What keeps facts from being folded."""
        if self._handling.waits_for is not None:
            return self._handling.waits_for
        if self._broker_away:
            return "kafka"
        if not self._assigned():
            return "no partitions assigned yet"
        if self._lag > 0 and time.monotonic() - self._progressed_at > _STUCK_SECONDS:
            return f"stuck: {self._lag} messages behind and no progress"
        return None

    async def unsettled(self) -> str | None:
        """Whether facts on what is assigned to this worker are not folded yet."""
        places = self._assigned()
        if not places:
            return "no partitions assigned yet"
        ends, acknowledged = await self._offsets.take(), await self._offsets.acknowledged()
        behind = sum(max(0, ends.get(place, 0) - self._done(place, acknowledged)) for place in places)
        return f"{behind} messages to fold" if behind else None

    async def run(self, stop: asyncio.Event) -> None:
        """Fold until told to stop; what is begun is finished and acknowledged, or neither."""
        if not await self._broker_there(stop):
            await self._offsets.close()
            return
        self._app = build_app(self._told, self._take_all)
        measuring = asyncio.create_task(self._measure())
        try:
            await self._app.start()
            while not stop.is_set():
                if measuring.done():
                    measuring.result()
                if self._app.crashed:
                    raise AgentEnded(self._app.crash_reason)
                await _until(stop, _LOOK_SECONDS)
        finally:
            await end(measuring)
            await self._leave()
            await self._offsets.close()
            await self._handling.close()

    async def _take_all(self, batch: Sequence[Received]) -> None:
        await self._handling.take_all(batch)
        self._progressed_at = time.monotonic()
        for received in batch:
            self._handled[received.topic, received.partition] = received.offset + 1

    async def _leave(self) -> None:
        """Stop Faust; what cannot be finished now (the store is away) is left unacknowledged by ending at once."""
        try:
            await asyncio.wait_for(self._app.stop(), _STOP_SECONDS)
        except TimeoutError:
            log.critical("a batch cannot be finished, the process ends without acknowledging it")
            self._end(FAULT)

    async def _broker_there(self, stop: asyncio.Event) -> bool:
        """Wait for the broker: Faust gives up at the first refusal. False when told to stop before."""
        pause = _FIRST_PAUSE
        while not stop.is_set():
            try:
                await self._offsets.take()
            except Unavailable:
                self._broker_away = True
                log.warning("the broker does not answer")
                await _until(stop, pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            else:
                self._broker_away = False
                return True
        return False

    def _assigned(self) -> frozenset[tuple[str, int]]:
        return frozenset() if self._app is None else assigned_to(self._app)

    async def _measure(self) -> None:
        """How far behind this worker is, on what is assigned to it; asked of the broker, not of Faust."""
        while True:
            try:
                ends, acknowledged = await self._offsets.take(), await self._offsets.acknowledged()
            except Unavailable:
                self._broker_away = True
            else:
                self._broker_away = False
                self._compare(ends, acknowledged)
            await asyncio.sleep(_MEASURE_SECONDS)

    def _done(self, place: tuple[str, int], acknowledged: Offsets) -> int:
        """Up to where a partition is folded; the group's word counts where this worker has folded nothing yet."""
        return max(acknowledged.get(place, 0), self._handled.get(place, 0), 0)

    def _compare(self, ends: Offsets, acknowledged: Offsets) -> None:
        lags = dict.fromkeys(self._told.topics, 0)
        for place in self._assigned():
            lags[place[0]] += max(0, ends.get(place, 0) - self._done(place, acknowledged))
        self._lag = sum(lags.values())
        if self._lag == 0:
            self._progressed_at = time.monotonic()
        for topic, lag in lags.items():
            metrics.CONSUMER_LAG.labels(topic).set(lag)


async def _until(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
