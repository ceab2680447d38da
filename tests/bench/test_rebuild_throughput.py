"""How many facts a second a rebuild reads into a durable ledger and cards (floor 15,000, goal 56,000).

It is the command the builder starts, in a process of its own, beside the plain loop that keeps nothing; its start
(imports, connections) is measured by a command that only looks at the register, and taken off.
"""

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

import pytest

from deploy.local.stack import Stack
from services.scoring.adapters.mongo import prepare
from services.scoring.adapters.real_ports import RealPorts
from services.scoring.settings import SERVICE, TOPICS
from services.scoring.use_cases.build_ports import Counts
from shared.mongo.client import connect
from shared.telemetry.settings import PlatformSettings
from tests.bench.report import report
from tests.bench.standing import ROOT, load_average, pour
from tests.bench.test_fold_throughput import plain_loop
from tests.running import running_stack

_ROUNDS = 3
_PATIENCE_SECONDS = 600


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running_stack(["mongod", "kafka"]) as stack:
        yield stack


def test_rebuild_throughput(stack: Stack, size: int) -> None:
    messages = pour(stack, size)
    seconds, plain, entries = [], [], set()
    for _ in range(_ROUNDS):
        build_id = asyncio.run(_asked(stack))
        started = _took(stack, "builds")
        seconds.append(_took(stack, "build", build_id) - started)
        counts = asyncio.run(_finished(stack, build_id))
        told = plain_loop(stack)
        plain.append(told["events"] / told["seconds"])
        entries.add((counts.entries, counts.cards, told["entries"], told["cards"]))
    rate, beside = messages / statistics.median(seconds), statistics.median(plain)

    report(
        "rebuild",
        {
            "messages": messages,
            "entries, cards": f"{counts.entries:,}, {counts.cards:,}",
            "rebuild": f"{rate:,.0f} events/s, {statistics.median(seconds):.1f} s (floor 15,000, goal 56,000)",
            "plain loop, in memory": f"{beside:,.0f} events/s",
            "ratio": f"{rate / beside:.2f}",
            "load average": load_average(),
        },
    )

    assert entries == {(told["entries"], told["cards"], told["entries"], told["cards"])}


def _took(stack: Stack, *words: str) -> float:
    """The seconds a command of the service takes; its standard input stays open, as the builder keeps it.

    Whether it succeeded is told by the register, as the builder sees it.
    """
    began = time.perf_counter()
    environment = {**stack.environment(), "PYTHONUNBUFFERED": "1"}
    command: Sequence[str] = (sys.executable, "-m", "services.scoring", *words)
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    with process:
        process.wait(_PATIENCE_SECONDS)
        return time.perf_counter() - began


async def _asked(stack: Stack) -> str:
    """A build to be made, beside the live one."""
    settings = PlatformSettings.read(stack.environment())
    async with connect(stack.urls["mongodb"]) as client:
        await prepare(client[settings.database(SERVICE)])
        ports = RealPorts(settings, client, TOPICS).builds
        now = ports.clock.now()
        await ports.builds.first(ports.shipped, now)
        return (await ports.builds.rebuild(now)).id


async def _finished(stack: Stack, build_id: str) -> Counts:
    """How much was built; it is shown then, so that the next may be asked for."""
    settings = PlatformSettings.read(stack.environment())
    async with connect(stack.urls["mongodb"], timeout_ms=60_000) as client:
        ports = RealPorts(settings, client, TOPICS).builds
        build = await ports.builds.find(build_id)
        assert build is not None
        assert build.state == "ready", build
        assert await ports.builds.switch(build_id)
        return await ports.bulk_of(build).counts()
