"""POST visit → score visible at 50 visits/s, through gateway, outbox, Kafka, Faust and MongoDB.

Every visit is of another cadre, so that the appearance of a cadre's card is the appearance of that visit's points. The
ratio is to the POST itself in the same run: how much later than the answer the score is there.
"""

import asyncio
import re
import statistics
import time
from collections.abc import Iterator
from datetime import date

import httpx
import pytest

from deploy.local.stack import Stack
from shared.kernel.access import Role
from shared.kernel.ids import UUID_PATTERN, new_id
from shared.mongo.client import connect
from shared.testing.access import a_caller
from tests.bench.report import report
from tests.people import token
from tests.running import running_stack
from tests.seeding import TOWNSHIP, Seed, seed

_PROCESSES = [
    "mongod",
    "kafka",
    "envoy",
    "identity-api",
    "visits-api",
    "visits-worker",
    "scoring-worker",
]
_ID = re.compile(UUID_PATTERN.strip("^$"))
_RATE, _VISITS, _WARM = 50, 1000, 100
_SEED = Seed.of(_VISITS + _WARM, date(2026, 1, 5))


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running_stack(_PROCESSES, {"XIANFENG_RATE_PER_MINUTE": "100000"}) as stack:
        seed(stack, _SEED)
        yield stack


async def test_post_to_score(stack: Stack) -> None:
    bearer = token(stack, a_caller(Role.ORGANISER, TOWNSHIP))
    seen: dict[str, float] = {}
    wanted, all_seen = frozenset(_SEED.cadres[:_VISITS]), asyncio.Event()
    watching = asyncio.create_task(_watch(stack, seen, wanted, all_seen))
    await asyncio.sleep(1.0)
    headers = {"Authorization": f"Bearer {bearer}"}
    async with httpx.AsyncClient(base_url=stack.urls["gateway"], headers=headers, timeout=20.0) as gateway:
        await _pour(gateway, range(_VISITS, _VISITS + _WARM))
        posted = await _pour(gateway, range(_VISITS))
    async with asyncio.timeout(30):
        await all_seen.wait()
    watching.cancel()
    visible = sorted(seen[cadre] - began for cadre, (began, _) in posted.items())
    answered = sorted(took for _, took in posted.values())
    p50, p99 = statistics.median(visible), visible[int(0.99 * len(visible))]
    post50, post99 = statistics.median(answered), answered[int(0.99 * len(answered))]

    report(
        "POST visit → score visible at 50 visits/s",
        {
            "visible": f"p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms",
            "answered": f"p50 {post50 * 1000:.0f} ms, p99 {post99 * 1000:.0f} ms",
            "ratio": f"p50 {p50 / post50:.1f}, p99 {p99 / post99:.1f}",
        },
    )


async def _pour(gateway: httpx.AsyncClient, numbers: range) -> dict[str, tuple[float, float]]:
    """Post one visit for each of these cadres at the rate; when each began and how long the answer took."""
    posted: dict[str, tuple[float, float]] = {}

    async def post(number: int) -> None:
        form = {
            "id": new_id(),
            "cadre_id": _SEED.cadres[number],
            "branch_id": _SEED.branches[number],
            "occurred_at": "2026-11-10T09:30:00+08:00",
            "note": "走访",
        }
        began = time.perf_counter()
        response = await gateway.post("/api/visits/visits", json=form)
        assert response.is_success, response.text
        posted[form["cadre_id"]] = began, time.perf_counter() - began

    began = time.perf_counter()
    tasks = []
    for turn, number in enumerate(numbers):
        await asyncio.sleep(max(0.0, began + turn / _RATE - time.perf_counter()))
        tasks.append(asyncio.create_task(post(number)))
    await asyncio.gather(*tasks)
    return posted


async def _watch(stack: Stack, seen: dict[str, float], wanted: frozenset[str], all_seen: asyncio.Event) -> None:
    """Note when each cadre's card first appears."""
    async with connect(stack.urls["mongodb"], timeout_ms=600_000) as client:
        cards = client["xianfeng_scoring"]["cards"]
        async with await cards.watch() as changes:
            async for change in changes:
                for cadre in _ID.findall(str(change["documentKey"]["_id"])):
                    seen.setdefault(cadre, time.perf_counter())
                if wanted <= seen.keys():
                    all_seen.set()
