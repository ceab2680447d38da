"""A warm `make up`: how long until all is ready, beside the engines (mongod and Kafka) alone in the same run."""

import statistics
import tempfile
import time
from pathlib import Path

from deploy.local.stack import Stack
from tests.bench.report import report
from tests.running import free_ports

_ROUNDS = 3
_SETTINGS = {"XIANFENG_TEST": "on", "XIANFENG_DEMO": "off"}


def test_warm_up() -> None:
    base = free_ports()
    with tempfile.TemporaryDirectory(prefix="xf-") as folder:
        whole = Stack(Path(folder) / "whole", base, base + 69, _SETTINGS)
        engines = Stack(Path(folder) / "engines", base, base + 69, _SETTINGS, ["mongod", "kafka"])
        figures: dict[str, list[float]] = {"whole platform": [], "mongod and Kafka alone": []}
        resident = 0.0
        try:
            for stack in (whole, engines):
                stack.up()
                stack.down()
            for _ in range(_ROUNDS):
                figures["whole platform"].append(_seconds(whole))
                resident = _resident_megabytes(whole)
                whole.down()
                figures["mongod and Kafka alone"].append(_seconds(engines))
                engines.down()
        finally:
            whole.reset()
            engines.reset()
    medians = {name: statistics.median(seconds) for name, seconds in figures.items()}
    ratio = medians["whole platform"] / medians["mongod and Kafka alone"]
    told: dict[str, object] = {name: f"{seconds:.1f} s" for name, seconds in medians.items()}
    report("warm make up", {**told, "ratio": f"{ratio:.1f}", "resident": f"{resident:.0f} MB"})


def _seconds(stack: Stack) -> float:
    began = time.perf_counter()
    stack.up()
    return time.perf_counter() - began


def _resident_megabytes(stack: Stack) -> float:
    """Proportional memory of all processes of the stack, supervisor included: shared pages count once."""
    pids = [state.pid for state in stack.states().values()] + [stack.supervisor.pid()]
    return sum(_proportional_kilobytes(pid) for pid in pids if pid) / 1024


def _proportional_kilobytes(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0
