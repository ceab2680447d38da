"""A batch has had its effect, or is in `.rejected`, or nothing of it was acknowledged."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from services.scoring.worker.batches import BatchHandling
from services.scoring.worker.gathering import to_the_end
from shared.events.base import Event, Fact
from shared.events.catalogue import rejected_topic
from shared.events.codec import Message, encode
from shared.kafka.rejects import Received
from shared.kernel.errors import Invalid, Unavailable
from shared.testing.in_memory_log import InMemoryLog, ProcessEnded, end_by_raising
from tests.unit.scoring.facts import VisitLife

TOPIC = "visits.events"
VISITS = [VisitLife(f"visit {number}").log(date(2023, 11, 20)).facts[0] for number in range(3)]


class Effects:
    """What was folded; can be told to refuse, to be away for some tries, or to break."""

    def __init__(self) -> None:
        self.folded: list[Fact[Event]] = []
        self.refuses: Fact[Event] | None = None
        self.away_for = 0
        self.breaks = False

    async def fold(self, facts: Sequence[Fact[Event]]) -> None:
        if self.away_for:
            self.away_for -= 1
            raise Unavailable("mongodb")
        if self.breaks:
            raise RuntimeError("broken")
        if self.refuses in facts:
            raise Invalid
        self.folded += facts


def received(fact: Fact[Event], number: int = 0) -> Received:
    return Received(TOPIC, 0, number, encode(fact), 0.0)


def batch() -> list[Received]:
    return [received(fact, number) for number, fact in enumerate(VISITS)]


@pytest.fixture
def effects() -> Effects:
    return Effects()


@pytest.fixture
def log() -> InMemoryLog:
    return InMemoryLog()


@pytest.fixture
def handling(effects: Effects, log: InMemoryLog) -> BatchHandling:
    return BatchHandling("scoring", effects.fold, log, end=end_by_raising)


async def test_a_batch_is_folded_in_one_go(handling: BatchHandling, effects: Effects) -> None:
    await handling.take_all(batch())

    assert effects.folded == VISITS


@pytest.mark.parametrize(
    ("value", "reason"),
    [(None, "null"), (b"{", "broken_json"), (b"\xff\xfe", "invalid_utf8"), (b"{}", "broken_payload")],
)
async def test_poison_is_rejected_and_the_rest_is_folded(
    handling: BatchHandling, effects: Effects, log: InMemoryLog, value: bytes | None, reason: str
) -> None:
    good = batch()
    poison = replace(good[1], message=Message(good[1].message.key, good[1].message.headers, value))

    await handling.take_all([good[0], poison, good[2]])

    [letter] = log.messages(rejected_topic(TOPIC))
    assert effects.folded == [VISITS[0], VISITS[2]]
    assert (letter.value, dict(letter.headers)["xf_reason"].decode()) == (value, reason)
    assert dict(letter.headers)["xf_consumer"] == b"scoring"


async def test_a_refused_fact_does_not_hold_up_the_others(
    handling: BatchHandling, effects: Effects, log: InMemoryLog
) -> None:
    effects.refuses = VISITS[1]

    await handling.take_all(batch())

    assert effects.folded == [VISITS[0], VISITS[2]]
    assert len(log.messages(rejected_topic(TOPIC))) == 1


async def test_a_store_that_is_away_is_tried_again_in_place(handling: BatchHandling, effects: Effects) -> None:
    effects.away_for = 2
    taking = asyncio.create_task(handling.take_all(batch()))
    await asyncio.sleep(0.05)
    missing = handling.waits_for
    await taking

    assert missing == "mongodb"
    assert handling.waits_for is None
    assert effects.folded == VISITS


async def test_anything_else_ends_the_process(handling: BatchHandling, effects: Effects) -> None:
    effects.breaks = True

    with pytest.raises(ProcessEnded) as ended:
        await handling.take_all(batch())

    assert ended.value.code == 70


async def test_a_cancelled_write_goes_on_to_its_end() -> None:
    written: list[str] = []

    async def write() -> None:
        await asyncio.sleep(0.05)
        written.append("durable")

    taking = asyncio.create_task(to_the_end(write()))
    for _ in range(3):
        await asyncio.sleep(0.01)
        taking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await taking

    assert written == ["durable"]
