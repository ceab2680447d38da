"""Partitions come and go while a batch is slow: nothing is missed, and of one aggregate everything comes in order."""

import asyncio

from shared.events.base import Event, Fact
from shared.events.codec import encode
from shared.kafka.consumer import Consumer
from shared.kernel.ids import new_id
from shared.testing.facts import a_fact
from shared.testing.things import a_happening
from shared.testing.waiting import until
from tests.integration.plumbing.reading import send
from tests.integration.plumbing.running import running

TOPIC = "visits.events"
_FACTS_EACH = 12
_SLOW_SECONDS = 0.25


class Slow:
    """Takes its time for each of these facts, so that a batch outlasts the consumer's patience and is paused."""

    def __init__(self, subjects: list[str], seen: list[tuple[str, int]]) -> None:
        self._subjects = frozenset(subjects)
        self._seen = seen

    async def __call__(self, fact: Fact[Event]) -> None:
        if fact.subject in self._subjects:
            await asyncio.sleep(_SLOW_SECONDS)
            self._seen.append((fact.subject, fact.revision))


def firsts(seen: list[tuple[str, int]], subject: str) -> list[int]:
    """The revisions of a subject in the order in which each was seen first."""
    return list(dict.fromkeys(revision for whose, revision in seen if whose == subject))


async def test_members_that_join_and_leave_in_the_middle_of_slow_batches_lose_nothing(bootstrap: str) -> None:
    seen: list[tuple[str, int]] = []
    subjects = [new_id() for _ in range(16)]
    facts = [
        a_fact(a_happening(subject), subject=subject, revision=revision + 1)
        for revision in range(_FACTS_EACH)
        for subject in subjects
    ]
    await asyncio.to_thread(send, bootstrap, *((TOPIC, encode(fact)) for fact in facts))
    async with running(bootstrap, Slow(subjects, seen)):
        await until(lambda: len(seen) > 0, seconds=60)
        for _ in range(2):
            async with running(bootstrap, Slow(subjects, seen)) as guest:

                async def joined(guest: Consumer = guest) -> bool:
                    return await guest.missing() is None

                await until(joined, seconds=60)
                await asyncio.sleep(2)
        await until(lambda: {(fact.subject, fact.revision) for fact in facts} <= set(seen), seconds=90)

    in_order = list(range(1, _FACTS_EACH + 1))
    assert [firsts(seen, subject) for subject in subjects] == [in_order] * len(subjects)
