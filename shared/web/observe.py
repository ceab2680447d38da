"""What every request leaves behind: an answer, a trace id, a duration by route, a line in the log."""

import time

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.telemetry.logs import logger
from shared.telemetry.metrics import HTTP_SECONDS
from shared.telemetry.spans import Span, Tracer, tracer
from shared.telemetry.trace import bind_traceparent, is_received, request_id
from shared.web.problem import unexpected_problem

log = logger(__name__)
_NOISE = ("/livez", "/readyz", "/metrics")
_TRACES = frozenset({b"traceparent", b"x-request-id"})
_REFUSED = 400
_FAULT = 500
_AWAY = 503


class Observe:
    """ASGI middleware around the whole application; the route template, never the path, becomes a label.

    A fault is answered here and goes no further: the server would close the connection behind the answer, and the
    gateway would send the next request, somebody else's, into it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Time one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = {name: value.decode("latin-1") for name, value in scope["headers"] if name in _TRACES}
        traceparent = bind_traceparent(told.get(b"traceparent"), told.get(b"x-request-id"))
        quoted = request_id(traceparent)
        by = tracer()
        span = None if by is None else _begun(by, scope, told.get(b"traceparent"), traceparent)
        status, answered = _FAULT, False
        began = time.perf_counter()

        async def answer(message: Message) -> None:
            nonlocal status, answered
            if message["type"] == "http.response.start":
                status, answered = message["status"], True
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", quoted.encode())]
            await send(message)

        try:
            await self._app(scope, receive, answer)
        except Exception as fault:
            if answered:
                raise
            answered_with = await unexpected_problem(Request(scope), fault)
            await answered_with(scope, receive, answer)
        finally:
            seconds = time.perf_counter() - began
            route = _route(scope)
            method = scope["method"]
            HTTP_SECONDS.labels(method, route, str(status)).observe(seconds)
            if span is not None:
                _end(span, method, route, status)
            if not route.endswith(_NOISE):
                # Each request stands in the gateway's log under the same id; here only what went wrong. While the
                # store is away that is all of them: as a warning it is said so often a minute, then counted.
                say = log.warning if status == _AWAY else log.info if status >= _REFUSED else log.debug
                say("request", method=method, route=route, status=status, milliseconds=round(seconds * 1000, 1))


def _begun(by: Tracer, scope: Scope, received: str | None, traceparent: str) -> Span | None:
    """The span of a request, under which its facts and its log lines hang from now on; health has none."""
    if scope["path"].endswith(_NOISE):
        return None
    span = by.begin(scope["method"], "server", traceparent, root=not is_received(received))
    bind_traceparent(span.traceparent)
    return span


def _end(span: Span, method: str, route: str, status: int) -> None:
    span.name(f"{method} {route}")
    if status >= _FAULT:
        span.failed(str(status))
    span.end({"http.request.method": method, "http.route": route, "http.response.status_code": status})


def _route(scope: Scope) -> str:
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) else "unmatched"
