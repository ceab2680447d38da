"""The FastAPI application every service starts from."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI, Response
from fastapi.exceptions import RequestValidationError
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException

from shared.kernel.errors import DomainError, Unavailable
from shared.telemetry.health import Check, missing_parts
from shared.telemetry.metrics import PART_MISSING
from shared.web import documentation, openapi, problem
from shared.web.access import Verifier, route_access
from shared.web.observe import Observe

_NOT_READY = 503


def create_app(
    service: str,
    title: str,
    *,
    verifier: Verifier,
    routers: Sequence[APIRouter],
    checks: Sequence[Check] = (),
    open_paths: Sequence[str] = (),
    on_start: Callable[[], Any] | None = None,
    on_stop: Callable[[], Any] | None = None,
) -> FastAPI:
    """An api under `/api/<service>` with problems, access, documentation, health and metrics in place.

    Routers carry their full path as prefix. `open_paths` are route paths that need no token; raises UnguardedRoute when
    another route names no roles. `app.state.access` keeps what each route asks for. `on_start` and `on_stop` are
    awaited around the application's life.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if on_start is not None:
            await on_start()
        yield
        if on_stop is not None:
            await on_stop()

    life: Callable[[FastAPI], AbstractAsyncContextManager[None]] = lifespan
    app = FastAPI(
        title=title,
        version="1",
        openapi_url=f"/api/{service}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=life,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.verifier = verifier
    for router in routers:
        app.include_router(router)
    app.state.access = route_access(routers, open_paths)
    openapi.describe(app, app.state.access)
    add_health(app, checks, prefix=f"/api/{service}")
    documentation.add(app, service)
    app.add_exception_handler(DomainError, problem.domain_problem)
    app.add_exception_handler(Unavailable, problem.unavailable_problem)
    app.add_exception_handler(RequestValidationError, problem.validation_problem)
    app.add_exception_handler(HTTPException, problem.http_problem)
    app.add_middleware(Observe)
    return app


def add_health(app: FastAPI, checks: Sequence[Check], *, prefix: str = "") -> None:
    """Add `/livez`, `/readyz` (names what is missing), `/metrics`, and a boolean `/readyz` under the prefix."""

    async def livez() -> dict[str, bool]:
        return {"alive": True}

    async def readyz(response: Response) -> dict[str, object]:
        missing = await missing_parts(checks)
        if missing:
            response.status_code = _NOT_READY
        return {"ready": not missing, "missing": missing}

    async def public_readyz(response: Response) -> dict[str, bool]:
        missing = await missing_parts(checks)
        if missing:
            response.status_code = _NOT_READY
        return {"ready": not missing}

    async def metrics() -> Response:
        missing = await missing_parts(checks)
        for check in checks:
            PART_MISSING.labels(check.name).set(check.name in missing)
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    for path, endpoint in (("/livez", livez), ("/readyz", readyz), ("/metrics", metrics)):
        app.add_api_route(path, endpoint, include_in_schema=False)
    if prefix:
        app.add_api_route(f"{prefix}/readyz", public_readyz, include_in_schema=False)
