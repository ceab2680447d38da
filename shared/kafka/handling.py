"""What happens to one message: handled, passed over, rejected, tried again, or the end of the process."""

import asyncio
import logging
import os
import random
import sys
from collections.abc import Awaitable, Callable
from typing import NoReturn

import structlog

from shared.events.base import Event, Fact
from shared.events.catalogue import CATALOGUE
from shared.events.codec import decode, fact_type
from shared.kafka.producer import Publisher, Refusal, Unsent
from shared.kafka.rejects import REDELIVER_FOR, Received, RejectLimit, dead_letter, header
from shared.kernel.clock import wall_now
from shared.kernel.errors import DomainError, Stale, Unavailable
from shared.telemetry import metrics
from shared.telemetry.logs import logger
from shared.telemetry.spans import following
from shared.telemetry.trace import bound_traceparent, is_received, request_id

log = logger(__name__)

Handle = Callable[[Fact[Event]], Awaitable[None]]
"""Makes a fact's effect durable. It may see a fact twice, so it is idempotent by `fact.id`."""

FAULT = 70
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0
_STALE_TRIES = 50
_STALE_PAUSE = 0.01
_LONGEST_ID = 64
"""Ours have 36 characters; what somebody else calls an id does not fill the log."""


def end_process(code: int) -> NoReturn:
    """End at once, without acknowledging anything: a supervisor starts the process again."""
    logging.shutdown()
    sys.stdout.flush()
    os._exit(code)


class Handling:
    """The rules of architecture section 6 for a consumer.

    Unavailable: try again in place. Any other refusal (DomainError, Unreadable with it): to `.rejected`, confirmed by
    the broker, before the offset may be acknowledged. Anything else ends the process; so do too many rejects, after a
    while in which the process is unready and begins no further batch: what it did not acknowledge is rejected again at
    the next start, and without the wait a faulty release would fill `.rejected` as fast as it can start.
    """

    def __init__(
        self,
        service: str,
        handle: Handle,
        dead_letters: Publisher,
        *,
        limit: RejectLimit | None = None,
        end: Callable[[int], NoReturn] = end_process,
    ) -> None:
        self._service = service
        self._handle = handle
        self._dead_letters = dead_letters
        self._limit = limit or RejectLimit()
        self._end = end
        self._waits_for: dict[object, str] = {}

    @property
    def waits_for(self) -> str | None:
        """What is away while messages are tried again; None when nothing is."""
        return next(iter(self._waits_for.values()), None)

    def passes_over(self, received: Received) -> bool:
        """Whether the message is none of this consumer's business: another event, or a copy for another consumer."""
        headers = received.message.headers
        wanted_by = header(headers, REDELIVER_FOR)
        if wanted_by is not None and wanted_by != self._service:
            return True
        entry = CATALOGUE.get(fact_type(headers) or "")
        return entry is not None and self._service not in entry.consumers

    async def take(self, received: Received) -> None:
        """Return once the message's effect is durable, whatever that takes."""
        if self.passes_over(received):
            self._count(received, "passed_over")
            return
        try:
            fact = decode(received.message)
            with (
                following("process", "consumer", (fact,)) as spans,
                bound_traceparent(spans.traceparent(fact)),
                structlog.contextvars.bound_contextvars(fact_id=fact.id, fact_type=fact.type),
            ):
                await self._carry_out(fact)
        except DomainError as error:
            await self._reject(received, error)
        except Exception as error:
            log.critical("a message cannot be handled, the process ends", **_place(received), exc_info=error)
            self._end(FAULT)
        else:
            self._limit.exceeded_by(rejected=False)
            self._count(received, "handled")
            metrics.FRESHNESS_SECONDS.labels(received.topic).observe(
                max(0.0, wall_now().timestamp() - received.stamped_at)
            )

    async def _carry_out(self, fact: Fact[Event]) -> None:
        """Handle the fact, again and again while the store is away or somebody else was quicker."""
        pause = _FIRST_PAUSE
        stale = 0
        me = object()
        try:
            while True:
                try:
                    await self._handle(fact)
                except Unavailable as error:
                    self._wait_for(me, error.what)
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, _LONGEST_PAUSE)
                except Stale:
                    stale += 1
                    if stale == _STALE_TRIES:
                        raise
                    await asyncio.sleep(random.uniform(0, _STALE_PAUSE * stale))  # noqa: S311 - not a secret
                else:
                    return
        finally:
            self._waits_for.pop(me, None)

    async def _reject(self, received: Received, error: DomainError) -> None:
        letter = dead_letter(received, self._service, error)
        reason = header(letter.message.headers, "xf_reason") or error.code
        if self._limit.exceeded_by(rejected=True):
            log.critical("too many messages are rejected, the process will end", **_place(received), reason=reason)
            self._waits_for[self] = "too many messages are rejected"
            await asyncio.sleep(self._limit.pause_seconds)
            self._end(FAULT)
        log.warning("a message is rejected", **_place(received), reason=reason, detail=str(error))
        me = object()
        pause = _FIRST_PAUSE
        try:
            while True:
                try:
                    [outcome] = await self._dead_letters.publish([letter])
                except Unavailable as away:
                    outcome = Unsent(away.what)
                if outcome is None:
                    break
                if isinstance(outcome, Refusal):
                    log.critical("the broker refuses a dead letter, the process ends", reason=outcome.reason)
                    self._end(FAULT)
                self._wait_for(me, "kafka")
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
        finally:
            self._waits_for.pop(me, None)
        self._count(received, "rejected")
        metrics.FACTS_REJECTED.labels(received.topic, reason).inc()

    def _wait_for(self, me: object, what: str) -> None:
        if me not in self._waits_for:
            log.warning("a message waits and is tried again", missing=what)
        self._waits_for[me] = what

    def _count(self, received: Received, result: str) -> None:
        metrics.FACTS_CONSUMED.labels(received.topic, result).inc()


def _place(received: Received) -> dict[str, object]:
    """Where a message lies and, as far as it says so, which fact it is: the words by which logs are searched."""
    place: dict[str, object] = {"topic": received.topic, "partition": received.partition, "offset": received.offset}
    fact_id = header(received.message.headers, "ce_id")
    if fact_id is not None:
        place["fact_id"] = fact_id[:_LONGEST_ID]
    traceparent = header(received.message.headers, "traceparent")
    if traceparent is not None and is_received(traceparent):
        place["request_id"] = request_id(traceparent)
    return place
