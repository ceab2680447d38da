"""Drills: backed up under load, destroyed, restored. What was acknowledged is there, and no fact is lost or twice."""

import asyncio
import gc
import json
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

import httpx
import pytest
from pymongo import MongoClient

from deploy.local import kafka
from deploy.local.settings import ROOT
from deploy.local.stack import Stack
from shared.kernel.access import Role
from shared.kernel.clock import at_local_time
from shared.kernel.ids import new_id
from shared.recovery.backup import back_up
from shared.recovery.bson_files import Damaged
from shared.recovery.load import NotRestored
from shared.recovery.refill_topic import NotRefilled, Refilled, refill
from shared.recovery.restore import Wanted, restore
from shared.telemetry.settings import PlatformSettings
from shared.testing.access import a_caller
from tests.integration.operate.kept import KEPT, by_aggregate, documents, header, twice
from tests.integration.plumbing.reading import records_of
from tests.people import token
from tests.running import running_stack
from tests.seeding import TOWNSHIP, Seed, publish, seed, steering

pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
"""kafka-python leaves the socket of a connection that failed to the collector, which complains; here it may."""

MONDAY = date(2026, 3, 2)
SEED = Seed.of(4, MONDAY)
SERVICES = ("identity-api", "visits-api", "visits-worker", "notifications-worker")
OF_VISITS = ("visits-api", "visits-worker")
WORKERS = ("visits-worker", "notifications-worker")
CREATED = 201


@pytest.fixture(scope="module")
def platform() -> Iterator[Stack]:
    """Who writes visits, and who watches what is due."""
    with running_stack(("mongod", "kafka", *SERVICES)) as stack:
        seed(stack, SEED, at_local_time(MONDAY, time_of_day(8)))
        asyncio.run(steering(stack).set(at_local_time(MONDAY + timedelta(days=3), time_of_day(12))))
        yield stack


@pytest.fixture(autouse=True)
def _collect_what_the_clients_left() -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backup"


@pytest.fixture
def settings(platform: Stack) -> PlatformSettings:
    return PlatformSettings.read(platform.environment())


@dataclass
class Desk:
    """Enters visits one after the other and keeps what was acknowledged."""

    api: httpx.AsyncClient
    bearer: str
    acknowledged: list[dict[str, Any]] = field(default_factory=list)

    async def enter(self, form: dict[str, Any] | None = None) -> dict[str, Any]:
        place = len(self.acknowledged) % len(SEED.cadres)
        form = form or {
            "id": new_id(),
            "cadre_id": SEED.cadres[place],
            "branch_id": SEED.branches[place],
            "occurred_at": at_local_time(MONDAY + timedelta(days=1), time_of_day(9)).isoformat(),
            "note": "走访，笔记不上事件",
        }
        headers = {"Authorization": f"Bearer {self.bearer}"}
        answer = await self.api.post("/api/visits/visits", json=form, headers=headers)
        assert answer.status_code in {CREATED, httpx.codes.OK}, answer.text
        self.acknowledged.append(form)
        return form

    @asynccontextmanager
    async def busy(self) -> AsyncIterator[None]:
        """Meanwhile several people enter visits one after the other."""
        over = asyncio.Event()

        async def person() -> None:
            while not over.is_set():
                await self.enter()
                await asyncio.sleep(0.05)

        people = [asyncio.create_task(person()) for _ in range(4)]
        yield
        over.set()
        await asyncio.gather(*people)


@pytest.fixture
async def desk(platform: Stack) -> AsyncIterator[Desk]:
    async with httpx.AsyncClient(base_url=platform.urls["visits-api"], timeout=10.0) as api:
        yield Desk(api, token(platform, a_caller(Role.ORGANISER, TOWNSHIP)))


async def test_what_was_acknowledged_under_load_is_there_after_mongodb_was_lost(
    platform: Stack, desk: Desk, folder: Path
) -> None:
    async with desk.busy():
        await asyncio.sleep(0.5)
        follower = _following(platform, folder)
        await asyncio.to_thread(_until_said, follower, "持续记录")
        early = len(desk.acknowledged)
        await asyncio.sleep(2)
    _stop_services(platform)
    follower.send_signal(signal.SIGTERM)
    told, _ = follower.communicate(timeout=30)
    before = documents(platform)
    _drop(platform, *KEPT)
    loss = documents(platform)
    restored = _run(platform, "restore", "--from", str(folder))
    after = documents(platform)
    whole = _run(platform, "verify_archive", "--against", str(folder), room="mongo")
    _start_services(platform)
    await steering(platform).settle()
    asked = {form["id"] for form in desk.acknowledged}
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))

    assert (follower.returncode, "已记录" in told) == (0, True)
    assert 0 < early < len(desk.acknowledged)
    assert not loss["visits"]
    assert (restored.returncode, restored.stderr) == (0, "")
    assert after == before
    assert asked <= after["visits"]["visits"].keys()
    assert asked <= {header(record, "ce_subject") for record in records_of(platform.urls["kafka"], "visits.events")}
    assert whole.returncode == 0, whole.stdout
    assert manifest["archives"]["visits"]["sequence"] > 0
    assert _modes(folder) == {0o600}
    assert twice(platform) == []


async def test_without_a_journal_what_kafka_has_beyond_is_archived_listed_and_can_be_entered_again(
    platform: Stack, desk: Desk, settings: PlatformSettings, folder: Path
) -> None:
    kept = await desk.enter()
    await steering(platform).settle()
    await back_up(settings, folder)
    later = [await desk.enter() for _ in range(3)]
    await steering(platform).settle()
    _stop_services(platform, OF_VISITS)
    _drop(platform, "visits")
    with pytest.raises(NotRestored, match="--replace"):
        await restore(settings, Wanted(folder, ["identity"]))
    restored = _run(platform, "restore", "--from", str(folder), "--service", "visits")
    found = documents(platform)["visits"]
    listed = _listed(folder)
    _start_services(platform, OF_VISITS)
    for form in later:
        await desk.enter(form)
    await steering(platform).settle()
    again = documents(platform)["visits"]

    assert restored.returncode == 2, restored.stderr
    assert sorted(listed) == sorted(form["id"] for form in later)
    assert kept["id"] in found["visits"]
    assert not {form["id"] for form in later} & found["visits"].keys()
    assert {form["id"] for form in later} <= again["visits"].keys()
    assert again["archive"].keys() == found["archive"].keys()
    assert twice(platform) == []


async def test_a_spoiled_file_is_found_before_anything_is_touched(
    platform: Stack, desk: Desk, settings: PlatformSettings, folder: Path
) -> None:
    await desk.enter()
    await back_up(settings, folder)
    _spoil(folder / "visits" / "visits.bson")
    before = documents(platform)["visits"]["visits"].keys()
    with pytest.raises(Damaged, match=r"visits/visits\.bson"):
        await restore(settings, Wanted(folder, ["visits"], replace=True))

    assert documents(platform)["visits"]["visits"].keys() == before


async def test_kafka_alone_lost_is_written_anew_from_the_archive(
    platform: Stack, desk: Desk, settings: PlatformSettings
) -> None:
    for _ in range(8):
        await desk.enter()
    await steering(platform).settle()
    before, known = by_aggregate(platform), documents(platform)["notifications"]["obligations"]
    _stop_services(platform, WORKERS)
    _lose_kafka(platform)
    refilled = [await refill(settings, service) for service in ("visits", "notifications")]
    after = by_aggregate(platform)
    with pytest.raises(NotRefilled, match="--append-missing"):
        await refill(settings, "visits")
    again = await refill(settings, "visits", append_missing=True)
    await publish(platform, list(SEED.facts()))
    _start_services(platform, WORKERS)
    await steering(platform).settle()

    assert after == before
    assert again == Refilled(0, refilled[0].written)
    assert documents(platform)["notifications"]["obligations"].keys() == known.keys()
    assert twice(platform) == []


def _spoil(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def _lose_kafka(stack: Stack) -> None:
    """Another Kafka, with nothing in it, where the old one was."""
    data = stack.folder.path / "kafka"
    stack.stop("kafka")
    shutil.rmtree(data)
    data.mkdir()
    kafka.prepare(stack.settings.cache_dir / "jars", stack.ports, data, stack.folder.run / "kafka.properties")
    stack.start("kafka")


def _run(stack: Stack, name: str, *arguments: str, room: str = "recovery") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", f"shared.{room}.{name}", *arguments]
    environment = {**stack.settings.inherited, **stack.environment()}
    return subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=90)


def _following(stack: Stack, folder: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "shared.recovery.backup", "--to", str(folder), "--follow"]
    environment = {**stack.settings.inherited, **stack.environment()}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def _until_said(process: "subprocess.Popen[str]", words: str) -> None:
    assert process.stdout is not None
    assert any(words in line for line in iter(process.stdout.readline, ""))


def _modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()}


def _listed(folder: Path) -> list[str]:
    """What a restore says has to be entered again."""
    [report] = folder.glob("beyond-*.jsonl")
    return [json.loads(line)["subject"] for line in report.read_text("utf-8").splitlines()]


def _stop_services(stack: Stack, names: Sequence[str] = SERVICES) -> None:
    for name in names:
        stack.supervisor.stop(name)
    stack.supervisor.wait_stopped(names)


def _start_services(stack: Stack, names: Sequence[str] = SERVICES) -> None:
    for name in names:
        stack.start(name, wait=False)
    for name in names:
        stack.start(name)


def _drop(stack: Stack, *services: str) -> None:
    with MongoClient[dict[str, Any]](stack.urls["mongodb"]) as client:
        for service in services:
            client.drop_database(f"xianfeng_{service}")
