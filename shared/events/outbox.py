"""The ports between a service's store and the relay: what waits to be published, who may publish it, what was."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.events.base import Event, Fact


@dataclass(frozen=True, slots=True)
class Waiting:
    """The unsent facts of one aggregate, in order; `collection` and `aggregate_id` say where they are embedded."""

    collection: str
    aggregate_id: str
    facts: tuple[Fact[Event], ...]


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much waits: facts still to send, facts parked because the broker refused them."""

    pending: int
    parked: int


class Outbox(Protocol):
    """The facts embedded in a service's aggregates and not yet published."""

    async def waiting(self, limit: int) -> Sequence[Waiting]:
        """Aggregates with unsent facts, longest waiting first; parked aggregates are left out."""
        ...

    async def sent(self, published: Sequence[Waiting]) -> None:
        """These facts are published and archived: take them out of their aggregates."""
        ...

    async def park(self, waiting: Waiting, reason: str) -> None:
        """The broker refuses the first of these facts: hold this aggregate, visibly, and let all others go on."""
        ...

    async def unpark(self) -> int:
        """Let every parked aggregate try again; returns how many."""
        ...

    async def backlog(self) -> Backlog:
        """How much waits."""
        ...

    async def changed(self, timeout_seconds: float) -> None:
        """Return when something may wait, or after the time-out."""
        ...

    async def close(self) -> None:
        """Stop looking for changes."""
        ...


class Lease(Protocol):
    """The right to be the only relay of a service, held for a while and renewed."""

    @property
    def seconds(self) -> float:
        """How long one hold lasts unless it is renewed."""
        ...

    async def hold(self) -> bool:
        """Take or renew the lease; False while another holds it."""
        ...

    async def release(self) -> None:
        """Give it back at a clean stop, so that a successor need not wait."""
        ...


class Archive(Protocol):
    """The service's append-only, hash-chained copy of all it published."""

    async def append(self, facts: Sequence[Fact[Event]]) -> None:
        """Add facts in order; one that is there already is passed over."""
        ...
