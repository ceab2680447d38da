"""Errors decide: what becomes of a message, and what is acknowledged."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from structlog.testing import capture_logs

from shared.events.base import Event, Fact
from shared.events.codec import Message, encode
from shared.events.visits import ProblemConfirmed
from shared.kafka.handling import FAULT, Handling
from shared.kafka.producer import Outgoing
from shared.kafka.rejects import RejectLimit, header
from shared.kernel.errors import Conflict, Stale, Unavailable
from shared.kernel.ids import new_id
from shared.telemetry.trace import current_traceparent
from shared.testing.examples import Example, examples
from shared.testing.facts import a_fact
from shared.testing.in_memory_log import InMemoryConsumer, InMemoryLog, ProcessEnded, end_by_raising
from shared.testing.things import a_happening

TOPIC = "visits.events"


class Refused(Conflict):
    code = "visit.refused"
    detail = "该走访已登记"


@dataclass
class Handled:
    """A handler that remembers, and fails as often as it is told to."""

    failures: list[Exception] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    traces: list[str | None] = field(default_factory=list)

    async def __call__(self, fact: Fact[Event]) -> None:
        self.traces.append(current_traceparent())
        if self.failures:
            raise self.failures.pop(0)
        self.ids.append(fact.id)


def a_visit() -> Fact[Event]:
    return a_fact(a_happening(), subject=new_id())


def consumer_of(log: InMemoryLog, handle: Handled, service: str = "scoring", **more: RejectLimit) -> InMemoryConsumer:
    return InMemoryConsumer(log, service, [TOPIC], handle, **more)


def letters(log: InMemoryLog) -> list[Message]:
    return log.messages(f"{TOPIC}.rejected")


async def test_a_fact_is_handled_and_acknowledged() -> None:
    log, handle = InMemoryLog(), Handled()
    consumer = consumer_of(log, handle)
    fact = a_visit()
    await log.record(fact)

    assert (await consumer.drain(), await consumer.drain(), handle.ids) == (1, 0, [fact.id])


async def test_an_event_that_is_not_for_this_service_is_passed_over_unread() -> None:
    log, handle = InMemoryLog(), Handled()
    confirmed = ProblemConfirmed.TYPE.encode()
    await log.publish([Outgoing(TOPIC, Message(b"k", (("ce_type", confirmed),), b"{"))])

    assert await consumer_of(log, handle, "notifications").drain() == 1
    assert (handle.ids, letters(log)) == ([], [])


async def test_a_refusal_goes_to_the_dead_letters_as_it_came() -> None:
    log, handle = InMemoryLog(), Handled([Refused()])
    fact = a_visit()
    sent = encode(fact)
    await log.record(fact)
    await consumer_of(log, handle).drain()

    [letter] = letters(log)
    told = {name: header(letter.headers, name) for name in ("xf_consumer", "xf_reason", "xf_detail")}
    assert (letter.key, letter.value, letter.headers[: len(sent.headers)]) == (sent.key, sent.value, sent.headers)
    assert told == {"xf_consumer": "scoring", "xf_reason": "visit.refused", "xf_detail": "该走访已登记"}
    assert (header(letter.headers, "xf_origin") or "").startswith(f"{TOPIC}/")


@pytest.mark.parametrize("example", examples(readable=False), ids=lambda example: example.name)
async def test_every_poison_is_rejected_with_its_reason_and_the_rest_flows(example: Example) -> None:
    log, handle = InMemoryLog(), Handled()
    fact = a_visit()
    await log.publish([Outgoing(TOPIC, example.message)])
    await log.record(fact)
    await consumer_of(log, handle).drain()

    [letter] = letters(log)
    assert (header(letter.headers, "xf_reason"), letter.value) == (example.reason, example.message.value)
    assert handle.ids == [fact.id]


async def test_a_null_without_a_key_can_be_a_dead_letter_too() -> None:
    log = InMemoryLog()
    await log.publish([Outgoing(TOPIC, Message(None, (), None))])
    await consumer_of(log, Handled()).drain()

    [letter] = letters(log)
    assert (letter.key, letter.value, header(letter.headers, "xf_reason")) == (b"", None, "null")


async def test_a_copy_for_another_consumer_is_passed_over() -> None:
    log, ours, theirs = InMemoryLog(), Handled(), Handled()
    message = encode(a_visit())
    copy = Message(message.key, (*message.headers, ("xf_redeliver_for", b"notifications")), message.value)
    await log.publish([Outgoing(TOPIC, copy)])
    await consumer_of(log, ours, "scoring").drain()
    await consumer_of(log, theirs, "notifications").drain()

    assert (len(ours.ids), len(theirs.ids)) == (0, 1)


async def test_a_redelivered_message_rejected_again_tells_its_newest_reason_only() -> None:
    log = InMemoryLog()
    message = encode(a_visit())
    copy = Message(message.key, (*message.headers, ("xf_redeliver_for", b"scoring")), message.value)
    await log.publish([Outgoing(TOPIC, copy)])
    await consumer_of(log, Handled([Refused()])).drain()

    [letter] = letters(log)
    assert header(letter.headers, "xf_redeliver_for") is None
    assert [name for name, _ in letter.headers].count("xf_reason") == 1


async def test_while_the_store_is_away_the_fact_is_tried_again_in_place() -> None:
    log, handle = InMemoryLog(), Handled([Unavailable("mongodb")] * 3)
    fact = a_visit()
    await log.record(fact)
    await consumer_of(log, handle).drain()

    assert (handle.ids, letters(log)) == ([fact.id], [])


async def test_what_is_away_is_named_meanwhile() -> None:
    handle = Handled([Unavailable("mongodb")])
    handling = Handling("scoring", handle, InMemoryLog(), end=end_by_raising)
    log = InMemoryLog()
    await log.record(a_visit())
    [received] = [received for records in log.partitions.values() for received in records]
    taking = asyncio.create_task(handling.take(received))
    await asyncio.sleep(0.02)
    meanwhile = handling.waits_for
    await taking

    assert (meanwhile, handling.waits_for) == ("mongodb", None)


async def test_who_was_overtaken_tries_again() -> None:
    log, handle = InMemoryLog(), Handled([Stale(), Stale()])
    fact = a_visit()
    await log.record(fact)
    await consumer_of(log, handle).drain()

    assert (handle.ids, letters(log)) == ([fact.id], [])


async def test_anything_else_ends_the_process_unacknowledged() -> None:
    log, handle = InMemoryLog(), Handled([ZeroDivisionError()])
    consumer = consumer_of(log, handle)
    fact = a_visit()
    await log.record(fact)
    with pytest.raises(ProcessEnded) as ended:
        await consumer.drain()
    await consumer.drain()

    assert (ended.value.code, handle.ids, letters(log)) == (FAULT, [fact.id], [])


async def test_a_dead_letter_that_cannot_be_sent_now_holds_the_offset() -> None:
    log, handle = InMemoryLog(), Handled([Refused()])
    consumer = consumer_of(log, handle)
    await log.record(a_visit())
    log.away = True
    draining = asyncio.create_task(consumer.drain())
    await asyncio.sleep(0.05)
    waited = not draining.done()
    log.away = False

    assert (waited, await draining, len(letters(log))) == (True, 1, 1)


async def test_a_run_of_rejects_ends_the_process_before_the_last_is_acknowledged() -> None:
    log, handle = InMemoryLog(), Handled([Refused() for _ in range(10)])
    consumer = consumer_of(log, handle, limit=RejectLimit(in_a_run=3, pause_seconds=0))
    await log.record(*(a_visit() for _ in range(5)))
    with pytest.raises(ProcessEnded):
        await consumer.drain()

    assert len(letters(log)) == 2


@pytest.mark.parametrize(
    ("rejected", "exceeded_at"),
    [
        (lambda n: n % 2 == 0, 1000),
        (lambda n: n % 3 == 0, None),
        (lambda n: n >= 100, 600),
    ],
)
def test_too_many_is_five_hundred_in_a_run_or_half_of_a_thousand(
    rejected: Callable[[int], bool], exceeded_at: int | None
) -> None:
    limit = RejectLimit()
    exceeded = [n + 1 for n in range(2000) if limit.exceeded_by(rejected=rejected(n))]

    assert (exceeded[0] if exceeded else None) == exceeded_at


async def test_the_fact_goes_on_with_the_trace_it_came_with() -> None:
    log, handle = InMemoryLog(), Handled()
    [example] = [item for item in examples(readable=True) if item.path.stem == "synced-at-once"]
    await log.publish([Outgoing(TOPIC, example.message)])
    await consumer_of(log, handle).drain()

    assert handle.traces == [header(example.message.headers, "traceparent")]


async def test_the_barrier_is_reached_when_everything_before_it_is_handled() -> None:
    log, handle = InMemoryLog(), Handled()
    consumer = consumer_of(log, handle)
    await log.record(a_visit())
    ends = await consumer.take()
    before = await consumer.reached(ends)
    await consumer.drain()
    await log.record(a_visit())

    assert (before, await consumer.reached(ends), await consumer.reached(await consumer.take())) == (False, True, False)


async def test_too_many_rejects_stand_still_unready_before_the_process_ends() -> None:
    log, handle = InMemoryLog(), Handled([Refused()])
    handling = Handling("scoring", handle, log, limit=RejectLimit(in_a_run=1, pause_seconds=0.05), end=end_by_raising)
    await log.record(a_visit())
    [received] = [record for records in log.partitions.values() for record in records]
    taking = asyncio.create_task(handling.take(received))
    await asyncio.sleep(0.01)
    told, still_there = handling.waits_for, not taking.done()

    assert (told, still_there) == ("too many messages are rejected", True)
    with pytest.raises(ProcessEnded):
        await taking


async def test_what_is_rejected_is_found_in_the_log_by_fact_and_by_request() -> None:
    log, handle = InMemoryLog(), Handled([Refused()])
    fact = replace(a_visit(), traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")
    await log.record(fact)
    with capture_logs() as said:
        await consumer_of(log, handle).drain()

    [line] = [entry for entry in said if entry["event"] == "a message is rejected"]
    assert (line["fact_id"], line["request_id"]) == (fact.id, "4bf92f35-77b3-4da6-a3ce-929d0e0e4736")


async def test_nothing_said_after_a_message_bears_its_request() -> None:
    log, handle = InMemoryLog(), Handled()
    await log.record(replace(a_visit(), traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"))
    await consumer_of(log, handle).drain()

    assert handle.traces != [None]
    assert current_traceparent() is None
