"""Two workers killed, frozen, stopped and rebalanced under a hundred thousand facts: what one pure pass gives."""

import asyncio
import random
import signal
import threading
import time
from collections.abc import Iterator, Sequence

import pytest

from deploy.local.stack import Stack
from shared.events.base import Event, Fact
from tests.integration.scoring.load import lives, people, publish
from tests.integration.scoring.scoring_worker import (
    ScoringWorker,
    expected_of,
    the_generation,
    wait_until_folded,
    written,
)
from tests.running import running_stack

PREFIX = "xf_two_"
FACTS, SEED = 100_000, 11
_AT_ONCE, _PAUSE_SECONDS = 1_000, 0.6
"""As fast as two workers on two cores keep up with, so that blows fall while there is work."""
_KILL_EVERY_SECONDS, _FROZEN_SECONDS = 10.0, 30.0
_NOT_YET_LISTENING = -signal.SIGTERM
"""How a process ends that is told to before it has imported what listens: as if killed, having read nothing."""


def disordered(facts: Sequence[Fact[Event]]) -> list[Fact[Event]]:
    """One in twenty twice, one in twenty somewhere else."""
    chance = random.Random(SEED)  # noqa: S311 - a load, not a secret
    told = list(facts)
    moved = [told.pop(chance.randrange(len(told))) for _ in range(len(told) // 20)]
    for fact in (*moved, *chance.sample(told, len(told) // 20)):
        told.insert(chance.randrange(len(told)), fact)
    return told


@pytest.fixture(scope="module")
def engines() -> Iterator[Stack]:
    with running_stack(["mongod", "kafka"]) as stack:
        yield stack


@pytest.fixture(scope="module")
def facts() -> list[Fact[Event]]:
    return [fact for life in lives(FACTS, SEED) for fact in life.facts]


@pytest.fixture(scope="module")
def battered(engines: Stack, facts: list[Fact[Event]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One worker is killed every ten seconds, the other frozen for half a minute and stopped in between."""
    folder = tmp_path_factory.mktemp("two workers")
    killed, frozen = (
        ScoringWorker(engines, PREFIX, folder / f"worker-{number}.log", number=number) for number in range(2)
    )
    killed.start()
    killed.wait_until_ready()
    frozen.start()
    publish(engines.urls["kafka"], people())
    pouring = threading.Thread(target=_pour, args=(engines.urls["kafka"], disordered(facts)))
    pouring.start()
    frosting = threading.Thread(target=_freeze_then_stop_again_and_again, args=(frozen, pouring))
    frosting.start()
    try:
        while pouring.is_alive():
            pouring.join(_KILL_EVERY_SECONDS)
            if pouring.is_alive():
                killed.kill()
                killed.start()
        frosting.join()
        asyncio.run(wait_until_folded(engines))
        yield engines
    finally:
        for worker in (killed, frozen):
            if worker.process is not None and worker.process.poll() is None:
                worker.kill()


def _pour(bootstrap: str, told: Sequence[Fact[Event]]) -> None:
    for batch in _batched(told):
        publish(bootstrap, batch)
        time.sleep(_PAUSE_SECONDS)


def _batched(told: Sequence[Fact[Event]]) -> Iterator[Sequence[Fact[Event]]]:
    for begin in range(0, len(told), _AT_ONCE):
        yield told[begin : begin + _AT_ONCE]


def _freeze_then_stop_again_and_again(worker: ScoringWorker, pouring: threading.Thread) -> None:
    time.sleep(5)
    worker.freeze()
    time.sleep(_FROZEN_SECONDS)
    worker.thaw()
    while pouring.is_alive():
        pouring.join(7.0)
        assert worker.terminate() in {0, _NOT_YET_LISTENING}, worker.log.read_text()[-3000:]
        worker.start()


async def test_ledger_and_cards_are_exactly_those_of_one_pure_pass(battered: Stack, facts: list[Fact[Event]]) -> None:
    generation = the_generation()

    found = await written(battered, PREFIX, generation)
    pure = expected_of(facts, generation)

    assert pure.ledger.keys() == found.ledger.keys()
    assert pure.ledger == found.ledger
    assert pure.cards == found.cards


def test_the_workers_were_battered_while_there_was_work(
    battered: Stack, tmp_path_factory: pytest.TempPathFactory
) -> None:
    logs = [path.read_text() for path in tmp_path_factory.getbasetemp().glob("two workers*/worker-*.log")]

    assert battered.urls
    assert all(log.count("worker started") > 2 for log in logs), [log.count("worker started") for log in logs]
