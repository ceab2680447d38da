"""The relay: takes facts out of the outbox, publishes them, archives them; one at a time, at least once, in order."""

import asyncio
import contextlib
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from shared.events.base import Event, Fact
from shared.events.catalogue import topic_of
from shared.events.codec import MAX_FACT_BYTES, encode
from shared.events.outbox import Archive, Lease, Outbox, Waiting
from shared.kafka.producer import KafkaPublisher, Outcome, Outgoing, Publisher, Refusal, Unsent
from shared.kernel.errors import Unavailable
from shared.telemetry import metrics
from shared.telemetry.logs import logger
from shared.telemetry.spans import following
from shared.telemetry.tasks import end
from shared.telemetry.trace import is_received, request_id

log = logger(__name__)

_AGGREGATES_AT_ONCE = 500
_POLL_SECONDS = 1.0
_BUSY = 8
_GATHER_SECONDS = 0.025
"""When so many wait at once, the next turn lets more gather: a turn costs the store much the same for 8 as for 80."""
_COUNT_SECONDS = 5.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
_RENEWALS = 3
"""A lease is renewed so often while it lasts, so that one lost renewal does not lose it."""


@dataclass(slots=True)
class _Journey:
    """How far the facts of one aggregate got in this turn."""

    waiting: Waiting
    acknowledged: int = 0
    refusal: Refusal | None = None

    @property
    def arrived(self) -> Waiting:
        """The facts the broker has."""
        return Waiting(self.waiting.collection, self.waiting.aggregate_id, self.waiting.facts[: self.acknowledged])

    @property
    def left(self) -> Waiting:
        """The facts it has not."""
        return Waiting(self.waiting.collection, self.waiting.aggregate_id, self.waiting.facts[self.acknowledged :])


class Relay:
    """Publishes a service's facts for as long as it holds the lease; a part of the worker.

    Of one aggregate a fact is sent after the one before it is acknowledged; different aggregates go together. A fact is
    taken out of its aggregate after it is acknowledged and archived, so a crash anywhere publishes it again, with the
    same id. A fact the broker refuses is parked with its aggregate; all others go on.
    """

    name = "relay"

    def __init__(
        self,
        outbox: Outbox,
        archive: Archive,
        lease: Lease,
        bootstrap: str,
        service: str,
        *,
        publisher: Publisher | None = None,
    ) -> None:
        self._outbox = outbox
        self._archive = archive
        self._lease = lease
        self._publisher = publisher or KafkaPublisher(bootstrap, f"{service}-relay")
        self._held_until = float("-inf")
        self._trouble: str | None = None

    @property
    def leads(self) -> bool:
        """Whether this relay holds the lease for sure: a hold that was not renewed in time counts as lost."""
        return time.monotonic() < self._held_until

    async def missing(self) -> str | None:
        """What keeps facts from being published; a relay that waits for another's lease misses nothing."""
        return self._trouble

    async def unsettled(self) -> str | None:
        """What waits to be published; parked facts wait for a person and are not counted."""
        pending = (await self._outbox.backlog()).pending
        return f"{pending} facts to publish" if pending else None

    async def run(self, stop: asyncio.Event) -> None:
        """Publish until told to stop, then give the lease back."""
        keepers = [asyncio.create_task(self._keep_lease()), asyncio.create_task(self._keep_count())]
        pause = _FIRST_PAUSE
        try:
            while not stop.is_set():
                for keeper in keepers:
                    if keeper.done():
                        keeper.result()
                try:
                    await self._turn(stop)
                except Unavailable as error:
                    self._tell_trouble(error)
                    await _until(stop, pause)
                    pause = min(2 * pause, _LONGEST_PAUSE)
                else:
                    self._trouble, pause = None, _FIRST_PAUSE
        finally:
            await end(*keepers)
            await self._leave()

    async def _turn(self, stop: asyncio.Event) -> None:
        """Publish what waits, or wait."""
        if not self.leads:
            await _until(stop, self._lease.seconds / _RENEWALS / 2)
            return
        batch = await self._outbox.waiting(_AGGREGATES_AT_ONCE)
        if batch:
            await self._publish(batch)
            if len(batch) >= _BUSY:
                await _until(stop, _GATHER_SECONDS)
        else:
            await _first(stop.wait(), self._outbox.changed(_POLL_SECONDS))

    async def _publish(self, batch: Sequence[Waiting]) -> None:
        journeys = [_Journey(waiting) for waiting in batch]
        away = await self._send_in_rounds(journeys)
        published = [journey.arrived for journey in journeys if journey.acknowledged]
        facts = [fact for waiting in published for fact in waiting.facts]
        if facts:
            self._refuse_if_fenced()
            await self._archive.append(facts)
            self._refuse_if_fenced()
            await self._outbox.sent(published)
            metrics.FACTS_PUBLISHED.inc(len(facts))
        for journey in journeys:
            if journey.refusal is not None:
                log.error(
                    "the broker refuses a fact, its aggregate is parked",
                    **_named(journey.left.facts[0]),
                    reason=journey.refusal.reason,
                )
                await self._outbox.park(journey.left, journey.refusal.reason)
        if away is not None:
            log.warning("the broker did not take all facts", reason=away.reason)
            raise Unavailable("kafka")

    async def _send_in_rounds(self, journeys: Sequence[_Journey]) -> Unsent | None:
        """Send one fact of each aggregate, then the next of each, as long as all goes well."""
        travelling = list(journeys)
        while travelling:
            self._refuse_if_fenced()
            outcomes = await self._send([journey.left.facts[0] for journey in travelling])
            away: Unsent | None = None
            for journey, outcome in zip(travelling, outcomes, strict=True):
                if outcome is None:
                    journey.acknowledged += 1
                elif isinstance(outcome, Refusal):
                    journey.refusal = outcome
                else:
                    away = outcome
            if away is not None:
                return away
            travelling = [journey for journey in travelling if journey.left.facts and journey.refusal is None]
        return None

    async def _send(self, facts: Sequence[Fact[Event]]) -> list[Outcome]:
        """What became of each; what no consumer would read is refused here, before the broker sees it."""
        outcomes: list[Outcome] = [None] * len(facts)
        outgoing: dict[int, Outgoing] = {}
        for place, fact in enumerate(facts):
            message = encode(fact)
            size = len(message.value or b"")
            if size > MAX_FACT_BYTES:
                outcomes[place] = Refusal(f"too large: {size} bytes")
            else:
                outgoing[place] = Outgoing(topic_of(fact.event), message)
        if outgoing:
            with following("publish", "producer", [facts[place] for place in outgoing]) as spans:
                for place, outcome in zip(outgoing, await self._publisher.publish([*outgoing.values()]), strict=True):
                    outcomes[place] = outcome
                    if outcome is not None:
                        spans.failed(facts[place], outcome.reason)
        return outcomes

    def _refuse_if_fenced(self) -> None:
        if not self.leads:
            raise Unavailable("the relay's lease")

    def _tell_trouble(self, error: Unavailable) -> None:
        if self._trouble != error.what:
            log.warning("the relay waits", missing=error.what, cause=str(error.__cause__ or ""))
        self._trouble = error.what

    async def _keep_lease(self) -> None:
        pause = self._lease.seconds / _RENEWALS
        while True:
            asked = time.monotonic()
            led = self.leads
            with contextlib.suppress(Unavailable):
                self._held_until = asked + self._lease.seconds if await self._lease.hold() else float("-inf")
            if self.leads != led:
                log.info("the relay leads" if self.leads else "another relay leads")
            metrics.RELAY_LEADER.set(1 if self.leads else 0)
            await asyncio.sleep(max(0.0, asked + pause - time.monotonic()))

    async def _keep_count(self) -> None:
        while True:
            if self.leads:
                with contextlib.suppress(Unavailable):
                    backlog = await self._outbox.backlog()
                    metrics.OUTBOX_PENDING.set(backlog.pending)
                    metrics.OUTBOX_PARKED.set(backlog.parked)
            else:
                metrics.OUTBOX_PENDING.set(0)
                metrics.OUTBOX_PARKED.set(0)
            await asyncio.sleep(_COUNT_SECONDS)

    async def _leave(self) -> None:
        await self._outbox.close()
        await self._publisher.close()
        with contextlib.suppress(Unavailable):
            await self._lease.release()


def _named(fact: Fact[Event]) -> dict[str, str]:
    """The words by which logs are searched."""
    named = {"fact_id": str(fact.id), "fact_type": fact.type}
    trace = fact.traceparent
    return {**named, "request_id": request_id(trace)} if trace is not None and is_received(trace) else named


async def _until(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


async def _first(*waits: Coroutine[Any, Any, object]) -> None:
    """Return when the first of these does, and leave the others."""
    tasks = [asyncio.create_task(wait) for wait in waits]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        await end(*tasks)
