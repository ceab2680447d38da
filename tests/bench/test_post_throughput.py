"""How many visits a second the api takes, beside a bare FastAPI route that inserts one document (floor 0.5, goal 0.8).

Both run as one process each against the same MongoDB, take turns, and are sent the same bodies; the whole platform's
share (token, scope, directory, facts, metrics, log line) is what lies between them.
"""

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date

import pytest

from deploy.local.stack import Stack
from shared.kernel.access import Role
from shared.kernel.ids import new_id
from shared.testing.access import a_caller
from tests.bench.load import Outcome, post, send_all
from tests.bench.report import report
from tests.people import token
from tests.running import free_ports, running_stack
from tests.seeding import TOWNSHIP, Seed, seed

_PROCESSES = ["mongod", "kafka", "identity-api", "visits-api", "visits-worker"]
_REQUESTS, _CONNECTIONS, _ROUNDS = 1500, 32, 5
_FLOOR = 0.5
_SEED = Seed.of(20, date(2026, 1, 5))


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running_stack(_PROCESSES) as stack:
        seed(stack, _SEED)
        yield stack


@pytest.fixture(scope="module")
def bare(stack: Stack) -> Iterator[str]:
    port = free_ports()
    environment = {**os.environ, "BARE_MONGODB_URL": stack.urls["mongodb"], "BARE_PORT": str(port)}  # noqa: TID251
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.bare"], env=environment)
    _wait_for(port)
    yield f"http://127.0.0.1:{port}/visits"
    process.terminate()
    process.wait(10)


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("the bare api does not start")


def _bodies() -> list[dict[str, str]]:
    places = list(zip(_SEED.branches, _SEED.cadres, strict=True))
    return [
        {
            "id": new_id(),
            "cadre_id": places[number % len(places)][1],
            "branch_id": places[number % len(places)][0],
            "occurred_at": "2026-11-10T09:30:00+08:00",
            "note": "走访",
        }
        for number in range(_REQUESTS)
    ]


def _send(url: str, bearer: str = "") -> Outcome:
    requests = [post(url, body, bearer) for body in _bodies()]
    outcome = asyncio.run(send_all(url, requests, _CONNECTIONS))
    assert set(outcome.statuses) == {201}, outcome.statuses
    return outcome


def test_post_visit_beside_a_bare_insert(stack: Stack, bare: str) -> None:
    bearer = token(stack, a_caller(Role.ORGANISER, TOWNSHIP))
    ours = f"{stack.urls['visits-api']}/api/visits/visits"
    _send(bare)
    _send(ours, bearer)
    figures: dict[str, list[float]] = {"bare insert": [], "POST visit": [], "POST visit, relay away": []}
    for _ in range(_ROUNDS):
        figures["bare insert"].append(_send(bare).rate)
        figures["POST visit"].append(_send(ours, bearer).rate)
    stack.stop("visits-worker")
    for _ in range(_ROUNDS):
        figures["POST visit, relay away"].append(_send(ours, bearer).rate)
        figures["bare insert"].append(_send(bare).rate)
    medians = {name: statistics.median(rates) for name, rates in figures.items()}
    ratios = {name: rate / medians["bare insert"] for name, rate in medians.items()}
    report("POST throughput", {name: f"{medians[name]:.0f} requests/s, ratio {ratios[name]:.2f}" for name in medians})

    assert ratios["POST visit"] >= _FLOOR
