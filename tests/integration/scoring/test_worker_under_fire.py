"""SIGTERM and kill -9 of the scoring worker under load: ledger, cards and scores are those of the oracle."""

import asyncio
import random
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from fractions import Fraction
from pathlib import Path

import pytest

from deploy.local.stack import Stack
from services.scoring.adapters.mongo import MongoCards, prepare
from services.scoring.adapters.real_ports import RealPorts
from services.scoring.domain.awards import CardKey
from services.scoring.domain.build import Build
from services.scoring.domain.card import Card
from services.scoring.domain.generation import Generation
from services.scoring.domain.score import score
from services.scoring.settings import SERVICE, TOPICS
from services.scoring.use_cases.fold_facts import fold_facts
from services.scoring.worker.agent import Agent
from services.scoring.worker.batches import BatchHandling
from services.scoring.worker.faust_app import Told
from shared.kafka.offsets import EndOffsets
from shared.kafka.producer import DEAD_LETTER_BYTES, KafkaPublisher
from shared.kernel.calendar import Period
from shared.mongo.client import connect
from shared.telemetry.settings import PlatformSettings
from tests.integration.scoring.load import lives, people, publish, shuffled
from tests.integration.scoring.poison import POISON, publish_raw, rejected
from tests.integration.scoring.scoring_worker import (
    ScoringWorker,
    announced,
    expected_of,
    the_generation,
    wait_until_folded,
    written,
)
from tests.running import running_stack
from tests.unit.scoring.oracle import Expected, expected

PREFIX = "xf_fire_"
FACTS = 10_000
SEED = 7
BLOWS = ("term", "term", "kill", "term", "term", "kill", "term", "kill")
assert len(BLOWS) == len(POISON), "with each blow another message that is no fact"


@pytest.fixture(scope="module")
def engines() -> Iterator[Stack]:
    """A mongod and a Kafka that hold nothing but the facts of this module."""
    with running_stack(["mongod", "kafka"]) as stack:
        yield stack


@pytest.fixture(scope="module")
def under_fire(engines: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScoringWorker]:
    """A worker stopped and killed in turn while facts and poison pour in, then left alone."""
    worker = ScoringWorker(engines, PREFIX, tmp_path_factory.mktemp("scoring") / "worker.log")
    facts = shuffled(lives(FACTS, SEED), SEED)
    share = len(facts) // len(BLOWS) + 1
    chance = random.Random(SEED)  # noqa: S311 - a moment, not a secret
    worker.start()
    worker.wait_until_ready()
    publish(engines.urls["kafka"], people())
    try:
        for number, blow in enumerate(BLOWS):
            batch = facts[number * share : (number + 1) * share]
            pouring = threading.Thread(target=publish, args=(engines.urls["kafka"], batch))
            pouring.start()
            publish_raw(engines.urls["kafka"], POISON[number : number + 1])
            time.sleep(chance.uniform(0.2, 1.2))
            if blow == "kill":
                worker.kill()
            else:
                assert worker.terminate() == 0, worker.log.read_text()[-3000:]
            worker.start()
            worker.wait_until_ready()
            pouring.join()
        asyncio.run(wait_until_folded(engines))
        yield worker
    finally:
        if worker.process is not None and worker.process.poll() is None:
            worker.terminate()


async def test_ledger_and_cards_are_those_of_one_pure_pass(under_fire: ScoringWorker) -> None:
    generation = the_generation()
    facts = [fact for life in lives(FACTS, SEED) for fact in life.facts]

    found = await written(under_fire.stack, PREFIX, generation)
    pure = expected_of(facts, generation)

    assert pure.ledger.keys() == found.ledger.keys()
    assert pure.ledger == found.ledger
    assert pure.cards == found.cards


async def test_scores_are_those_of_the_naive_oracle(under_fire: ScoringWorker) -> None:
    generation = the_generation()
    found = await written(under_fire.stack, PREFIX, generation)

    wanted = expected(lives(FACTS, SEED))

    assert wanted == _scores(found.cards, wanted, generation)


async def test_every_card_is_announced_in_its_last_state(under_fire: ScoringWorker) -> None:
    """Looking at all of them again, the worker finds nothing that it has not told."""
    generation = the_generation()
    found = await written(under_fire.stack, PREFIX, generation)
    async with connect(under_fire.stack.urls["mongodb"]) as client:
        cards = MongoCards(client[f"{PREFIX}scoring"], generation.id)
        await _all_told(cards)
        told = await announced(under_fire.stack, PREFIX)
        for key in found.cards:
            await cards.look_again(key.standard, key.subject_id)
        await _all_told(cards)

    again = await announced(under_fire.stack, PREFIX)
    assert len(told) == len(found.cards)
    assert {name: each["number"] for name, each in told.items()} == {
        name: each["number"] for name, each in again.items()
    }


async def _all_told(cards: MongoCards) -> None:
    async with asyncio.timeout(60):
        while await cards.count_behind():  # noqa: ASYNC110 - the worker tells nobody when it is done
            await asyncio.sleep(0.5)


async def test_poison_is_rejected_with_its_reason_and_its_bytes(under_fire: ScoringWorker) -> None:
    letters = rejected(under_fire.stack.urls["kafka"])

    # After a kill a letter may be written again; what counts is that each is there and nothing else is.
    assert {(reason, value) for reason, value in letters} == {(poison.reason, poison.value) for poison in POISON}


async def test_replay_from_zero_equals_live(under_fire: ScoringWorker, tmp_path: Path) -> None:
    generation = the_generation()
    live = await written(under_fire.stack, PREFIX, generation)

    async with _replayed(under_fire.stack, generation, tmp_path):
        replayed = await written(under_fire.stack, "xf_replay_", generation)

    assert live == replayed


@asynccontextmanager
async def _replayed(stack: Stack, generation: Generation, folder: Path) -> AsyncIterator[None]:
    """The same agent in a group of its own, from the first fact to the last, into another database."""
    settings = PlatformSettings.read({**stack.environment(), "XIANFENG_MONGODB_PREFIX": "xf_replay_"})
    client = connect(settings.mongodb_url)
    await prepare(client[settings.database(SERVICE)])
    real = RealPorts(settings, client, TOPICS)
    ports = real.of(Build.first(generation, settings.clock().now()))
    told = Told(stack.urls["kafka"], f"replay-{generation.id}", TOPICS, folder)
    dead_letters = KafkaPublisher(stack.urls["kafka"], "replay", max_request_bytes=DEAD_LETTER_BYTES)
    agent = Agent(told, BatchHandling(SERVICE, lambda facts: fold_facts(facts, ports), dead_letters))
    offsets = EndOffsets(told.bootstrap, told.group, TOPICS)
    stop = asyncio.Event()
    running = asyncio.create_task(agent.run(stop))
    try:
        ends = await offsets.take()
        async with asyncio.timeout(120):
            while not await offsets.reached(ends):
                assert not running.done(), running
                await asyncio.sleep(0.5)
        stop.set()
        await running
        yield
    finally:
        await offsets.close()
        await dead_letters.close()
        await client.close()


def _scores(cards: dict[CardKey, Card], wanted: Expected, generation: Generation) -> Expected:
    found = Expected()
    for subject, period in wanted.cadres:
        key = CardKey("cadre", subject, period)
        scored = score(cards.get(key, Card(key)), generation.book("cadre", Period.parse(period)))
        found.cadres[subject, period] = (Fraction(scored.items, 100), Fraction(scored.attainable or 0, 100))
    for subject, period in wanted.branches:
        key = CardKey("branch", subject, period)
        scored = score(cards.get(key, Card(key)), generation.book("branch", Period.parse(period)))
        found.branches[subject, period] = Fraction(scored.items, 100)
    return found
