"""Processes are killed and engines go away under load: nothing is lost, nothing counts twice, nobody edits a score."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Iterator
from datetime import time as time_of_day
from datetime import timedelta

import httpx
import pytest

from deploy.local.stack import Stack
from deploy.local.topology import NAMES
from shared.kernel.clock import at_local_time
from shared.kernel.ids import derived_id
from tests.integration.platform.load import MONDAY, SEED, SPARE, Load, a_load
from tests.integration.platform.reading import counts, facts_on, once, scores_of
from tests.integration.scoring.scoring_worker import expected_of, the_generation, written
from tests.running import running_stack
from tests.seeding import seed, steering

QUARTER = "2026-Q1"
PREFIX = "xianfeng_"
AWAY_SECONDS = 60.0


@pytest.fixture(scope="module")
def platform() -> Iterator[Stack]:
    """The whole platform with sixteen cadres, a fortnight into their work."""
    with running_stack() as stack:
        seed(stack, SEED, at_local_time(MONDAY, time_of_day(8)))
        asyncio.run(steering(stack).set(at_local_time(MONDAY + timedelta(days=13), time_of_day(12))))
        yield stack


@pytest.fixture
async def undisturbed(platform: Stack) -> AsyncIterator[Load]:
    async with a_load(platform, "undisturbed") as load:
        yield load


@pytest.fixture
async def disturbed(platform: Stack) -> AsyncIterator[Load]:
    async with a_load(platform, "disturbed") as load:
        yield load


async def test_every_process_killed_once_under_load_changes_no_count_and_no_score(
    platform: Stack, undisturbed: Load, disturbed: Load
) -> None:
    await undisturbed.play()
    disturbed.pause_seconds = 0.3
    working = asyncio.create_task(disturbed.play())
    await asyncio.sleep(0.5)
    for name in NAMES:
        assert not working.done() or working.result(), f"the work was over before {name} was killed"
        platform.kill(name, signal.SIGKILL)
        await asyncio.sleep(1.0)
    await working
    await _judge(platform)
    facts = facts_on(platform)

    assert disturbed.retries > 0
    assert counts(facts, frozenset(disturbed.cadres)) == counts(facts, frozenset(undisturbed.cadres))
    assert scores_of(platform, disturbed.cadres, QUARTER) == scores_of(platform, undisturbed.cadres, QUARTER)
    await _equals_one_pure_pass(platform)


async def test_kafka_away_for_a_minute_loses_nothing_and_scores_catch_up(platform: Stack, disturbed: Load) -> None:
    visits = [derived_id("while kafka is away", number) for number in range(40)]
    platform.stop("kafka")
    ended = time.monotonic() + AWAY_SECONDS
    for number, visit in enumerate(visits):
        answer = await disturbed.insist("POST", "/api/visits/visits", _a_visit(visit, number))
        assert answer["id"] == visit
    accepted_while_away = disturbed.statuses.get(201, 0)
    await asyncio.sleep(max(0.0, ended - time.monotonic()))
    platform.start("kafka")
    await _settled(platform)
    facts = facts_on(platform)

    assert accepted_while_away == len(visits)
    assert set(visits) <= {fact.subject for fact in facts}
    await _equals_one_pure_pass(platform)


async def test_mongodb_away_for_a_minute_is_a_503_with_retry_after_and_heals_without_a_restart(
    platform: Stack, disturbed: Load
) -> None:
    pids = {name: state.pid for name, state in platform.states().items() if name != "mongod"}
    platform.stop("mongod")
    ended = time.monotonic() + AWAY_SECONDS
    headers = {"Authorization": f"Bearer {disturbed.bearers['organiser']}"}
    refusals = []
    for number in range(4):
        form = _a_visit(derived_id("while mongodb is away", number), number)
        refusals.append(await disturbed.gateway.post("/api/visits/visits", json=form, headers=headers))
    unready = await disturbed.gateway.get("/api/visits/readyz")
    await asyncio.sleep(max(0.0, ended - time.monotonic()))
    platform.start("mongod")
    for number in range(4):
        form = _a_visit(derived_id("while mongodb is away", number), number)
        await disturbed.insist("POST", "/api/visits/visits", form)
    await _settled(platform)

    assert {answer.status_code for answer in (*refusals, unready)} == {httpx.codes.SERVICE_UNAVAILABLE}
    assert all(answer.headers["Retry-After"].isdigit() for answer in refusals)
    assert {answer.json()["code"] for answer in refusals} == {"platform.unavailable"}
    assert {name: state.pid for name, state in platform.states().items() if name != "mongod"} == pids
    await _equals_one_pure_pass(platform)


def _a_visit(id_: str, number: int) -> dict[str, str]:
    place = SPARE[number % len(SPARE)]
    at = at_local_time(MONDAY + timedelta(days=10), time_of_day(10))
    return {
        "id": id_,
        "cadre_id": SEED.cadres[place],
        "branch_id": SEED.branches[place],
        "occurred_at": at.isoformat(),
        "note": "走访",
    }


async def _judge(platform: Stack) -> None:
    """Let all deadlines of the fortnight and their graces pass."""
    clock = steering(platform)
    await _settled(platform)
    await clock.set(at_local_time(MONDAY + timedelta(days=28), time_of_day(12)))


async def _settled(platform: Stack) -> None:
    patient = steering(platform)
    patient.patience_seconds = 150.0
    await patient.settle()


async def _equals_one_pure_pass(platform: Stack) -> None:
    """Ledger and cards are what the pure functions make of the facts on the topics: replay from zero equals live."""
    generation = the_generation()
    pure = expected_of(once(facts_on(platform)), generation)
    found = await written(platform, PREFIX, generation)

    assert pure.ledger.keys() == found.ledger.keys()
    assert pure.ledger == found.ledger
    assert pure.cards == found.cards
