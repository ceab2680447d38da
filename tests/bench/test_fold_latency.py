"""Produce → visible in the card at 200 events a second, the peak of a county (floor 60 / 150 ms, goal 20 / 60).

Every fact is a visit of another cadre or another day, so the appearance of that day in that cadre's card is the
appearance of that fact. It is seen from outside, by a change stream on the cards: that comes after the majority has it
and costs a way of its own, so it is the most a reader can have waited, never the least. The worker's own histogram
begins later (at the broker's stamp) and ends earlier (when the write has returned); its mean is told beside.
"""

import asyncio
import re
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from kafka import KafkaProducer

from deploy.local.stack import Stack
from shared.events.base import Event, Fact
from shared.events.catalogue import CATALOGUE, topic_of
from shared.events.codec import encode
from shared.events.visits import VisitLogged
from shared.kernel.ids import UUID_PATTERN, derived_id
from shared.mongo.client import Document, connect
from tests.bench.report import report
from tests.bench.standing import FACTS, ROOT, load_average
from tests.integration.scoring.load import BRANCHES, branch, people, publish
from tests.integration.scoring.scoring_worker import ScoringWorker, wait_until_folded
from tests.running import running_stack
from tests.unit.scoring.facts import VisitLife

_PREFIX, _BARE = "xf_late_", "xf_bare"
_RATE, _SECONDS, _WARM_SECONDS, _QUICK_SECONDS = 200, 30, 5, 5
_CADRES = 100
_WARM, _MEASURED = date(2025, 1, 1), date(2024, 1, 1)
_ID, _DAY = re.compile(UUID_PATTERN.strip("^$")), re.compile(r"\d{4}-\d{2}-\d{2}")
Seen = dict[tuple[str, str], float]


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running_stack(["mongod", "kafka"]) as stack:
        yield stack


async def test_fold_latency(stack: Stack, size: int, tmp_path: Path) -> None:
    seconds = _SECONDS if size >= FACTS else _QUICK_SECONDS
    with _bare(stack):
        bare = await _latencies(stack, _BARE, "bare", seconds)
    worker = ScoringWorker(stack, _PREFIX, tmp_path / "worker.log")
    publish(stack.urls["kafka"], people())
    worker.start()
    try:
        worker.wait_until_ready()
        await wait_until_folded(stack)
        before = _freshness(worker)
        ours = await _latencies(stack, f"{_PREFIX}scoring", "ours", seconds)
        after = _freshness(worker)
    finally:
        worker.kill()
    (p50, p99), (bare50, bare99) = _percentiles(ours), _percentiles(bare)

    report(
        f"produce → card at {_RATE} events/s for {seconds} s",
        {
            "visible": f"p50 {p50:.0f} ms, p99 {p99:.0f} ms (floor 60 / 150, goal 20 / 60)",
            "bare loop, one update a record": f"p50 {bare50:.0f} ms, p99 {bare99:.0f} ms",
            "ratio": f"p50 {p50 / bare50:.1f}, p99 {p99 / bare99:.1f}",
            "worker's own word, mean": f"{1000 * (after[0] - before[0]) / (after[1] - before[1]):.0f} ms",
            "load average": load_average(),
        },
    )


def _visits(of: str, first: date, seconds: int) -> list[Fact[Event]]:
    """A visit for each fact to be sent; nobody who was visited in one run is in the other."""
    facts: list[Fact[Event]] = []
    for number in range(seconds * _RATE):
        cadre_id = derived_id("late cadre", of, number % _CADRES)
        visit = VisitLife(f"{of} {first} {number}", cadre_id, branch(number % BRANCHES))
        facts += visit.log(first + timedelta(days=number // _CADRES)).facts
    return facts


async def _latencies(stack: Stack, database: str, of: str, seconds: int) -> list[float]:
    """The milliseconds each fact took, sorted; what is sent before, to warm all up, is not among them."""
    seen: Seen = {}
    producer = KafkaProducer(bootstrap_servers=stack.urls["kafka"], linger_ms=0)
    try:
        async with _watching(stack, database, seen) as noting:
            await _pour(producer, _visits(of, _WARM, _WARM_SECONDS))
            sent = await _pour(producer, _visits(of, _MEASURED, seconds))
            async with asyncio.timeout(60):
                while not sent.keys() <= seen.keys():
                    assert not noting.done(), noting
                    await asyncio.sleep(0.2)
    finally:
        producer.close()
    return sorted(1000 * (seen[fact] - began) for fact, began in sent.items())


async def _pour(producer: KafkaProducer, facts: Sequence[Fact[Event]]) -> Seen:
    """Send the facts at the rate; when each was sent."""
    sent: Seen = {}
    began = time.perf_counter()
    messages = [(fact.event, encode(fact)) for fact in facts]
    for number, (event, message) in enumerate(messages):
        assert isinstance(event, VisitLogged)
        await asyncio.sleep(max(0.0, began + number / _RATE - time.perf_counter()))
        sent[event.cadre_id, event.day.isoformat()] = time.perf_counter()
        producer.send(topic_of(event), value=message.value, key=message.key, headers=list(message.headers))
    return sent


@asynccontextmanager
async def _watching(stack: Stack, database: str, seen: Seen) -> AsyncIterator[asyncio.Task[None]]:
    """Note when each day first appears in each cadre's card."""
    async with (
        connect(stack.urls["mongodb"], timeout_ms=600_000) as client,
        await client[database]["cards"].watch() as changes,
    ):

        async def note() -> None:
            async for change in changes:
                now = time.perf_counter()
                [cadre] = _ID.findall(str(change["documentKey"]["_id"]))
                for day in _DAY.findall(str(_what_is_new(change))):
                    seen.setdefault((cadre, day), now)

        noting = asyncio.create_task(note())
        try:
            yield noting
        finally:
            noting.cancel()
            await asyncio.gather(noting, return_exceptions=True)


def _what_is_new(change: Document) -> object:
    """The totals an insert brought, or those fields an update changed."""
    if change["operationType"] == "insert":
        return change["fullDocument"].get("totals")
    return change["updateDescription"]["updatedFields"]


class _bare:  # noqa: N801 - reads as a word
    """The bare loop in a process of its own."""

    def __init__(self, stack: Stack) -> None:
        topic = CATALOGUE[VisitLogged.TYPE].topic
        urls = stack.urls["kafka"], stack.urls["mongodb"]
        command = [sys.executable, "-m", "tests.bench.bare_fold", *urls, _BARE, topic]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)

    def __enter__(self) -> None:
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n"

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait(10)
        assert self._process.stdout is not None
        self._process.stdout.close()


def _freshness(worker: ScoringWorker) -> tuple[float, float]:
    """The sum of seconds and the number of facts of the worker's histogram."""
    text = httpx.get(f"http://127.0.0.1:{worker.port}/metrics").text
    found = {"sum": 0.0, "count": 0.0}
    for line in text.splitlines():
        for name in found:
            if line.startswith(f"xianfeng_freshness_seconds_{name}"):
                found[name] += float(line.rsplit(" ", 1)[1])
    return found["sum"], found["count"]


def _percentiles(latencies: Sequence[float]) -> tuple[float, float]:
    return statistics.median(latencies), latencies[int(0.99 * len(latencies))]
