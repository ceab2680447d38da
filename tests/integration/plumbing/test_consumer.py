"""The consumer on a real Kafka: poison, absence, murder, redelivery, the barrier."""

import asyncio
import signal
import sys
from datetime import date

import pytest
from pymongo.asynchronous.database import AsyncDatabase

from deploy.local.settings import ROOT
from deploy.local.stack import Stack
from shared.events.base import Event, Fact
from shared.events.codec import Message, encode
from shared.events.members import OrganisationRegistered
from shared.kafka.offsets import EndOffsets
from shared.kafka.redeliver import redeliver
from shared.kafka.rejects import header
from shared.kernel.errors import Conflict, Unavailable
from shared.kernel.ids import new_id
from shared.mongo.client import Document
from shared.testing.examples import examples
from shared.testing.facts import a_fact
from shared.testing.things import a_happening
from shared.testing.waiting import until
from tests.integration.plumbing.reading import records_of, send
from tests.integration.plumbing.running import running

TOPIC = "visits.events"
DEAD = f"{TOPIC}.rejected"


class Refused(Conflict):
    code = "visit.refused"
    detail = "该走访已登记"


class Handler:
    """Remembers what it handled, by subject; refuses or is away when told to."""

    def __init__(self) -> None:
        self.handled: dict[str, list[str]] = {}
        self.refuses: frozenset[str] = frozenset()
        self.away = False
        self.tries = 0

    async def __call__(self, fact: Fact[Event]) -> None:
        self.tries += 1
        if self.away:
            raise Unavailable("mongodb")
        if fact.subject in self.refuses:
            raise Refused
        self.handled.setdefault(fact.subject, []).append(fact.id)


@pytest.fixture
def handler() -> Handler:
    return Handler()


def visits(subject: str, count: int = 1) -> list[Fact[Event]]:
    return [a_fact(a_happening(subject), subject=subject, revision=revision + 1) for revision in range(count)]


def messages(facts: list[Fact[Event]]) -> list[tuple[str, Message]]:
    return [(TOPIC, encode(fact)) for fact in facts]


async def test_every_poison_lands_in_the_dead_letters_and_the_rest_flows_in_order(
    bootstrap: str, handler: Handler
) -> None:
    subject, poison = new_id(), examples(readable=False)
    facts = visits(subject, len(poison) + 1)
    marked = [
        Message(subject.encode(), (*example.message.headers, ("test", subject.encode())), example.message.value)
        for example in poison
    ]
    mixed = [message for fact, bad in zip(facts, marked, strict=False) for message in (encode(fact), bad)]
    await asyncio.to_thread(send, bootstrap, *((TOPIC, message) for message in [*mixed, encode(facts[-1])]))
    async with running(bootstrap, handler):
        await until(lambda: len(handler.handled.get(subject, ())) == len(facts), seconds=90)

    letters = [
        record
        for record in await asyncio.to_thread(records_of, bootstrap, DEAD)
        if header(tuple(record.headers), "test") == subject
    ]
    assert handler.handled[subject] == [fact.id for fact in facts]
    assert [(example.reason, example.message.value) for example in poison] == [
        (header(tuple(letter.headers), "xf_reason"), letter.value) for letter in letters
    ]
    assert {(letter.key, header(tuple(letter.headers), "xf_consumer")) for letter in letters} == {
        (subject.encode(), "scoring")
    }


async def test_while_the_store_is_away_nothing_is_acknowledged_and_afterwards_everything_is_handled(
    bootstrap: str, handler: Handler
) -> None:
    subject = new_id()
    barrier = EndOffsets(bootstrap, "scoring", [TOPIC])
    handler.away = True
    await asyncio.to_thread(send, bootstrap, *messages(visits(subject, 5)))
    ends = await barrier.take()
    async with running(bootstrap, handler) as consumer:

        async def waits() -> bool:
            return await consumer.missing() == "mongodb"

        async def through() -> bool:
            return await barrier.reached(ends)

        await until(waits, seconds=30)
        await asyncio.sleep(3)  # longer than the consumer's patience: it pauses and polls on
        early = await barrier.reached(ends)
        handler.away = False
        await until(through, seconds=60)
        missing = await consumer.missing()
    await barrier.close()

    assert (early, missing, len(handler.handled[subject])) == (False, None, 5)


async def test_killed_again_and_again_every_effect_is_there(
    stack: Stack, database: AsyncDatabase[Document], bootstrap: str
) -> None:
    subjects = [new_id() for _ in range(10)]
    facts = [fact for subject in subjects for fact in visits(subject, 60)]
    await asyncio.to_thread(send, bootstrap, *messages(facts))

    async def effects() -> int:
        return await database["effects"].count_documents({"subject": {"$in": subjects}})

    for kills in range(3):
        consumer = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.integration.plumbing.consumer_that_dies",
            stack.urls["mongodb"],
            database.name,
            bootstrap,
            cwd=ROOT,
        )
        enough = min(len(facts), 100 * (kills + 1)) if kills < 2 else len(facts)
        begun = await effects()

        async def progressed(enough: int = max(enough, begun)) -> bool:
            return await effects() >= enough

        await until(progressed, seconds=60)
        consumer.send_signal(signal.SIGKILL)
        await consumer.wait()

    assert await effects() == len(facts)


async def test_two_of_a_group_share_the_work_and_one_goes_on_alone(bootstrap: str) -> None:
    one, other = Handler(), Handler()
    subjects = [new_id() for _ in range(40)]

    def seen() -> set[str]:
        return (one.handled.keys() | other.handled.keys()) & set(subjects)

    async with running(bootstrap, one):
        async with running(bootstrap, other) as second:

            async def joined() -> bool:
                return await second.missing() is None

            await until(joined, seconds=60)
            await asyncio.to_thread(send, bootstrap, *messages([visits(subject)[0] for subject in subjects[:20]]))
            await until(lambda: len(seen()) == 20, seconds=60)
        await asyncio.to_thread(send, bootstrap, *messages([visits(subject)[0] for subject in subjects[20:]]))
        await until(lambda: len(seen()) == 40, seconds=60)

    assert seen() == set(subjects)


async def test_a_dead_letter_is_redelivered_once_to_the_consumer_that_rejected_it(
    bootstrap: str, handler: Handler
) -> None:
    topic, subject, bystander = "members.events", new_id(), Handler()
    registered = OrganisationRegistered(
        organisation_id=subject, kind="branch", title="某村党支部", occurred_on=date(2023, 11, 20)
    )
    handler.refuses = frozenset({subject})
    await asyncio.to_thread(send, bootstrap, (topic, encode(a_fact(registered, subject=subject))))
    async with (
        running(bootstrap, bystander, "notifications", topic),
        running(bootstrap, handler, "scoring", topic),
    ):
        await until(lambda: bystander.handled.get(subject), seconds=60)

        async def rejected() -> bool:
            dead = await asyncio.to_thread(records_of, bootstrap, f"{topic}.rejected")
            return any(record.key == subject.encode() for record in dead)

        await until(rejected, seconds=60)
        handler.refuses = frozenset()
        counts = [await redeliver(bootstrap, [topic], consumer) for consumer in ("notifications", "scoring", "scoring")]
        await until(lambda: handler.handled.get(subject), seconds=60)
        await asyncio.sleep(1)

    assert [count.sent for count in counts] == [0, 1, 0]
    assert (len(handler.handled[subject]), len(bystander.handled[subject])) == (1, 1)
