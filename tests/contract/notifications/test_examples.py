"""Every hand-written example goes through this service's worker as if it came from Kafka, in any order and twice."""

import pytest

from services.notifications.adapters.in_memory import (
    InMemoryAgendas,
    InMemoryObligations,
    in_memory_acts,
    in_memory_directory,
)
from services.notifications.adapters.library import read_library
from services.notifications.settings import SERVICE
from services.notifications.use_cases.carry_out_due import carry_out_due
from services.notifications.use_cases.ports import Ports
from services.notifications.worker.facts import TOPICS, on_fact
from shared.events.catalogue import CATALOGUE, rejected_topic
from shared.events.recording import Recorder
from shared.kafka.handling import Handling
from shared.kafka.rejects import Received
from shared.testing.clock import StoppedClock
from shared.testing.examples import Example, examples
from shared.testing.in_memory_log import InMemoryLog, end_by_raising


def in_memory_ports() -> Ports:
    clock = StoppedClock()
    return Ports(
        obligations=InMemoryObligations(Recorder(SERVICE, clock)),
        directory=in_memory_directory(),
        acts=in_memory_acts(),
        agendas=InMemoryAgendas(),
        clock=clock,
        library=read_library(),
    )


def received(example: Example) -> Received:
    return Received(example.topic, 0, 0, example.message, 0.0)


@pytest.mark.parametrize("example", examples(readable=True), ids=lambda example: example.name)
async def test_a_good_example_is_handled_or_passed_over(example: Example) -> None:
    log = InMemoryLog()
    handling = Handling(SERVICE, on_fact(in_memory_ports()), log, end=end_by_raising)
    for _ in range(2):
        await handling.take(received(example))

    assert log.messages(rejected_topic(example.topic)) == []


@pytest.mark.parametrize("backwards", [False, True])
async def test_all_good_examples_together_leave_obligations_that_can_be_carried_out(*, backwards: bool) -> None:
    log, ports = InMemoryLog(), in_memory_ports()
    handling = Handling(SERVICE, on_fact(ports), log, end=end_by_raising)
    for example in sorted(examples(readable=True), key=lambda example: example.name, reverse=backwards):
        await handling.take(received(example))
    await carry_out_due(ports.clock.now(), ports)

    assert [topic for topic in TOPICS if log.messages(rejected_topic(topic))] == []


def test_the_worker_reads_every_topic_whose_facts_are_meant_for_it() -> None:
    meant = {entry.topic for entry in CATALOGUE.values() if SERVICE in entry.consumers}

    assert meant == set(TOPICS)
