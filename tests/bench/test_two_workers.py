"""Two workers beside one on the same standing topics of eight partitions; on two cores they share with the engines."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.stack import Stack
from services.scoring.settings import SERVICE
from tests.bench.report import report
from tests.bench.standing import Watched, forget, load_average, pour, watch
from tests.integration.scoring.scoring_worker import ScoringWorker
from tests.running import running_stack


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running_stack(["mongod", "kafka"]) as stack:
        yield stack


def test_two_workers(stack: Stack, size: int, tmp_path: Path) -> None:
    messages = pour(stack, size)
    one, two = (workers(stack, tmp_path, f"xf_{many}_workers_", many) for many in (1, 2))

    report(
        "two workers beside one",
        {
            "messages": messages,
            "one": str(one),
            "two": str(two),
            "ratio": f"{two.rate / one.rate:.2f} at work, {one.seconds / two.seconds:.2f} with their start",
            "load average": load_average(),
        },
    )


def workers(stack: Stack, folder: Path, prefix: str, many: int) -> Watched:
    """So many real workers, through everything there is; their group is forgotten afterwards."""
    started = [ScoringWorker(stack, prefix, folder / f"{prefix}{each}.log", number=each) for each in range(many)]
    began = time.perf_counter()
    for worker in started:
        worker.start()
    processes = [worker.process for worker in started if worker.process is not None]
    try:
        watched = asyncio.run(watch(stack, SERVICE, processes, began))
        for worker in started:
            worker.terminate()
    finally:
        for worker in started:
            worker.kill()
    forget(stack, SERVICE)
    return watched
