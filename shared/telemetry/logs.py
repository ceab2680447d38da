"""JSON logs on standard output: one object a line, Chinese left readable, never a person's data."""

import logging
import sys
import time
from collections.abc import MutableMapping
from typing import Any

import structlog

from shared.telemetry.trace import current_traceparent, request_id

_REPEATS_A_MINUTE = 20
_MINUTE = 60.0
_OURS = ("services.", "shared.")
_REMEMBERED_AT_MOST = 10_000


class RepeatLimit:
    """Drops an event's repetitions beyond a number a minute, so that an outage does not fill the disk.

    Only what libraries say and our own warnings are counted: our errors each have a request or a fact of their own, and
    a request is said once. Libraries put addresses and numbers into what they say: what is remembered is forgotten
    before it fills the memory.
    """

    def __init__(self, *, remembered_at_most: int = _REMEMBERED_AT_MOST) -> None:
        self._window: dict[str, tuple[float, int]] = {}
        self._at_most = remembered_at_most

    @property
    def remembered(self) -> int:
        """How many different events are counted now."""
        return len(self._window)

    def __call__(self, _logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """The event; raises DropEvent when it was said too often this minute."""
        if event.get("level") == "critical" or (_is_ours(event) and event.get("level") != "warning"):
            return event
        name = str(event.get("event"))[:120]
        now = time.monotonic()
        if len(self._window) >= self._at_most and name not in self._window:
            self._window.clear()
        began, count = self._window.get(name, (now, 0))
        if now - began > _MINUTE:
            if count > _REPEATS_A_MINUTE:
                event["dropped_before"] = count - _REPEATS_A_MINUTE
            began, count = now, 0
        self._window[name] = (began, count + 1)
        if count >= _REPEATS_A_MINUTE:
            raise structlog.DropEvent
        return event


def _is_ours(event: MutableMapping[str, Any]) -> bool:
    return str(event.get("logger")).startswith(_OURS)


class _Named:
    """Says which process speaks, whatever thread or task it speaks from."""

    def __init__(self, service: str, process: str) -> None:
        self._names = {"service": service, "process": process}

    def __call__(self, _logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event.update(self._names)
        return event


def _with_trace(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    traceparent = current_traceparent()
    if traceparent is not None:
        event.setdefault("request_id", request_id(traceparent))
    return event


def configure_logs(service: str, process: str, level: str = "info") -> None:
    """Send structlog's and the libraries' logs to standard output as JSON, named by service and process."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        _Named(service, process),
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _with_trace,
        RepeatLimit(),
        structlog.processors.format_exc_info,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    handler = _Quiet(sys.stdout)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(number)
    for noisy in ("kafka", "aiokafka", "faust", "mode", "pymongo", "uvicorn.access", "httpx", "httpcore"):
        logging.getLogger(noisy).setLevel(max(number, logging.WARNING))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(number),  # what is not said costs nothing
        cache_logger_on_first_use=True,
    )


class _Quiet(logging.StreamHandler[Any]):
    """A stream handler for which a dropped event is no error."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            text = self.format(record)
        except structlog.DropEvent:
            return
        try:
            self.stream.write(text + "\n")
            self.flush()
        except OSError:
            return  # nobody reads any more: what is being done goes on all the same


def logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """The logger of a module; what it says is a plain English sentence with values as keys."""
    bound: structlog.typing.FilteringBoundLogger = structlog.get_logger(name)
    return bound
