"""What it costs to be watched: POST visit with metrics and logs, and with traces too, beside an api that tells nothing.

Three processes of the same code over the same MongoDB take turns and are sent the same bodies. Every request is traced
and sent to a collector in a process of its own: the dearest there is. The relay is stopped, so nothing else works.
"""

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date

import httpx
import pytest

from deploy.local.stack import Stack
from shared.kernel.access import Role
from shared.kernel.ids import new_id
from shared.testing.access import a_caller
from tests.bench.load import post, send_all
from tests.bench.report import report
from tests.people import token
from tests.running import free_ports, running_stack
from tests.seeding import TOWNSHIP, Seed, seed

_PROCESSES = ["mongod", "kafka", "identity-api", "visits-api", "visits-worker"]
_REQUESTS, _CONNECTIONS, _ROUNDS = 1500, 32, 5
_SEED = Seed.of(20, date(2026, 1, 5))
_SILENT, _WATCHED, _TRACED = "nothing told", "metrics and logs", "metrics, logs and traces"


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running_stack(_PROCESSES) as stack:
        seed(stack, _SEED)
        for name in ("visits-worker", "visits-api"):
            stack.stop(name)
        yield stack


@contextmanager
def _running(command: Sequence[str], port: int, environment: dict[str, str]) -> Iterator[str]:
    process = subprocess.Popen([sys.executable, "-m", *command], env={**os.environ, **environment})  # noqa: TID251
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("a process of the bench does not start")


def _rate(url: str, bearer: str) -> float:
    branch, cadre = _SEED.branches[0], _SEED.cadres[0]
    visit = {"cadre_id": cadre, "branch_id": branch, "occurred_at": "2026-11-10T09:30:00+08:00", "note": "走访"}
    requests = [post(url, {"id": new_id(), **visit}, bearer) for _ in range(_REQUESTS)]
    outcome = asyncio.run(send_all(url, requests, _CONNECTIONS))
    assert set(outcome.statuses) == {201}, outcome.statuses
    return outcome.rate


def test_what_being_watched_costs_a_post(stack: Stack) -> None:
    bearer = token(stack, a_caller(Role.ORGANISER, TOWNSHIP))
    first = free_ports()
    with ExitStack() as running:
        collector = running.enter_context(_running(["tests.bench.collector", str(first)], first, {}))
        apis: dict[str, str] = {}
        for place, (name, command, settings) in enumerate(
            (
                (_SILENT, ["tests.bench.untold"], {"XIANFENG_LOG_LEVEL": "error"}),
                (_WATCHED, ["services.visits", "api"], {}),
                (_TRACED, ["services.visits", "api"], {"OTEL_EXPORTER_OTLP_ENDPOINT": collector}),
            )
        ):
            port = first + place + 1
            environment = {**stack.environment(), "XIANFENG_PORT": str(port), **settings}
            address = running.enter_context(_running(command, port, environment))
            apis[name] = f"{address}/api/visits/visits"
        figures: dict[str, list[float]] = {name: [] for name in apis}
        for url in apis.values():
            _rate(url, bearer)
        for turn in range(_ROUNDS):
            for name in (list(apis), list(reversed(apis)))[turn % 2]:
                figures[name].append(_rate(apis[name], bearer))
        time.sleep(6.0)  # the SDK sends what is left within five seconds
        sent = int(httpx.get(collector).text)
    medians = {name: statistics.median(rates) for name, rates in figures.items()}
    ratios = {name: rate / medians[_SILENT] for name, rate in medians.items()}
    told = {name: f"{medians[name]:.0f} requests/s, ratio {ratios[name]:.2f}" for name in medians}
    report(
        "cost of telemetry", {**told, "sent to the collector": f"{sent / (_ROUNDS + 1) / _REQUESTS:.0f} bytes/request"}
    )

    assert sent > 0
