"""Every hand-written example goes through this service's worker as if it came from Kafka, in any order and twice."""

from dataclasses import replace

import pytest

from services.visits.adapters.in_memory import InMemoryProblems, InMemoryVisits, in_memory_directory
from services.visits.adapters.procedures import read_deadlines
from services.visits.settings import SERVICE
from services.visits.use_cases.ports import Ports
from services.visits.worker.members_facts import TOPICS, on_members_fact
from shared.events.base import Event
from shared.events.catalogue import CATALOGUE, rejected_topic
from shared.events.codec import Headers, fact_type
from shared.events.members import PostingStarted
from shared.events.recording import Recorder
from shared.kafka.handling import Handling
from shared.kafka.rejects import Received
from shared.testing.clock import StoppedClock
from shared.testing.examples import Example, examples
from shared.testing.in_memory_log import InMemoryLog, end_by_raising

GOOD, BAD = examples(readable=True), examples(readable=False)
_DEADLINES = read_deadlines()


def in_memory_ports() -> Ports:
    clock = StoppedClock()
    recorder = Recorder(SERVICE, clock)
    stores = InMemoryVisits(recorder), InMemoryProblems(recorder)
    return Ports(*stores, in_memory_directory(), clock, _DEADLINES)


def handling_over(log: InMemoryLog) -> Handling:
    return Handling(SERVICE, on_members_fact(in_memory_ports()), log, end=end_by_raising)


def received(example: Example) -> Received:
    return Received(example.topic, 0, 0, example.message, 0.0)


@pytest.mark.parametrize("example", GOOD, ids=lambda example: example.name)
async def test_a_good_example_is_learnt_or_passed_over(example: Example) -> None:
    log = InMemoryLog()
    handling = handling_over(log)
    for _ in range(2):
        await handling.take(received(example))

    assert log.messages(rejected_topic(example.topic)) == []


@pytest.mark.parametrize("backwards", [False, True])
async def test_all_examples_together_reject_only_what_claims_to_be_no_known_fact(*, backwards: bool) -> None:
    """What claims to be a visit is none of this worker's business, however broken it is."""
    log = InMemoryLog()
    handling = handling_over(log)
    for example in sorted(examples(), key=lambda example: example.name, reverse=backwards):
        await handling.take(received(example))

    unknown = [str(example.reason) for example in BAD if fact_type(example.message.headers) not in CATALOGUE]
    assert sorted(unknown) == sorted(_reasons(log))


@pytest.mark.parametrize("example", BAD, ids=lambda example: example.name)
async def test_a_bad_example_that_claims_to_be_a_fact_of_members_is_rejected(example: Example) -> None:
    log = InMemoryLog()
    claiming = replace(example, message=replace(example.message, headers=_claiming_to_be(PostingStarted, example)))

    await handling_over(log).take(received(claiming))

    assert len(_reasons(log)) == 1


def _claiming_to_be(event: type[Event], example: Example) -> Headers:
    """The envelope with this event's type, unless its own type is what is wrong with it."""
    known = fact_type(example.message.headers) in CATALOGUE
    claimed = event.TYPE.encode()
    return tuple((name, claimed if known and name == "ce_type" else text) for name, text in example.message.headers)


def _reasons(log: InMemoryLog) -> list[str]:
    """Why each dead letter is one."""
    return [dict(message.headers)["xf_reason"].decode() for message in log.messages(rejected_topic("visits.events"))]


def test_the_worker_reads_every_topic_whose_facts_are_meant_for_it() -> None:
    meant = {entry.topic for entry in CATALOGUE.values() if SERVICE in entry.consumers}

    assert meant == set(TOPICS)
