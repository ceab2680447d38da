"""The demo on the whole real platform, with everything killed once on the way: it ends as if nothing had happened."""

import asyncio
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import httpx
import pytest

from deploy.demo.accounts import NEIGHBOUR_ORGANISER, ORGANISER
from deploy.demo.gateway import Gateway
from deploy.demo.memory import Memory
from deploy.demo.plan import plan
from deploy.local.stack import Stack
from tests.running import running_stack
from tests.unit.deploy.demo.theatre import Theatre, perform

KILLED = ("members-worker", "visits-api", "notifications-worker", "scoring-worker", "visits-worker", "members-api")
_PATIENCE_SECONDS = 400


@pytest.fixture(scope="module")
def played() -> Iterator[Stack]:
    """The platform after the demo: each process killed once, the demo too, and run again to its end."""
    with running_stack() as stack:
        first = _demo(stack)
        for name in KILLED:
            time.sleep(4)
            stack.kill(name)
        _until_steered(stack)
        first.kill()
        first.communicate()
        again = _demo(stack)
        output, _ = again.communicate(timeout=_PATIENCE_SECONDS)
        assert again.returncode == 0, output
        yield stack


def _demo(stack: Stack, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "deploy.demo", *arguments],
        env={**stack.settings.inherited, **stack.environment()},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _until_steered(stack: Stack) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not (stack.folder.path / "clock").exists():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _archived(stack: Stack) -> dict[str, int]:
    """How many facts each service published, after its chain was verified."""
    verified = subprocess.run(
        [sys.executable, "-m", "shared.mongo.verify_archive"],
        env={**stack.settings.inherited, **stack.environment()},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = (line.partition(": ") for line in verified.stdout.splitlines())
    return {service: int(rest.split(" ")[0]) for service, _, rest in lines}


@asynccontextmanager
async def _gateway(stack: Stack) -> AsyncIterator[Gateway]:
    async with httpx.AsyncClient(base_url=stack.urls["gateway"], timeout=30.0) as client:
        yield Gateway(client, stack.passwords.all())


async def _both(stack: Stack) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """All visits and problems, as the organisers of both townships see them."""
    async with _gateway(stack) as gateway:
        visits = [
            visit
            for who in (ORGANISER, NEIGHBOUR_ORGANISER)
            for visit in await gateway.read_all(who, "/api/visits/visits")
        ]
        return visits, await gateway.read_all(ORGANISER, "/api/visits/problems")


def _first_monday(stack: Stack) -> date:
    memory = Memory.recall(stack.folder.path)
    assert memory is not None
    assert memory.state == "done"
    return memory.first_monday


async def test_what_was_lived_under_fire_is_what_the_plan_says(played: Stack) -> None:
    theatre = Theatre()
    await perform(theatre, plan(_first_monday(played)))
    told = theatre.stores["visits"].things.values()
    asked = theatre.stores["problems"].things.values()
    visits, problems = await _both(played)

    assert Counter((v["id"], v["entry"], v["withdrawn"]) for v in visits) == Counter(
        (visit.id, visit.entry, visit.withdrawn) for visit in told
    )
    assert Counter((p["id"], p["state"], p["due_on"], p["revision"]) for p in problems) == Counter(
        (problem.id, problem.state, problem.due_on.isoformat(), problem.revision) for problem in asked
    )


async def test_every_fact_was_recorded_once_and_nothing_was_rejected(played: Stack) -> None:
    theatre = Theatre()
    await perform(theatre, plan(_first_monday(played)))
    recorded = Counter(fact.source for fact in theatre.facts)
    rejected: list[str] = []
    async with httpx.AsyncClient() as client:
        for name, url in played.urls.items():
            if name.endswith("-worker"):
                lines = (await client.get(f"{url}/metrics")).text.splitlines()
                rejected += [line for line in lines if line.startswith("xianfeng_facts_rejected_total")]
    archived = await asyncio.to_thread(_archived, played)

    assert {name: archived[name] for name in ("members", "visits")} == recorded
    assert rejected == []


async def test_the_neighbours_see_their_three_branches_and_nothing_else(played: Stack) -> None:
    async with _gateway(played) as gateway:
        near = await gateway.read_all(NEIGHBOUR_ORGANISER, "/api/members/organisations?kind=branch")
        scores = await gateway.read_all(NEIGHBOUR_ORGANISER, "/api/scoring/scores/branch")
        problems = await gateway.read_all(NEIGHBOUR_ORGANISER, "/api/visits/problems")

    assert (len(near), len(scores), problems) == (3, 3, [])


def test_a_second_run_changes_nothing_and_time_is_the_walls_again(played: Stack) -> None:
    for arguments in ((), ("--if-empty",)):
        again = _demo(played, *arguments)
        output, _ = again.communicate(timeout=_PATIENCE_SECONDS)
        assert (again.returncode, "没有改动" in output or not output) == (0, True)

    assert not (played.folder.path / "clock").exists()


def test_the_passwords_are_the_owners_alone(played: Stack) -> None:
    assert played.folder.passwords.stat().st_mode & 0o777 == 0o600
    asyncio.run(_both(played))
