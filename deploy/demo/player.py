"""Plays the plan: sets the clock, waits until all is settled, makes a step's requests, goes on."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from deploy.demo.actions import Action, Plan, Step
from deploy.demo.gateway import Gateway

AT_ONCE = 12
"""Requests under way together: enough to keep two cores busy, few enough not to be turned away."""


class Clock(Protocol):
    """The steered clock of a platform (deploy/local/steering.py)."""

    async def set(self, instant: datetime) -> None:
        """It is now this instant: all before it was done first, everything due by it is done when this returns."""
        ...


class Audience(Protocol):
    """Who is shown how far the demo got."""

    def begins(self, step: Step) -> None:
        """This step begins."""
        ...

    def did(self, count: int) -> None:
        """So many more requests are done."""
        ...


async def play(plan: Plan, gateway: Gateway, clock: Clock, audience: Audience, reached: datetime | None) -> None:
    """Play every step, going on behind `reached`, the instant at which an interrupted run left the clock.

    The clock moves only after all requests of a step are done, so only the step it stands at may be unfinished; its
    requests are repeated, which changes nothing where they were done.
    """
    for step in plan.steps:
        if reached is not None and step.at < reached:
            audience.did(step.count)
            continue
        audience.begins(step)
        await clock.set(step.at)
        for wave in step.waves:
            await _together(wave, gateway, audience)


async def _together(wave: Sequence[Action], gateway: Gateway, audience: Audience) -> None:
    """A wave's requests, a bounded number at once; the first refusal ends the demo."""
    waiting = asyncio.Queue[Action]()
    for action in wave:
        waiting.put_nowait(action)

    async def work() -> None:
        while not waiting.empty():
            await gateway.perform(waiting.get_nowait())
            audience.did(1)

    async with asyncio.TaskGroup() as group:
        for _ in range(min(AT_ONCE, len(wave))):
            group.create_task(work())
