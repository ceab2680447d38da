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
from pathlib import Path

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from deploy.local.stack import Stack
from services.scoring.settings import TOPICS
from shared.kafka.offsets import EndOffsets
from tests.integration.scoring.load import lives, people, publish, shuffled

FACTS, SEED = 100_000, 29
ROOT = Path(__file__).parents[2]
_GROUP_OF_THE_WORKER = "scoring"
_LOOK_SECONDS = 0.1
_BEGINS_AT = 0.1
_PATIENCE_SECONDS = 600.0
_GONE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Watched:
    """How a group went through the standing topics."""

    rate: float
    """Events a second while it was at work."""
    seconds: float
    """From the start of the processes to everything acknowledged."""
    megabytes: float
    """The largest resident memory of its processes together."""

    def __str__(self) -> str:
        return f"{self.rate:,.0f} events/s, {self.seconds:.1f} s with its start, {self.megabytes:.0f} MB"


def pour(stack: Stack, size: int) -> int:
    """Put the people and a year's facts into the topics, some twice, in any order; how many messages there are."""
    facts = [*people(), *shuffled(lives(size, SEED), SEED)[:size]]
    publish(stack.urls["kafka"], facts)
    return len(facts)


async def watch(stack: Stack, group: str, processes: Sequence[subprocess.Popen[bytes]], began: float) -> Watched:
    """Look at the group until it has acknowledged all there is; `began` is when its processes were started."""
    offsets = EndOffsets(stack.urls["kafka"], group, TOPICS)
    looks: list[tuple[float, int]] = []
    megabytes = 0.0
    try:
        ends = await offsets.take()
        whole = sum(ends.values())
        while not looks or looks[-1][1] < whole:
            assert all(process.poll() is None for process in processes), "a process that was watched has ended"
            assert time.perf_counter() - began < _PATIENCE_SECONDS, f"{group} does not catch up: {looks[-1]} of {whole}"
            await asyncio.sleep(_LOOK_SECONDS)
            acknowledged = await offsets.acknowledged()
            looks.append((time.perf_counter(), sum(max(0, acknowledged.get(place, 0)) for place in ends)))
            megabytes = max(megabytes, sum(resident_megabytes(process.pid) for process in processes))
    finally:
        await offsets.close()
    return Watched(_rate(looks, whole), looks[-1][0] - began, megabytes)


def _rate(looks: Sequence[tuple[float, int]], whole: int) -> float:
    """Between commits: a look at which the number grew is one just after a commit."""
    commits = [now for before, now in zip(looks, looks[1:], strict=False) if now[1] > before[1]]
    inner = [commit for commit in commits if _BEGINS_AT * whole <= commit[1] < whole]
    (began, first), (ended, last) = (inner[0], inner[-1]) if len(inner) > 1 else (commits[0], commits[-1])
    return (last - first) / (ended - began) if ended > began else float("nan")


def resident_megabytes(pid: int | str) -> float:
    """The memory a process holds now; `self` is one too."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


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


def group_of_the_worker(stack: Stack) -> str:
    """The group the scoring worker reads in, as soon as it has joined."""
    deadline = time.monotonic() + _GONE_SECONDS
    while time.monotonic() < deadline:
        # The broker opens the list of groups when somebody first asks for it.
        with contextlib.suppress(KafkaError):
            found = [name for name in _groups(stack) if name.startswith(_GROUP_OF_THE_WORKER)]
            if found:
                return found[0]
        time.sleep(_LOOK_SECONDS)
    raise TimeoutError("the scoring worker joins no group")


def forget(stack: Stack, group: str) -> None:
    """Delete a group nobody is in any more, so that whoever reads in it next begins with the first fact."""
    admin = KafkaAdminClient(bootstrap_servers=stack.urls["kafka"])
    deadline = time.monotonic() + _GONE_SECONDS
    try:
        while group in _groups(stack):
            assert time.monotonic() < deadline, f"{group} cannot be deleted"
            admin.delete_groups([group])
            time.sleep(_LOOK_SECONDS)
    finally:
        admin.close()


def _groups(stack: Stack) -> Sequence[str]:
    admin = KafkaAdminClient(bootstrap_servers=stack.urls["kafka"])
    try:
        return [listed["group_id"] for listed in admin.list_groups()]
    finally:
        admin.close()


def load_average() -> str:
    """What else the machine was doing: the one and five minutes' load, to be read beside every figure."""
    one, five, _ = os.getloadavg()
    return f"{one:.1f}, {five:.1f}"
