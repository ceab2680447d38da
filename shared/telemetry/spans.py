"""Spans: the steps of a trace, where somebody asked for them; elsewhere one comparison with None.

Whether a process traces is decided once, when it starts (`trace_by`). The steps of a fact hang under the request that
recorded it: the fact carries that request's traceparent through outbox, Kafka and archive, and is never rewritten, so
a redelivery or a rebuild is the same bytes. Spans bear routes, types and ids; never a person's data.
"""

from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from functools import wraps
from itertools import islice
from typing import Any, Literal, ParamSpec, Protocol, TypeVar

from shared.events.base import Event, Fact
from shared.telemetry.trace import is_sampled

Kind = Literal["server", "producer", "consumer", "internal"]
Attributes = Mapping[str, str | int]
P = ParamSpec("P")
R = TypeVar("R")

_FOLLOWED_AT_ONCE = 100
"""Of a larger batch the rest has no spans: so many come together only after an outage, when spans would hold it up."""


class Span(Protocol):
    """A step that is under way."""

    @property
    def traceparent(self) -> str:
        """Under what the steps that follow from this one hang."""
        ...

    def name(self, name: str) -> None:
        """Call it so: what a request is for is known after it was answered."""
        ...

    def failed(self, reason: str) -> None:
        """It did not succeed, in a few words without a person's data."""
        ...

    def end(self, attributes: Attributes = ...) -> None:
        """It is done now."""
        ...


class Tracer(Protocol):
    """Who makes spans and brings them to where they are looked at."""

    def begin(self, name: str, kind: Kind, parent: str, *, root: bool = False, attributes: Attributes = ...) -> Span:
        """Begin a step under a traceparent; `root`: as the first of that trace, whose id alone is taken."""
        ...


class Following:
    """The spans of those facts of a batch whose trace is kept."""

    def __init__(self, spans: Mapping[str, Span]) -> None:
        self._spans = spans

    def traceparent(self, fact: Fact[Event]) -> str | None:
        """Under what the steps that follow from this fact hang: its span, else whatever recorded it."""
        span = self._spans.get(fact.id)
        return fact.traceparent if span is None else span.traceparent

    def failed(self, fact: Fact[Event], reason: str) -> None:
        """The step did not succeed for this fact."""
        span = self._spans.get(fact.id)
        if span is not None:
            span.failed(reason)


_tracer: Tracer | None = None
_NOBODY = Following({})
_NOTHING: AbstractContextManager[Following] = nullcontext(_NOBODY)
_UNDER_WAY: ContextVar[Sequence[Span]] = ContextVar("spans of facts", default=())


def trace_by(tracer: Tracer | None) -> None:
    """Trace by this from now on; None: not at all."""
    global _tracer  # noqa: PLW0603 - a process traces or it does not
    _tracer = tracer


def tracer() -> Tracer | None:
    """Who makes spans in this process, if anybody."""
    return _tracer


def following(verb: str, kind: Kind, facts: Sequence[Fact[Event]]) -> AbstractContextManager[Following]:
    """A span around the block for each fact whose trace is kept; what the block raises fails them and goes on."""
    return _NOTHING if _tracer is None else _followed(_tracer, verb, kind, facts)


@contextmanager
def _followed(by: Tracer, verb: str, kind: Kind, facts: Sequence[Fact[Event]]) -> Iterator[Following]:
    kept = ((fact, parent) for fact in facts if (parent := fact.traceparent) is not None and is_sampled(parent))
    spans = {
        str(fact.id): by.begin(
            f"{verb} {fact.type}",
            kind,
            parent,
            attributes={"fact_id": fact.id, "fact_type": fact.type, "batch_size": len(facts)},
        )
        for fact, parent in islice(kept, _FOLLOWED_AT_ONCE)
    }
    with _all_ended(tuple(spans.values())):
        yield Following(spans)


def step(name: str) -> Callable[[Callable[P, Coroutine[Any, Any, R]]], Callable[P, Coroutine[Any, Any, R]]]:
    """Of a method: a span of its own under each fact that is being followed while it runs."""

    def stepping(method: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
        @wraps(method)
        async def stepped(*args: P.args, **kwargs: P.kwargs) -> R:
            above = _UNDER_WAY.get()
            if _tracer is None or not above:
                return await method(*args, **kwargs)
            with _all_ended([_tracer.begin(name, "internal", span.traceparent) for span in above]):
                return await method(*args, **kwargs)

        return stepped

    return stepping


@contextmanager
def _all_ended(spans: Sequence[Span]) -> Iterator[None]:
    before = _UNDER_WAY.set(spans)
    try:
        yield
    except BaseException as error:
        for span in spans:
            span.failed(type(error).__name__)
        raise
    finally:
        _UNDER_WAY.reset(before)
        for span in spans:
            span.end()
