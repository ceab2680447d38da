"""What a process consists of and whether it can do its work now."""

import asyncio
from collections.abc import Iterable
from typing import Protocol, runtime_checkable


class Part(Protocol):
    """Something a process runs for as long as it lives: a relay, a consumer, a sweep."""

    name: str

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then finish what is begun and return; an exception ends the process."""
        ...

    async def missing(self) -> str | None:
        """What keeps this part from working, in a few words; None when it works."""
        ...


class Check(Protocol):
    """Something a process needs: the store, the broker, the signing keys."""

    name: str

    async def missing(self) -> str | None:
        """What is wrong with it, in a few words; None when it answers."""
        ...


@runtime_checkable
class Settling(Protocol):
    """A part that can say whether it has done all there is to do now: who steers the clock waits for it."""

    name: str

    async def unsettled(self) -> str | None:
        """What is still under way, in a few words; None when nothing is."""
        ...


async def unsettled_parts(parts: Iterable[object]) -> dict[str, str]:
    """What is still under way, by name; empty when all is done."""
    settling = [part for part in parts if isinstance(part, Settling)]
    answers = await asyncio.gather(*(part.unsettled() for part in settling))
    return {part.name: answer for part, answer in zip(settling, answers, strict=True) if answer is not None}


async def missing_parts(checks: Iterable[Check | Part]) -> dict[str, str]:
    """What is missing, by name; empty when all is well."""
    named = list(checks)
    answers = await asyncio.gather(*(check.missing() for check in named))
    return {check.name: answer for check, answer in zip(named, answers, strict=True) if answer is not None}
