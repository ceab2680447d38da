"""A standing topic: facts that wait in the log before anybody reads, and how fast a group acknowledges them.

Everybody who reads is watched from outside in the same way: what his group has acknowledged at the broker, again and
again, and how much memory his processes hold. The rate is taken between the first look at which a tenth is
acknowledged and the last look before the end, so that neither start nor the wait for the last commit is in it.
"""

import asyncio
import contextlib
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from kafka import KafkaAdminClient

from deploy.local.stack import Stack
from services.scoring.settings import TOPICS
from shared.kafka.offsets import EndOffsets
from shared.kernel.errors import Unavailable
from tests.integration.scoring.load import lives, people, publish, shuffled

FACTS, SEED = 100_000, 29
ROOT = Path(__file__).parents[2]
_LOOK_SECONDS = 0.1
_BEGINS_AT = 0.1
_PATIENCE_SECONDS = 600.0
_GONE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Look:
    """What was acknowledged at a moment, and how much processor time its processes had used by then."""

    at: float
    events: int
    processor: float


@dataclass(frozen=True, slots=True)
class Watched:
    """How a group went through the standing topics."""

    rate: float
    """Events a second while it was at work."""
    seconds: float
    """From the start of the processes to everything acknowledged."""
    processor: float
    """Microseconds of processor time an event, of its processes alone: says most where a machine is busy."""
    megabytes: float
    """The largest resident memory of its processes together."""

    def __str__(self) -> str:
        at_work = f"{self.rate:,.0f} events/s, {self.processor:.0f} µs of processor an event"
        return f"{at_work}, {self.seconds:.1f} s with its start, {self.megabytes:.0f} MB"


def pour(stack: Stack, size: int) -> int:
    """Put the people and a year's facts into the topics, some twice, in any order; how many messages there are."""
    facts = [*people(), *shuffled(lives(size, SEED), SEED)[:size]]
    publish(stack.urls["kafka"], facts)
    return len(facts)


async def watch(stack: Stack, group: str, processes: Sequence[subprocess.Popen[bytes]], began: float) -> Watched:
    """Look at the group until it has acknowledged all there is; `began` is when its processes were started."""
    offsets = EndOffsets(stack.urls["kafka"], group, TOPICS)
    looks: list[Look] = []
    megabytes = 0.0
    try:
        ends = await offsets.take()
        whole = sum(ends.values())
        while not looks or looks[-1].events < whole:
            assert all(process.poll() is None for process in processes), "a process that was watched has ended"
            assert time.perf_counter() - began < _PATIENCE_SECONDS, f"{group} does not catch up"
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                acknowledged = await offsets.acknowledged()
            except Unavailable:
                # Under this load the broker answers late now and then.
                continue
            events = sum(max(0, acknowledged.get(place, 0)) for place in ends)
            looks.append(Look(time.perf_counter(), events, sum(processor_seconds(each.pid) for each in processes)))
            megabytes = max(megabytes, sum(resident_megabytes(process.pid) for process in processes))
    finally:
        await offsets.close()
    first, last = _at_work(looks, whole)
    events = last.events - first.events
    return Watched(
        rate=events / (last.at - first.at),
        seconds=looks[-1].at - began,
        processor=(last.processor - first.processor) / events * 1e6,
        megabytes=megabytes,
    )


def _at_work(looks: Sequence[Look], whole: int) -> tuple[Look, Look]:
    """From commit to commit: a look at which the number grew is one just after a commit."""
    commits = [now for before, now in pairwise(looks) if now.events > before.events]
    inner = [look for look in commits if _BEGINS_AT * whole <= look.events < whole]
    found = inner if len(inner) > 1 else commits
    assert len(found) > 1, "too few facts to measure anything by"
    return found[0], found[-1]


def resident_megabytes(pid: int | str) -> float:
    """The memory a process holds now; `self` is one too."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def processor_seconds(pid: int) -> float:
    """The processor time a process has used, in all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def running(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process from the root of the project, ended afterwards."""
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_GONE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(_GONE_SECONDS)


def forget(stack: Stack, group: str) -> None:
    """Delete a group nobody is in any more, so that whoever reads in it next begins with the first fact."""
    admin = KafkaAdminClient(bootstrap_servers=stack.urls["kafka"])
    deadline = time.monotonic() + _GONE_SECONDS
    try:
        while group in (listed["group_id"] for listed in admin.list_groups()):
            assert time.monotonic() < deadline, f"{group} cannot be deleted"
            admin.delete_groups([group])
            time.sleep(_LOOK_SECONDS)
    finally:
        admin.close()


def load_average() -> str:
    """What else the machine was doing: the one and five minutes' load, to be read beside every figure."""
    one, five, _ = os.getloadavg()
    return f"{one:.1f}, {five:.1f}"
