"""A batch of messages in, their facts folded together; the rules for each message are the consumer's."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import NoReturn

from shared.events.base import Event, Fact
from shared.events.codec import Message, decode
from shared.kafka.handling import FAULT, Handling, end_process
from shared.kafka.producer import Publisher
from shared.kafka.rejects import Received, RejectLimit
from shared.kernel.clock import wall_now
from shared.kernel.errors import DomainError, Unavailable
from shared.telemetry import metrics
from shared.telemetry.logs import logger
from shared.telemetry.spans import following

log = logger(__name__)

Fold = Callable[[Sequence[Fact[Event]]], Awaitable[None]]
"""Makes the effect of many facts durable at once; it may see any of them again."""
Read = Callable[[Message], Fact[Event]]
"""The fact of a message; raises Unreadable for what is none."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0


class BatchHandling(Handling):
    """Architecture section 6 for batches: poison to `.rejected` one by one, what is left folded in one write.

    A batch returns only when every message in it has had its effect or is confirmed in `.rejected`; what cannot be
    decided ends the process before anything is acknowledged.
    """

    def __init__(
        self,
        service: str,
        fold: Fold,
        dead_letters: Publisher,
        *,
        read: Read = decode,
        limit: RejectLimit | None = None,
        end: Callable[[int], NoReturn] = end_process,
    ) -> None:
        async def fold_one(fact: Fact[Event]) -> None:
            await fold([fact])

        super().__init__(service, fold_one, dead_letters, limit=limit, end=end)
        self._fold = fold
        self._read = read

    async def close(self) -> None:
        """Let go of the connection that carries dead letters."""
        await self._dead_letters.close()

    async def take_all(self, batch: Sequence[Received]) -> None:
        """Return once the effect of every message is durable, whatever that takes; nothing is ever raised."""
        try:
            await self._take_all(batch)
        except Exception as error:
            log.critical("a batch cannot be handled, the process ends", size=len(batch), exc_info=error)
            self._end(FAULT)

    async def _take_all(self, batch: Sequence[Received]) -> None:
        wanted: list[tuple[Received, Fact[Event]]] = []
        for received in batch:
            if self.passes_over(received):
                self._count(received, "passed_over")
                continue
            try:
                wanted.append((received, self._read(received.message)))
            except DomainError as error:
                await self._reject(received, error)
        try:
            await self._fold_together([fact for _, fact in wanted])
        except DomainError:
            # One of them is refused: alone each shows whether it is the one.
            for received, _ in wanted:
                await self.take(received)
            return
        visible_at = wall_now().timestamp()
        stamps: dict[str, list[float]] = {}
        for received, _ in wanted:
            self._limit.exceeded_by(rejected=False)
            stamps.setdefault(received.topic, []).append(received.stamped_at)
        for topic, stamped in stamps.items():
            metrics.FACTS_CONSUMED.labels(topic, "handled").inc(len(stamped))
            observe = metrics.FRESHNESS_SECONDS.labels(topic).observe
            for stamped_at in stamped:
                observe(max(0.0, visible_at - stamped_at))

    async def _fold_together(self, facts: Sequence[Fact[Event]]) -> None:
        if not facts:
            return
        me = object()
        pause = _FIRST_PAUSE
        try:
            while True:
                try:
                    with following("fold", "consumer", facts):
                        await self._fold(facts)
                except Unavailable as error:
                    self._wait_for(me, error.what)
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, _LONGEST_PAUSE)
                else:
                    return
        finally:
            self._waits_for.pop(me, None)
