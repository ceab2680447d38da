"""Every alert caused for real on a running platform, and mended as its runbook says.

Each trouble is a block: at its beginning something is broken, at its end it is mended, also when the test failed.
"""

import asyncio
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType
from pymongo import MongoClient

from shared.events.catalogue import TOPICS
from shared.events.visits import VisitLogged
from shared.kernel.clock import wall_now
from shared.kernel.ids import new_id
from shared.testing.facts import a_fact
from tests.integration.operate.hurried import Told
from tests.integration.operate.scene import SEED, TUESDAY, Scene, again_and_again
from tests.integration.operate.trouble import Trouble
from tests.integration.scoring.poison import POISON, publish_raw
from tests.seeding import COUNTY, TOWNSHIP, publish, steering

PARTS = ("mongod", "kafka", "identity-api", "visits-api", "visits-worker", "scoring-worker", "notifications-worker")
WORKER, TOPIC = "visits-worker", "visits.events"
_HELD_BACK_SECONDS, _LET_GO_SECONDS = 0.9, 0.03
_FACTS = 1_500
"""Enough that more than a thousand are left as long as MongoDB is slow."""
_LATE_FACTS, _LATE_SECONDS = 200, 7.0
_WORK_SECONDS = 5.0
"""So that there are a hundred requests in the hour."""


@contextmanager
def a_worker_is_stopped(scene: Scene) -> Iterator[None]:
    """service-down.md, 3."""
    scene.stack.stop(WORKER)
    try:
        yield
    finally:
        scene.stack.start(WORKER)


@contextmanager
def the_process_of_the_relay_hangs_with_facts_to_publish(scene: Scene) -> Iterator[None]:
    """service-down.md, 5: what `make stop` comes to when a process does not hear it."""
    scene.stack.kill(WORKER, signal.SIGSTOP)
    scene.enter_a_visit()
    try:
        yield
    finally:
        scene.stack.kill(WORKER, signal.SIGKILL)
        scene.stack.start(WORKER)
    asyncio.run(steering(scene.stack).settle())


@contextmanager
def mongodb_is_stopped_while_people_work(scene: Scene) -> Iterator[None]:
    """store-away.md, 3, and with it api-errors.md, 1."""
    with scene.readers(10):
        time.sleep(_WORK_SECONDS)
        scene.stack.stop("mongod")
        try:
            yield
        finally:
            scene.stack.start("mongod")


@contextmanager
def kafka_is_stopped_with_facts_to_publish_and_deadlines_passing(scene: Scene) -> Iterator[None]:
    """outbox-stuck.md, 1, and with it sweep-dead.md, 2."""
    scene.stack.stop("kafka")
    scene.enter_a_visit()
    scene.turn_clock(TUESDAY + timedelta(weeks=2))
    try:
        yield
    finally:
        scene.stack.start("kafka")


@contextmanager
def nobody_publishes_while_a_lease_does_not_end(scene: Scene) -> Iterator[None]:
    """outbox-stuck.md, 3."""
    with MongoClient[dict[str, Any]](scene.stack.urls["mongodb"]) as client:
        leases = client["xianfeng_visits"]["leases"]
        ours = {"_id": "relay"}
        in_an_hour = wall_now() + timedelta(hours=1)
        leases.update_one(ours, {"$set": {"holder": "killed", "until": in_an_hour}}, upsert=True)
        scene.enter_a_visit()
        try:
            yield
        finally:
            leases.delete_one(ours)
    asyncio.run(steering(scene.stack).settle())


@contextmanager
def somebody_writes_what_is_no_fact(scene: Scene) -> Iterator[None]:
    """facts-rejected.md, 3 and 4."""
    publish_raw(scene.stack.urls["kafka"], [POISON[0]])
    yield
    told = scene.tool("shared.kafka.redeliver", "--topic", TOPIC, "--consumer", "notifications")
    assert "重新投递 0 条，1 条无法修复" in told.stdout, told


@contextmanager
def somebody_guesses_passwords(scene: Scene) -> Iterator[None]:
    """token-failures.md: whoever it is, is told to stop."""
    form = {"grant_type": "password", "username": "somebody", "password": "not the password"}

    def guess() -> None:
        httpx.post(f"{scene.stack.urls['identity-api']}/api/identity/token", data=form, timeout=10)

    with again_and_again(guess):
        yield


@contextmanager
def the_broker_refuses_a_fact(scene: Scene) -> Iterator[None]:
    """fact-parked.md, 2 and 3."""
    [ours] = [topic for topic in TOPICS if topic.name == TOPIC]
    admin: Any = KafkaAdminClient(bootstrap_servers=scene.stack.urls["kafka"])

    def limit(number: int) -> None:
        admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, TOPIC, {"max.message.bytes": str(number)})])

    try:
        limit(100)
        scene.enter_a_visit()
        yield
    finally:
        limit(ours.max_message_bytes)
        admin.close()
        told = scene.tool("shared.mongo.unpark", "--service", "visits")
    assert "visits: 1 个对象" in told.stdout, told


@contextmanager
def facts_are_taken_off_the_archive(scene: Scene) -> Iterator[None]:
    """archive-broken.md: named by verify-archive; the gap is kept, the process begun anew."""
    for _ in range(3):
        scene.enter_a_visit()
    asyncio.run(steering(scene.stack).settle())
    scene.stack.stop(WORKER)
    with MongoClient[dict[str, Any]](scene.stack.urls["mongodb"]) as client:
        archive = client["xianfeng_visits"]["archive"]
        [last] = archive.find().sort("_id", -1).limit(1)
        archive.delete_many({"_id": {"$gte": last["_id"] - 1}})
    scene.stack.start(WORKER)
    scene.enter_a_visit()
    try:
        yield
    finally:
        scene.stack.stop(WORKER)
        scene.stack.start(WORKER)
    told = scene.tool("shared.mongo.verify_archive", "--service", "visits")
    assert (told.returncode, str(last["_id"] - 1) in told.stdout) == (1, True), told


@contextmanager
def mongodb_is_slow_while_much_is_to_do(scene: Scene) -> Iterator[None]:
    """api-slow.md, 3, and consumer-lag.md, 1."""

    def hold_back() -> None:
        scene.stack.kill("mongod", signal.SIGSTOP)
        time.sleep(_HELD_BACK_SECONDS)
        scene.stack.kill("mongod", signal.SIGCONT)

    with scene.readers(6), again_and_again(hold_back, pause_seconds=_LET_GO_SECONDS):
        _publish_visits(scene, _FACTS)
        yield


@contextmanager
def the_worker_of_scoring_was_away(scene: Scene) -> Iterator[None]:
    """scores-late.md, 1: what waited is late once, then it is over."""
    scene.stack.kill("scoring-worker", signal.SIGSTOP)
    try:
        _publish_visits(scene, _LATE_FACTS)
        time.sleep(_LATE_SECONDS)
    finally:
        scene.stack.kill("scoring-worker", signal.SIGCONT)
    yield


def _publish_visits(scene: Scene, count: int) -> None:
    visits = [
        VisitLogged(
            visit_id=new_id(),
            cadre_id=SEED.cadres[number % 4],
            branch_id=SEED.branches[number % 4],
            occurred_at=TUESDAY,
        )
        for number in range(count)
    ]
    facts = [a_fact(each, subject=each.visit_id, path=f"{COUNTY}/{TOWNSHIP}/{each.branch_id}") for each in visits]
    asyncio.run(publish(scene.stack, facts))


def _told(*alerts: str) -> Told:
    """`Alert: about, about` as pairs."""
    return frozenset(
        (name, about) for alert in alerts for name, _, whom in [alert.partition(": ")] for about in whom.split(", ")
    )


ENGINES = (
    Trouble(a_worker_is_stopped, pages=_told(f"ServiceDown: {WORKER}")),
    Trouble(the_process_of_the_relay_hangs_with_facts_to_publish, pages=_told(f"ServiceDown: {WORKER}")),
    Trouble(
        mongodb_is_stopped_while_people_work,
        pages=_told("StoreAway: identity, visits, scoring, notifications", "ApiErrors: visits"),
        follows=frozenset({"OutboxStuck", "SweepDead", "ApiSlow"}),
    ),
    Trouble(
        kafka_is_stopped_with_facts_to_publish_and_deadlines_passing,
        pages=_told("OutboxStuck: visits", "SweepDead: notifications"),
    ),
)
"""What is stopped; each ends as soon as it runs again."""
FACTS = (
    Trouble(nobody_publishes_while_a_lease_does_not_end, pages=_told("OutboxStuck: visits")),
    Trouble(somebody_writes_what_is_no_fact, tickets=_told("FactsRejected: scoring, notifications")),
    Trouble(somebody_guesses_passwords, tickets=_told("TokenFailures: identity")),
    Trouble(the_broker_refuses_a_fact, tickets=_told("FactParked: visits")),
    Trouble(
        facts_are_taken_off_the_archive,
        pages=_told("ArchiveBroken: visits"),
        follows=frozenset({"ServiceDown"}),  # its worker is started twice, which takes longer on a busy machine
    ),
    Trouble(
        mongodb_is_slow_while_much_is_to_do,
        pages=_told("ApiSlow: visits"),
        tickets=_told("ConsumerLag: notifications"),
        follows=frozenset({"ScoresLate", "StoreAway", "ApiErrors", "OutboxStuck", "SweepDead"}),
    ),
    Trouble(the_worker_of_scoring_was_away, pages=_told("ScoresLate: scoring"), follows=frozenset({"ServiceDown"})),
)
"""What goes wrong while everything runs."""
BY_HAND = {"DiskFull": "it needs a disk of its own that may be filled"}
"""Alerts that no test causes, and why; how each was tried stands in its runbook."""
