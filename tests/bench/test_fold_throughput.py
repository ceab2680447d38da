"""How many facts a second the real worker folds, beside Faust used as its guide has it, and beside the engine alone.

All read the same standing topics of the same broker, one after the other: (a) the scoring worker, (b) a Faust agent
with a table, (c) a Faust agent that only reads the envelopes, (d) a plain loop with the same arithmetic and no store.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from deploy.local.stack import Stack
from services.scoring.settings import SERVICE
from tests.bench.report import report
from tests.bench.standing import ROOT, Watched, forget, load_average, pour, running, watch
from tests.integration.scoring.scoring_worker import ScoringWorker
from tests.running import running_stack

_ROUNDS = 3
_FLOOR_TO_TABLE, _FLOOR_TO_ENGINE = 1.7, 0.5


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running_stack(["mongod", "kafka"]) as stack:
        yield stack


def test_fold_throughput(stack: Stack, size: int, tmp_path: Path) -> None:
    messages = pour(stack, size)
    found: dict[str, list[Watched]] = {"worker": [], "table": [], "parse": []}
    plain: list[Mapping[str, float]] = []
    for number in range(_ROUNDS):
        found["worker"].append(worker(stack, tmp_path, f"xf_fold_{number}_"))
        for name in ("table", "parse"):
            found[name].append(_stand_in(stack, name, f"bench-{name}-{number}", tmp_path))
        plain.append(plain_loop(stack))
    rates = {name: statistics.median(each.rate for each in watched) for name, watched in found.items()}
    rates["plain"] = statistics.median(each["events"] / each["seconds"] for each in plain)
    to_table, to_engine = rates["worker"] / rates["table"], rates["worker"] / rates["parse"]

    report(
        "fold throughput",
        {
            "messages": messages,
            "(a) scoring worker": _told(found["worker"], rates["worker"]),
            "(b) Faust table": _told(found["table"], rates["table"]),
            "(c) Faust, envelopes only": _told(found["parse"], rates["parse"]),
            "(d) plain loop, in memory": f"{rates['plain']:,.0f} events/s, {max(e['megabytes'] for e in plain):.0f} MB",
            "(a)/(b)": f"{to_table:.2f} (floor 1.7, goal 2.5)",
            "(a)/(c)": f"{to_engine:.2f} (floor 0.5, goal 0.8)",
            "(a)/(d)": f"{rates['worker'] / rates['plain']:.2f}",
            "processor, (b)/(a), (c)/(a)": _by_processor(found),
            "load average": load_average(),
        },
    )

    assert to_table >= _FLOOR_TO_TABLE
    assert to_engine >= _FLOOR_TO_ENGINE


def worker(stack: Stack, folder: Path, prefix: str) -> Watched:
    """The real worker, through everything there is, into a database of its own; its group is forgotten afterwards."""
    process = ScoringWorker(stack, prefix, folder / f"{prefix}.log")
    began = time.perf_counter()
    process.start()
    assert process.process is not None
    try:
        watched = asyncio.run(watch(stack, SERVICE, [process.process], began))
        process.terminate()
    finally:
        process.kill()
    forget(stack, SERVICE)
    return watched


def _stand_in(stack: Stack, name: str, group: str, folder: Path) -> Watched:
    began = time.perf_counter()
    command = (sys.executable, "-m", f"tests.bench.faust_{name}", stack.urls["kafka"], group, str(folder))
    with running(*command) as process:
        return asyncio.run(watch(stack, group, [process], began))


def plain_loop(stack: Stack) -> Mapping[str, float]:
    """The plain loop in a process of its own, which says itself how long it took without its start."""
    command = [sys.executable, "-m", "tests.bench.plain_loop", stack.urls["kafka"]]
    found: Mapping[str, float] = json.loads(subprocess.check_output(command, cwd=ROOT))
    return found


def _told(watched: Sequence[Watched], rate: float) -> str:
    middle: Callable[[Watched], float] = lambda each: abs(each.rate - rate)  # noqa: E731 - the round of the median
    return str(min(watched, key=middle))


def _by_processor(found: Mapping[str, Sequence[Watched]]) -> str:
    """The same ratios by processor time, which hold on a busy machine too."""
    used = {name: statistics.median(each.processor for each in watched) for name, watched in found.items()}
    return f"{used['table'] / used['worker']:.2f}, {used['parse'] / used['worker']:.2f}"
