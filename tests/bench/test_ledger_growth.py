"""Whether folding costs more the more a subject's ledger holds (floor 1.3, goal 1.1).

The same number of new facts is folded into the year of a cadre whose ledger holds few entries and into that of one
whose ledger holds many, in turns, one by one and in batches; the ratio is of the medians.
"""

import random
import statistics
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta

import pytest

from deploy.local.stack import Stack
from services.scoring.adapters.real_ports import RealPorts
from services.scoring.settings import TOPICS
from services.scoring.use_cases.fold_facts import fold_facts
from services.scoring.use_cases.ports import Ports
from shared.events.base import Event, Fact
from shared.kernel.ids import derived_id
from shared.mongo.client import connect
from shared.telemetry.settings import PlatformSettings
from tests.bench.report import report
from tests.bench.standing import FACTS, load_average
from tests.integration.scoring.load import branch
from tests.running import running_stack
from tests.unit.scoring.facts import VisitLife

_SMALL, _LARGE, _NEW = 100, 50_000, 1_000
_BATCHES, _EXTREME, _ROUNDS = (1, 20), 1000, 5
"""A batch of a thousand facts holds some twenty of one subject where fifty share it; all of one is told beside."""
_QUICK = 10
"""By how much a quick run is smaller."""
_FIRST = date(2024, 1, 1)
_FLOOR = 1.3


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running_stack(["mongod"]) as stack:
        yield stack


async def test_ledger_growth(stack: Stack, size: int) -> None:
    quick = 1 if size >= FACTS else _QUICK
    many, new = _LARGE // quick, _NEW // quick
    told: dict[str, object] = {"entries": f"{_SMALL:,} and {many:,}, {new:,} facts folded"}
    ratios: dict[int, float] = {}
    async with _ports(stack) as ports:
        await _fold(_year("large", many), 1000, ports)
        for batch in (*_BATCHES, _EXTREME):
            small, large = [], []
            for number in range(_ROUNDS):
                name = f"small {batch} {number}"
                await _fold(_year(name, _SMALL), 1000, ports)
                small.append(await _fold(_year(name, new, "new"), batch, ports))
                large.append(await _fold(_year("large", new, f"new {batch} {number}"), batch, ports))
            few, much = (statistics.median(each) / new * 1e6 for each in (small, large))
            ratios[batch] = much / few
            told[f"batches of {batch}"] = f"{few:,.0f} and {much:,.0f} µs a fact, ratio {much / few:.2f}"
    report("ledger growth (floor 1.3, goal 1.1)", {**told, "load average": load_average()})

    assert all(ratios[batch] <= _FLOOR for batch in _BATCHES)


def _year(cadre: str, count: int, name: str = "first") -> Sequence[Fact[Event]]:
    """So many visits of the cadre on the days of a year, in any order."""
    chance = random.Random(f"{cadre} {name}")  # noqa: S311 - a load, not a secret
    facts: list[Fact[Event]] = []
    for number in range(count):
        visit = VisitLife(f"{cadre} {name} {number}", derived_id("grown cadre", cadre), branch(number % 42))
        facts += visit.log(_FIRST + timedelta(days=chance.randrange(366))).facts
    return facts


async def _fold(facts: Sequence[Fact[Event]], batch: int, ports: Ports) -> float:
    """The seconds it takes."""
    began = time.perf_counter()
    for begin in range(0, len(facts), batch):
        await fold_facts(facts[begin : begin + batch], ports)
    return time.perf_counter() - began


@asynccontextmanager
async def _ports(stack: Stack) -> AsyncIterator[Ports]:
    settings = PlatformSettings.read({**stack.environment(), "XIANFENG_MONGODB_PREFIX": "xf_grown_"})
    async with connect(stack.urls["mongodb"], timeout_ms=60_000) as client:
        real = RealPorts(settings, client, TOPICS)
        await real.prepare()
        yield await real.live()
