"""Faust's consumer, handing messages on without a task for each: half of what the engine costs."""

import types
from collections.abc import Coroutine, Generator
from typing import Any

from faust.transport.drivers.aiokafka import Consumer, Transport
from mode.services import WaitResults


class QuickConsumer(Consumer):
    """Hands a message to its stream in the task that reads, as long as that does not wait.

    For each message Faust makes a task and lets it race against three more: that the flow is suspended (a rebalance),
    the consumer stopped or crashed. Nearly always the message is in the stream's buffer before anything could race.
    Only where it has to wait, for room in the buffer or for the flow, its rest goes Faust's own way.
    """

    async def wait_first(self, *waits: Any, timeout: Any = None) -> WaitResults:  # noqa: ASYNC109 - Faust's
        """Faust's `wait_first`; `_drain_messages` calls it with the handing on and the wait for a suspended flow."""
        match waits:
            case (types.CoroutineType() as handing, suspended):
                try:
                    waits_for = handing.send(None)
                except StopIteration as done:
                    suspended.close()
                    return WaitResults([handing], [done.value], stopped=False)
                except BaseException:
                    suspended.close()
                    raise
                waits = (_rest(handing, waits_for), suspended)
        return await super().wait_first(*waits, timeout=timeout)


class QuickTransport(Transport):
    """Faust's transport with that consumer."""

    Consumer = QuickConsumer


async def _rest(handing: Coroutine[Any, Any, Any], waits_for: Any) -> Any:
    """The rest of a coroutine that was begun and now waits for something."""
    return await _going_on(handing, waits_for)


@types.coroutine
def _going_on(handing: Coroutine[Any, Any, Any], waits_for: Any) -> Generator[Any, Any, Any]:
    while True:
        error: BaseException | None = None
        try:
            yield waits_for
        except GeneratorExit:
            handing.close()
            raise
        except BaseException as thrown:  # noqa: BLE001 - whatever it is, it is for the coroutine
            error = thrown
        try:
            waits_for = handing.send(None) if error is None else handing.throw(error)
        except StopIteration as done:
            return done.value
