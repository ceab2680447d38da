"""What every request leaves behind: an answer, a trace id, a duration by route, a line in the log."""

import time

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.telemetry.logs import logger
from shared.telemetry.metrics import HTTP_SECONDS
from shared.telemetry.trace import bind_traceparent, request_id
from shared.web.problem import unexpected_problem

log = logger(__name__)
_NOISE = ("/livez", "/readyz", "/metrics")
_TRACES = frozenset({b"traceparent", b"x-request-id"})
_REFUSED = 400
_FAULT = 500


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
        quoted = request_id(bind_traceparent(told.get(b"traceparent"), told.get(b"x-request-id")))
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
            if not route.endswith(_NOISE):
                # Each request stands in the gateway's log under the same id; here only what went wrong.
                say = log.info if status >= _REFUSED else log.debug
                say("request", method=method, route=route, status=status, milliseconds=round(seconds * 1000, 1))


def _route(scope: Scope) -> str:
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) else "unmatched"
