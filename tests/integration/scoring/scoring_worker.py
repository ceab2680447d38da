"""A scoring worker as a process of its own that can be stopped, killed and started again; and what it has written."""

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from deploy.local.launch import process_environment
from deploy.local.stack import Stack
from deploy.local.topology import named
from services.scoring.adapters.mongo import MongoCards, MongoLedger, card_id
from services.scoring.adapters.rule_files import load_generation
from services.scoring.domain.awards import Award, AwardId, CardKey
from services.scoring.domain.card import Card, enter, totals
from services.scoring.domain.generation import Generation
from services.scoring.settings import SERVICE, TOPICS
from shared.events.base import Event, Fact
from shared.kafka.offsets import EndOffsets
from shared.mongo.client import Document, connect

ROOT = Path(__file__).parents[3]
_OFFSET = named(["scoring-worker"])[0].offset
_READY_SECONDS = 60.0
_DRAIN_SECONDS = 180.0


@dataclass
class ScoringWorker:
    """`python -m services.scoring worker` against a stack's mongod and Kafka, in a database of its own."""

    stack: Stack
    prefix: str
    log: Path
    process: subprocess.Popen[bytes] | None = None
    number: int = 0
    """Tells one worker of several from the others: each listens on a port of its own."""

    @property
    def port(self) -> int:
        return self.stack.ports.base + _OFFSET + 2 * self.number

    def start(self) -> None:
        [described] = named(["scoring-worker"])
        environment = {
            **process_environment(described, self.stack.settings, self.stack.ports),
            "XIANFENG_MONGODB_PREFIX": self.prefix,
            "XIANFENG_PORT": str(self.port),
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "services.scoring", "worker"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
            )

    def terminate(self) -> int:
        """A clean stop; the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)

    def freeze(self) -> None:
        """Stop it where it stands, as a machine without breath does."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/readyz", timeout=2).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while not self.is_ready():
            assert time.monotonic() < deadline, self.log.read_text()[-3000:]
            time.sleep(0.2)


async def wait_until_folded(stack: Stack) -> None:
    """Wait until the worker's group has acknowledged everything there is."""
    offsets = EndOffsets(stack.urls["kafka"], SERVICE, TOPICS)
    try:
        ends = await offsets.take()
        deadline = time.monotonic() + _DRAIN_SECONDS
        while not await offsets.reached(ends):
            assert time.monotonic() < deadline, "the worker does not catch up"
            await asyncio.sleep(0.5)
    finally:
        await offsets.close()


@dataclass(frozen=True)
class Written:
    """Ledger and cards, by id."""

    ledger: dict[AwardId, Award]
    cards: dict[CardKey, Card]


def expected_of(facts: Iterable[Fact[Event]], generation: Generation) -> Written:
    """What one pure pass over the facts gives."""
    ledger = {award.id: award for fact in facts for award in generation.awards(fact)}
    cards = {key: enter(Card(key), days) for key, days in totals(ledger.values()).items()}
    return Written(ledger, cards)


async def written(stack: Stack, prefix: str, generation: Generation) -> Written:
    """What is in the store."""
    async with connect(stack.urls["mongodb"], timeout_ms=60_000) as client:
        database = client[f"{prefix}scoring"]
        keys = [_key(document) async for document in database["cards"].find({"generation": generation.id})]
        cards = dict(await MongoCards(database, generation.id).get(keys))
        ledger: dict[AwardId, Award] = {}
        for key in keys:
            for entry in await MongoLedger(database, generation.id).entries(key):
                ledger[entry.id] = entry
        assert await database["ledger"].count_documents({}) == len(ledger), "entries outside every card"
        assert {card_id(generation.id, key) for key in keys} == {
            document["_id"] async for document in database["cards"].find({}, {"_id": 1})
        }
    return Written(ledger, cards)


async def announced(stack: Stack, prefix: str) -> dict[str, Any]:
    """The announcements by card, each with the number of its last news."""
    async with connect(stack.urls["mongodb"]) as client:
        found: dict[str, Document] = {
            document["_id"]: document async for document in client[f"{prefix}scoring"]["announcements"].find()
        }
    return found


def the_generation() -> Generation:
    return load_generation()


def _key(document: Document) -> CardKey:
    return CardKey(document["standard"], document["subject_id"], document["period"])
