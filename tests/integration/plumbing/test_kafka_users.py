"""With the users and the rights of deploy/kubernetes everything works that the code does, and nothing else."""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from deploy.local.settings import ROOT
from services.scoring.adapters.fact_log import KafkaFactLog
from services.scoring.settings import TOPICS
from shared.events.base import Event, Fact
from shared.events.codec import Message, encode
from shared.kafka.offsets import EndOffsets
from shared.kafka.producer import KafkaPublisher, Outgoing
from shared.kafka.redeliver import redeliver
from shared.kernel.errors import Conflict, Unavailable
from shared.testing.facts import a_fact
from shared.testing.things import a_happening
from shared.testing.waiting import until
from tests.integration.plumbing.guarded_kafka import PASSWORD, guarded_kafka
from tests.integration.plumbing.running import running

FOLD = "tests.integration.plumbing.fold_that_tells"


class Refused(Conflict):
    code = "visit.refused"
    detail = "该走访已登记"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with guarded_kafka() as listening:
        yield listening


def signed_in(user: str, port: int, password: str = PASSWORD) -> str:
    return f"scram://{user}:{password}@127.0.0.1:{port}"


async def published(user: str, port: int, *outgoing: Outgoing, password: str = PASSWORD) -> Sequence[object]:
    publisher = KafkaPublisher(signed_in(user, port, password), f"{user}-relay")
    try:
        return await publisher.publish(outgoing)
    finally:
        await publisher.close()


def a_visit(subject: str) -> Outgoing:
    return Outgoing("visits.events", encode(a_fact(a_happening(subject), subject=subject)))


async def test_a_relay_writes_the_facts_of_its_service(port: int) -> None:
    assert await published("visits", port, a_visit("a")) == [None]


async def test_a_consumer_reads_acknowledges_and_rejects_and_the_redelivery_brings_it_back(port: int) -> None:
    handled: list[str] = []
    refuses = {"poison"}

    async def handle(fact: Fact[Event]) -> None:
        if fact.subject in refuses:
            raise Refused
        handled.append(fact.subject)

    await published("visits", port, a_visit("poison"), a_visit("good"))
    offsets = EndOffsets(signed_in("notifications", port), "notifications", ["visits.events"])
    async with running(signed_in("notifications", port), handle, "notifications"):
        await until(lambda: "good" in handled, seconds=30)
        ends = await offsets.take()
        await until(lambda: offsets.reached(ends), seconds=30)
        refuses.clear()
        done = await redeliver(signed_in("redeliver", port), ["visits.events"], "notifications")
        await until(lambda: "poison" in handled, seconds=30)
    await offsets.close()

    assert done.sent == 1


async def test_the_fold_reads_all_its_topics_and_so_does_what_builds(port: int, tmp_path: Path) -> None:
    await published("visits", port, a_visit("folded"))
    address = signed_in("scoring", port)
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-m", FOLD, address, str(tmp_path), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert worker.stdout is not None
    async with asyncio.timeout(60):
        while (line := await worker.stdout.readline()) != b"folded\n":
            assert line
    worker.terminate()
    await worker.communicate()

    log = KafkaFactLog(address, TOPICS)
    ends = await log.ends()
    read = [fact.subject async for facts in log.facts(ends, [a_happening("folded").TYPE]) for fact in facts]
    assert "folded" in read


async def test_nobody_writes_into_the_topic_of_another(port: int) -> None:
    [outcome] = await published("duties", port, a_visit("forged"))

    assert outcome is not None


async def test_nobody_reads_what_is_not_for_him(port: int) -> None:
    offsets = EndOffsets(signed_in("visits", port), "visits", ["members.restricted"])

    with pytest.raises(Unavailable):
        await offsets.take()
    await offsets.close()


async def test_without_the_right_password_nobody_comes_in(port: int) -> None:
    message = Outgoing("visits.events", Message(None, (), b"{}"))

    with pytest.raises(Unavailable):
        await published("visits", port, message, password="another")
