"""Every hand-written example a scoring worker reads goes through it as if it had come from Kafka."""

from collections.abc import Sequence

import pytest

from services.scoring.adapters.in_memory import (
    InMemoryAnnouncements,
    InMemoryCards,
    InMemoryLedger,
    InMemoryNotices,
    InMemorySeals,
)
from services.scoring.adapters.in_memory_directory import InMemoryDirectory
from services.scoring.adapters.rule_files import load_generation
from services.scoring.settings import SERVICE, TOPICS
from services.scoring.use_cases.fold_facts import fold_facts
from services.scoring.use_cases.ports import Ports
from services.scoring.worker.batches import BatchHandling
from shared.events.base import Event, Fact
from shared.events.catalogue import CATALOGUE, rejected_topic
from shared.kafka.rejects import Received
from shared.testing.clock import StoppedClock
from shared.testing.examples import Example, examples
from shared.testing.in_memory_log import InMemoryLog, end_by_raising


def handling_over(log: InMemoryLog) -> BatchHandling:
    ports = Ports(
        generation=load_generation(),
        ledger=InMemoryLedger(),
        cards=InMemoryCards(),
        announcements=InMemoryAnnouncements(),
        seals=InMemorySeals(),
        notices=InMemoryNotices(),
        directory=InMemoryDirectory(),
        clock=StoppedClock(),
    )

    async def fold(facts: Sequence[Fact[Event]]) -> None:
        await fold_facts(facts, ports)

    return BatchHandling(SERVICE, fold, log, end=end_by_raising)


def received(example: Example, number: int = 0) -> Received:
    return Received("visits.events", 0, number, example.message, 0.0)


@pytest.mark.parametrize("example", examples(readable=True), ids=lambda example: example.name)
async def test_a_good_example_is_folded_or_passed_over(example: Example) -> None:
    log = InMemoryLog()

    await handling_over(log).take_all([received(example)])

    assert log.messages(rejected_topic("visits.events")) == []


async def test_all_examples_together_reject_exactly_the_bad_ones() -> None:
    log = InMemoryLog()
    batch = [received(example, number) for number, example in enumerate(examples())]

    await handling_over(log).take_all(batch)

    bad = sorted(str(example.reason) for example in examples(readable=False))
    rejected = log.messages(rejected_topic("visits.events"))
    assert bad == sorted(dict(message.headers)["xf_reason"].decode() for message in rejected)


def test_the_worker_reads_every_topic_whose_facts_are_meant_for_it() -> None:
    meant = {entry.topic for entry in CATALOGUE.values() if SERVICE in entry.consumers}

    assert meant == set(TOPICS)
