"""What the demo does, as data: requests in waves, waves in steps, each step at one instant of the steered clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """An id the platform made, looked up where people see it: in the list `among` at `path`, an entry like `where`."""

    path: str
    among: str
    where: Mapping[str, str]
    take: str


@dataclass(frozen=True, slots=True)
class Action:
    """One request of one account.

    `seen` goes into If-Match. `makes` is the revision the thing has afterwards: a repetition that comes too late is
    recognised by it, read at `thing`. `finds` is what the body is completed by just before, by field.
    """

    who: str
    method: str
    path: str
    body: Body | None = None
    seen: int | None = None
    makes: int | None = None
    thing: str | None = None
    finds: Mapping[str, Found] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """What people do at one instant: waves one after another, the requests of a wave together."""

    at: datetime
    title: str
    waves: tuple[tuple[Action, ...], ...] = ()

    @property
    def count(self) -> int:
        """How many requests it has."""
        return sum(len(wave) for wave in self.waves)


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole demo, in order."""

    steps: tuple[Step, ...] = field(default_factory=tuple)

    @property
    def count(self) -> int:
        """How many requests it has."""
        return sum(step.count for step in self.steps)


def post(who: str, path: str, body: Body) -> Action:
    """Create something under a client-made id."""
    return Action(who, "POST", path, body)


def put(who: str, thing: str, part: str = "", body: Body | None = None, *, seen: int) -> Action:
    """Change something whose revision is known."""
    return Action(who, "PUT", thing + part, body, seen=seen, makes=seen + 1, thing=thing)
