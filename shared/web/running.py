"""Running a process: an api under uvicorn, or a worker made of parts with its health beside them."""

import asyncio
import gc
import math
import os
import shutil
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Response

from shared.kernel.errors import Unavailable
from shared.telemetry.health import Check, Part, unsettled_parts
from shared.telemetry.logs import configure_logs, logger
from shared.telemetry.metrics import DISK_FREE
from shared.telemetry.settings import PlatformSettings, UnusableSetting
from shared.telemetry.spans import trace_by
from shared.web.app import add_health

log = logger(__name__)
Composition = tuple[Sequence[Part], Sequence[Check]]
"""What a worker consists of: its parts, and what else must be there for it to be ready."""
_GRACE_SECONDS = 10
_FAULT = 70
_OBJECTS_BEFORE_COLLECTION = 20_000
"""Requests leave no cycles worth looking for every 700 objects; a rarer look gives a tenth of the processor back."""
_NOT_YET = 503


def run_service(
    service: str,
    api: Callable[[PlatformSettings], FastAPI],
    worker: Callable[[PlatformSettings], Awaitable[Composition]],
) -> None:
    """Run the process the command line names, `api` or `worker`; an unusable setting ends it with a sentence."""
    try:
        settings = PlatformSettings.read()
        match sys.argv[1:]:
            case ["api"]:
                run_api(api(settings), service, settings)
            case ["worker"]:
                run_worker(service, settings, lambda: worker(settings))
            case _:
                sys.exit(f"usage: python -m services.{service} api|worker")
    except UnusableSetting as problem:
        sys.exit(str(problem))


def run_api(app: FastAPI, service: str, settings: PlatformSettings) -> None:
    """Serve the api until SIGTERM; requests under way are finished."""
    _begin(service, "api", settings)
    uvicorn.Server(_config(app, settings)).run()


def run_worker(
    service: str,
    settings: PlatformSettings,
    parts: Callable[[], Awaitable[Composition]],
) -> None:
    """Run the worker's parts until SIGTERM or until one of them fails; the supervisor restarts a failed process.

    `parts` is awaited inside the event loop and gives the parts and further readiness checks.
    """
    _begin(service, "worker", settings)
    with asyncio.Runner(loop_factory=_new_loop) as runner:
        failed = runner.run(_work(service, settings, parts))
    if failed:
        os._exit(_FAULT)


def _begin(service: str, process: str, settings: PlatformSettings) -> None:
    configure_logs(service, process, settings.log_level)
    if settings.otlp_endpoint:
        _trace(service, process, settings)
    DISK_FREE.set_function(lambda: _free_bytes(settings.data_dir))
    gc.freeze()
    gc.set_threshold(_OBJECTS_BEFORE_COLLECTION)


def _trace(service: str, process: str, settings: PlatformSettings) -> None:
    """Send traces; where OpenTelemetry is not installed, say so and do the work all the same."""
    try:
        from shared.telemetry.otlp import exporting_tracer  # noqa: PLC0415 - costs memory and half a second
    except ImportError as error:
        log.warning("traces are asked for, but OpenTelemetry is not installed", error=str(error))
        return
    trace_by(exporting_tracer(service, process, settings.otlp_endpoint, settings.traces_share))


async def _work(
    service: str,
    settings: PlatformSettings,
    parts: Callable[[], Awaitable[Composition]],
) -> bool:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    running, checks = await parts()
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    add_health(app, [*checks, *running])
    _add_settled(app, running)
    server = _HealthServer(_config(app, settings))
    serving = asyncio.create_task(server.serve())
    tasks = {asyncio.create_task(part.run(stop), name=part.name): part for part in running}
    log.info("worker started", parts=[part.name for part in running])
    stopping = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait({*tasks, stopping, serving}, return_when=asyncio.FIRST_COMPLETED)
    failed = any(task in tasks and (task.exception() is not None or not stop.is_set()) for task in done)
    for task in done & set(tasks):
        log.critical("a part ended", part=task.get_name(), exc_info=task.exception())
    stop.set()
    _, unfinished = await asyncio.wait(tasks, timeout=_GRACE_SECONDS) if tasks else (set(), set())
    for task in unfinished:
        log.error("a part did not stop in time", service=service, part=task.get_name())
        task.cancel()
    server.should_exit = True
    await asyncio.gather(serving, stopping, *tasks, return_exceptions=True)
    log.info("worker stopped")
    return failed or bool(unfinished)


class _HealthServer(uvicorn.Server):
    """A server that leaves signals to the worker."""

    def install_signal_handlers(self) -> None:
        """Leave them as they are."""

    def capture_signals(self) -> Any:
        """Leave them as they are."""
        from contextlib import nullcontext  # noqa: PLC0415 - nothing else needs it

        return nullcontext()


def _add_settled(app: FastAPI, parts: Sequence[Part]) -> None:
    """Add `/settled`: whether everything there is to do now is done, and if not, what is under way."""

    async def settled(response: Response) -> dict[str, object]:
        try:
            unsettled = await unsettled_parts(parts)
        except Unavailable as error:
            unsettled = {"platform": str(error)}
        if unsettled:
            response.status_code = _NOT_YET
        return {"settled": not unsettled, "unsettled": unsettled}

    app.add_api_route("/settled", settled)


def _config(app: FastAPI, settings: PlatformSettings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
    )


def _free_bytes(folder: Path) -> float:
    """What is left on the disk of this folder; what cannot be told is no number, and no alert."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return math.nan


def _new_loop() -> asyncio.AbstractEventLoop:
    import uvloop  # noqa: PLC0415 - only where a loop is made

    loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
    return loop
