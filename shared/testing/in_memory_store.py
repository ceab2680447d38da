"""A store in a dictionary: aggregates with their facts embedded, projections, outbox, archive, lease."""

import asyncio
import copy
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar, cast

from shared.events.base import Event, Fact
from shared.events.outbox import Backlog, Waiting
from shared.events.recording import Recorder
from shared.kernel.errors import AlreadyThere, NotFound, Stale
from shared.kernel.ids import new_id
from shared.mongo.aggregates import Aggregate

A = TypeVar("A", bound=Aggregate)


class InMemoryAggregates(Generic[A]):
    """Aggregates and their unsent facts; behaves as `MongoAggregates` does."""

    def __init__(self, recorder: Recorder, *, name: str = "things", move_themselves: bool = False) -> None:
        self.name = name
        self.things: dict[str, A] = {}
        self.unsent: dict[str, list[Fact[Event]]] = {}
        self.facts: list[Fact[Event]] = []
        """Everything ever recorded here, in order, sent or not."""
        self.on_save: list[Callable[[], None]] = []
        self._recorder = recorder
        self._move_themselves = move_themselves

    @property
    def events(self) -> list[Event]:
        """The events of all facts, in order: what a test of a use case looks at."""
        return [fact.event for fact in self.facts]

    async def find(self, id_: str) -> A | None:
        """The thing of that id, if there is one."""
        return self.things.get(id_)

    async def get(self, id_: str) -> A:
        """The thing of that id; raises NotFound."""
        thing = self.things.get(id_)
        if thing is None:
            raise NotFound
        return thing

    async def save(self, thing: A, *events: Event) -> None:
        """Write the thing and what happened to it; raises AlreadyThere, Stale."""
        stands = self.things.get(thing.id)
        if thing.revision == 1 and stands is not None:
            raise AlreadyThere
        if thing.revision != 1 and (stands is None or stands.revision != thing.revision - 1):
            raise Stale
        facts = self._recorder.facts(subject=thing.id, revision=thing.revision, path=thing.path, events=events)
        if stands is not None and not self._move_themselves:
            thing = replace(cast("Any", thing), path=stands.path)
        self.things[thing.id] = thing
        self.unsent.setdefault(thing.id, []).extend(facts)
        self.facts.extend(facts)
        for wake in self.on_save:
            wake()


class InMemoryOutbox:
    """The outbox over several in-memory collections."""

    def __init__(self, *collections: InMemoryAggregates[Any]) -> None:
        self._collections = {collection.name: collection for collection in collections}
        self._parked: dict[tuple[str, str], str] = {}
        self._woken = asyncio.Event()
        for collection in collections:
            collection.on_save.append(self._woken.set)

    @property
    def parked(self) -> Mapping[tuple[str, str], str]:
        """Why which aggregate is held."""
        return self._parked

    async def waiting(self, limit: int) -> Sequence[Waiting]:
        """Aggregates with unsent facts, longest waiting first; parked aggregates are left out."""
        found = [
            Waiting(name, aggregate_id, tuple(facts))
            for name, collection in self._collections.items()
            for aggregate_id, facts in collection.unsent.items()
            if facts and (name, aggregate_id) not in self._parked
        ]
        found.sort(key=lambda waiting: waiting.facts[0].recorded_at)
        return found[:limit]

    async def sent(self, published: Sequence[Waiting]) -> None:
        """These facts are published and archived: take them out of their aggregates."""
        for waiting in published:
            gone = {fact.id for fact in waiting.facts}
            unsent = self._collections[waiting.collection].unsent
            unsent[waiting.aggregate_id] = [
                fact for fact in unsent.get(waiting.aggregate_id, []) if fact.id not in gone
            ]

    async def park(self, waiting: Waiting, reason: str) -> None:
        """Hold this aggregate."""
        self._parked[waiting.collection, waiting.aggregate_id] = reason

    async def unpark(self) -> int:
        """Let every parked aggregate try again; returns how many."""
        count = len(self._parked)
        self._parked.clear()
        self._woken.set()
        return count

    async def backlog(self) -> Backlog:
        """How much waits."""
        pending = parked = 0
        for name, collection in self._collections.items():
            for aggregate_id, facts in collection.unsent.items():
                if (name, aggregate_id) in self._parked:
                    parked += len(facts)
                else:
                    pending += len(facts)
        return Backlog(pending, parked)

    async def changed(self, timeout_seconds: float) -> None:
        """Return when something may wait, or after the time-out."""
        try:
            await asyncio.wait_for(self._woken.wait(), timeout_seconds)
        except TimeoutError:
            return
        self._woken.clear()

    async def close(self) -> None:
        """Nothing to stop."""


@dataclass(slots=True)
class InMemoryArchive:
    """All that was published, each fact once."""

    facts: list[Fact[Event]] = field(default_factory=list)

    async def append(self, facts: Sequence[Fact[Event]]) -> None:
        """Add facts in order; one that is there already is passed over."""
        archived = {fact.id for fact in self.facts}
        for fact in facts:
            if fact.id not in archived:
                archived.add(fact.id)
                self.facts.append(fact)


@dataclass(slots=True)
class LeaseBoard:
    """Where in-memory leases are written: who holds it, until when."""

    holder: str | None = None
    until: float = 0.0


@dataclass(slots=True)
class InMemoryLease:
    """A lease on a board that several holders share."""

    board: LeaseBoard = field(default_factory=LeaseBoard)
    seconds: float = 5.0
    holder: str = field(default_factory=new_id)

    async def hold(self) -> bool:
        """Take or renew the lease; False while another holds it."""
        now = time.monotonic()
        if self.board.holder not in {None, self.holder} and self.board.until > now:
            return False
        self.board.holder, self.board.until = self.holder, now + self.seconds
        return True

    async def release(self) -> None:
        """Give it back."""
        if self.board.holder == self.holder:
            self.board.holder = None


class InMemoryProjection:
    """What is remembered of another service's facts; behaves as `MongoProjection` does."""

    def __init__(self) -> None:
        self._documents: dict[str, dict[str, Any]] = {}

    async def put(self, id_: str, revision: int, document: Mapping[str, Any]) -> bool:
        """Remember this unless something at least as new is remembered; returns whether it was written."""
        known = self._documents.get(id_, {})
        if known and known["revision"] >= revision:
            return False
        self._documents[id_] = {**known, **copy.deepcopy(dict(document)), "_id": id_, "revision": revision}
        return True

    async def find(self, id_: str) -> dict[str, Any] | None:
        """What is remembered under the id."""
        return copy.deepcopy(self._documents.get(id_))

    async def find_all(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """What is remembered under any of the ids, in one read, by id."""
        return [copy.deepcopy(self._documents[id_]) for id_ in sorted({*ids}) if id_ in self._documents]

    async def list(self, filter_: Mapping[str, Any]) -> list[dict[str, Any]]:
        """All whose fields equal the filter's, by id."""
        return [
            copy.deepcopy(document)
            for _, document in sorted(self._documents.items())
            if all(document.get(name) == value for name, value in filter_.items())
        ]
