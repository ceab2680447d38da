"""Generations beside the live one, over a real log and store: rebuilt, compared entry by entry, gone back to."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from deploy.local.stack import Stack
from services.scoring.adapters import directory
from services.scoring.adapters.mongo import prepare
from services.scoring.adapters.real_ports import RealPorts
from services.scoring.settings import SERVICE, TOPICS
from services.scoring.use_cases.build_ports import BuildPorts
from services.scoring.use_cases.fold_into_builds import fold_into_builds
from services.scoring.use_cases.settle_builds import settle_builds
from services.scoring.worker.agent import Agent
from services.scoring.worker.batches import BatchHandling
from services.scoring.worker.builder import Builder
from services.scoring.worker.faust_app import Told
from shared.kafka.offsets import EndOffsets
from shared.kafka.producer import DEAD_LETTER_BYTES, KafkaPublisher
from shared.mongo.client import Document, connect
from shared.mongo.lease import MongoLease
from shared.telemetry.settings import PlatformSettings
from tests.integration.scoring.load import lives, people, publish, shuffled
from tests.integration.scoring.scoring_worker import ROOT
from tests.running import running_stack

PREFIX = "xf_rebuild_"
FACTS, LATER, SEED = 5_000, 500, 11
_PATIENCE_SECONDS = 120


@pytest.fixture(scope="module")
def engines() -> Iterator[Stack]:
    """A mongod and a Kafka that hold nothing but the facts of this module."""
    with running_stack(["mongod", "kafka"]) as stack:
        publish(stack.urls["kafka"], people())
        publish(stack.urls["kafka"], shuffled(lives(FACTS, SEED), SEED))
        yield stack


def settings(stack: Stack) -> PlatformSettings:
    return PlatformSettings.read({**stack.environment(), "XIANFENG_MONGODB_PREFIX": PREFIX})


def environment(stack: Stack) -> dict[str, str]:
    """What a child process is told."""
    return {**os.environ, **stack.environment(), "XIANFENG_MONGODB_PREFIX": PREFIX}  # noqa: TID251 - handed on


def command(stack: Stack, *words: str) -> tuple[int, str]:
    """What an operator is answered."""
    done = subprocess.run(
        [sys.executable, "-m", "services.scoring", *words],
        cwd=ROOT,
        env=environment(stack),
        capture_output=True,
        text=True,
        check=False,
        timeout=_PATIENCE_SECONDS,
        stdin=subprocess.DEVNULL,
    )
    return done.returncode, done.stdout + done.stderr


@asynccontextmanager
async def a_worker(stack: Stack, folder: Path) -> AsyncIterator[tuple[BuildPorts, Any]]:
    """What a scoring worker does with facts and builds; gives its ports and its database."""
    told = settings(stack)
    client = connect(told.mongodb_url)
    database = client[told.database(SERVICE)]
    await prepare(database)
    await directory.prepare(database)
    ports = RealPorts(told, client, TOPICS).builds
    await settle_builds(ports)
    dead_letters = KafkaPublisher(stack.urls["kafka"], "rebuild", max_request_bytes=DEAD_LETTER_BYTES)
    agent = Agent(
        Told(stack.urls["kafka"], SERVICE, TOPICS, folder),
        BatchHandling(SERVICE, lambda facts: fold_into_builds(facts, ports.builds, ports.ports_of), dead_letters),
    )
    builder = Builder(ports, MongoLease(database, "builder"), tick_seconds=0.2, environment=environment(stack))
    stop = asyncio.Event()
    running = [asyncio.create_task(part.run(stop)) for part in (agent, builder)]
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while await agent.missing() is not None:  # noqa: ASYNC110 - asked of the broker
                await asyncio.sleep(0.3)
        yield ports, database
    finally:
        stop.set()
        await asyncio.gather(*running)
        await dead_letters.close()
        await client.close()


async def until_folded(stack: Stack) -> None:
    """Wait until the group has acknowledged everything there is."""
    offsets = EndOffsets(stack.urls["kafka"], SERVICE, TOPICS)
    try:
        ends = await offsets.take()
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not await offsets.reached(ends):  # noqa: ASYNC110 - asked of the broker
                await asyncio.sleep(0.3)
    finally:
        await offsets.close()


async def entries_of(database: Any, name: str) -> dict[str, Document]:
    """A build's ledger as it is kept, without the build's name."""
    within = {"_id": {"$gt": f"{name}|", "$lt": f"{name}}}"}}
    return {
        document.pop("_id").partition("|")[2]: {**document, "slot": document["slot"].partition("|")[2]}
        async for document in database["ledger"].find(within)
    }


async def test_a_rebuild_under_load_is_equal_and_verified_and_a_changed_entry_is_named(
    engines: Stack, tmp_path: Path
) -> None:
    async with a_worker(engines, tmp_path) as (ports, database):
        await until_folded(engines)
        live = await ports.builds.live()
        assert live is not None
        asked = asyncio.create_task(asyncio.to_thread(command, engines, "rebuild"))
        await asyncio.to_thread(publish, engines.urls["kafka"], shuffled(lives(LATER, SEED + 1), SEED + 1))
        code, answer = await asked

        assert code == 0, answer
        assert "已切换" in answer
        await until_folded(engines)
        rebuilt = await ports.builds.live()
        assert rebuilt is not None
        assert rebuilt.id == f"{live.generation.id}~2"
        code, answer = await asyncio.to_thread(command, engines, "verify")
        assert code == 0, answer
        assert "一致" in answer

        code, answer = await asyncio.to_thread(command, engines, "switch", live.id)
        assert code == 0, answer
        assert await entries_of(database, live.id) == await entries_of(database, rebuilt.id) != {}
        code, answer = await asyncio.to_thread(command, engines, "verify")
        assert code == 0, answer

        await _an_entry_is_changed(engines, database, live.id)


async def _an_entry_is_changed(engines: Stack, database: Any, name: str) -> None:
    ledger = database["ledger"]
    entry = await ledger.find_one({"_id": {"$gt": f"{name}|", "$lt": f"{name}}}"}, "points": 200})
    await ledger.update_one({"_id": entry["_id"]}, {"$set": {"points": 300}})
    code, answer = await asyncio.to_thread(command, engines, "verify")

    assert code == 1
    assert entry["_id"].partition("|")[2] in answer
    assert "points 应为 200，实为 300" in answer

    await ledger.delete_one({"_id": entry["_id"]})
    code, answer = await asyncio.to_thread(command, engines, "verify")

    assert code == 1
    assert "缺少一条" in answer
    assert entry["_id"].partition("|")[2] in answer
