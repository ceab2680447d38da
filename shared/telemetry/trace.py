"""The W3C trace id of the work at hand: from the request or the message, into logs and into the facts it records."""

import re
import secrets
from contextvars import ContextVar

_CURRENT: ContextVar[str | None] = ContextVar("traceparent", default=None)
_VALID = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


def current_traceparent() -> str | None:
    """The traceparent bound to this task, if any."""
    return _CURRENT.get()


def bind_traceparent(received: str | None) -> str:
    """Go on with a received traceparent, or begin a new trace; returns the one now bound."""
    if received is None or _VALID.fullmatch(received) is None:
        fresh = secrets.token_hex(24)
        received = f"00-{fresh[:32]}-{fresh[32:]}-00"
    _CURRENT.set(received)
    return received


def trace_id(traceparent: str) -> str:
    """The part of a traceparent that all steps of one piece of work share; people quote it as the request id."""
    return traceparent.split("-")[1]
