"""The W3C trace id of the work at hand: from the request or the message, into logs and into the facts it records."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

_CURRENT: ContextVar[str | None] = ContextVar("traceparent", default=None)
_TRACE = re.compile(r"[0-9a-f]{32}")
_VALID = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


def current_traceparent() -> str | None:
    """The traceparent bound to this task, if any."""
    return _CURRENT.get()


def bind_traceparent(received: str | None, request_id: str | None = None) -> str:
    """Go on with a received traceparent, or begin a trace under the gateway's request id; returns the one now bound."""
    if received is None or _VALID.fullmatch(received) is None:
        named = "" if request_id is None else request_id.replace("-", "").lower()
        trace = named if _TRACE.fullmatch(named) else secrets.token_hex(16)
        received = f"00-{trace}-{secrets.token_hex(8)}-00"
    _CURRENT.set(received)
    return received


@contextmanager
def bound_traceparent(received: str | None) -> Iterator[str]:
    """The same for the block alone: what is said and recorded behind it belongs to something else."""
    before = _CURRENT.set(None)
    try:
        yield bind_traceparent(received)
    finally:
        _CURRENT.reset(before)


def is_received(traceparent: str | None) -> bool:
    """Whether somebody before us began this trace in earnest."""
    return traceparent is not None and _VALID.fullmatch(traceparent) is not None


def is_sampled(traceparent: str) -> bool:
    """Whether the steps of this trace are kept."""
    return is_received(traceparent) and int(traceparent[-2:], 16) & 1 == 1


def request_id(traceparent: str) -> str:
    """What all steps of one piece of work share, as the gateway writes it into its log and people quote it."""
    return str(UUID(hex=traceparent.split("-")[1]))
