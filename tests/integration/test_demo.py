"""The demo on the whole real platform, with every process killed on the way: it ends as if nothing had happened."""

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
from deploy.local.topology import NAMES
from services.scoring.domain.awards import LASTING, CardKey
from services.scoring.domain.card import Card
from services.scoring.domain.generation import Generation
from services.scoring.domain.score import score
from shared.events.catalogue import FACT_TOPICS
from shared.kernel.calendar import Period
from shared.kernel.clock import WallClock
from shared.mongo.client import connect
from tests.integration.platform.reading import facts_on, once
from tests.integration.plumbing.reading import records_of
from tests.integration.scoring.scoring_worker import Written, expected_of, the_generation, written
from tests.running import running_stack
from tests.unit.deploy.demo.theatre import Theatre, perform
from tests.unit.notifications.world import World

PREFIX = "xianfeng_"
_PATIENCE_SECONDS = 400
_BETWEEN_KILLS_SECONDS = 3.0


@pytest.fixture(scope="module")
def played() -> Iterator[Stack]:
    """The platform after the demo: every process killed while it played, then the demo itself, which is run again.

    The second run goes on where the first was stopped, and every process is killed once more while it does.
    """
    with running_stack() as stack:
        first = _demo(stack)
        _kill_all(stack, first)
        _until_steered(stack)
        assert first.poll() is None, "the demo ended before it could be killed"
        first.kill()
        first.communicate()
        again = _demo(stack)
        _kill_all(stack, again)
        output, _ = again.communicate(timeout=_PATIENCE_SECONDS)
        assert again.returncode == 0, output
        yield stack


def _kill_all(stack: Stack, demo: "subprocess.Popen[str]") -> None:
    """Kill one process after the other, as long as the demo plays: each while it is needed."""
    for name in NAMES:
        time.sleep(_BETWEEN_KILLS_SECONDS)
        assert demo.poll() is None, f"the demo ended before {name} was killed: {demo.communicate()[0]}"
        stack.kill(name)


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


async def _owed(stack: Stack) -> dict[str, str]:
    """Every obligation by id, with where it stands."""
    async with connect(stack.urls["mongodb"]) as client:
        found = client[f"{PREFIX}notifications"]["obligations"].find({}, {"state": 1})
        return {document["_id"]: _word(document["state"]) async for document in found}


def _word(state: str) -> str:
    """Whether somebody was warned of what is open depends on which was known first, the act or the hour."""
    return "open" if state == "warned" else state


Figures = tuple[int | None, int, int | None]


def _scores(told: Written, generation: Generation) -> dict[CardKey, Figures]:
    """Every score that is another one than that of a subject nothing happened to."""
    found: dict[CardKey, Figures] = {}
    for key, card in told.cards.items():
        if key.period == LASTING:
            continue
        nothing = Card(key.lasting)
        figures = _figures(card, told.cards.get(key.lasting, nothing), generation)
        if figures != _figures(Card(key), nothing, generation):
            found[key] = figures
    return found


def _figures(card: Card, lasting: Card, generation: Generation) -> Figures:
    scored = score(card, generation.book(card.key.standard, Period.parse(card.key.period)), lasting)
    return scored.points, scored.items, scored.attainable


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
    recorded = Counter(fact.source for fact in theatre.facts if fact.source != "scoring")  # which tells scores besides
    archived = await asyncio.to_thread(_archived, played)
    rejected = [record for topic in FACT_TOPICS for record in records_of(played.urls["kafka"], f"{topic}.rejected")]

    assert {name: archived[name] for name in ("members", "visits", "duties")} == recorded
    assert rejected == []


async def test_obligations_and_scores_are_those_of_a_run_nobody_disturbed(played: Stack) -> None:
    theatre, world = Theatre(), World()
    await perform(theatre, plan(_first_monday(played)))
    await theatre.set(WallClock().now())  # notices have ended since the last lived day
    world.clock.set(WallClock().now())
    for fact in sorted(theatre.facts, key=lambda fact: fact.recorded_at):
        await world.handle(fact)
    await world.sweep.turn(asyncio.Event())
    generation = the_generation()
    undisturbed = expected_of([*theatre.facts, *world.obligations.facts], generation)
    lived = await written(played, PREFIX, generation)
    owed = {id_: _word(obligation.state) for id_, obligation in world.obligations.things.items()}

    assert await _owed(played) == owed
    assert _scores(lived, generation) == _scores(undisturbed, generation)


async def test_ledger_and_cards_are_one_pure_pass_over_the_facts_on_the_topics(played: Stack) -> None:
    generation = the_generation()
    pure = expected_of(once(facts_on(played)), generation)
    lived = await written(played, PREFIX, generation)

    assert pure.ledger == lived.ledger
    assert pure.cards == lived.cards


async def test_the_neighbours_see_their_three_branches_and_nothing_else(played: Stack) -> None:
    async with _gateway(played) as gateway:
        near = await gateway.read_all(NEIGHBOUR_ORGANISER, "/api/members/organisations?kind=branch")
        scores = await gateway.read_all(NEIGHBOUR_ORGANISER, "/api/scoring/scores/branch")
        problems = await gateway.read_all(NEIGHBOUR_ORGANISER, "/api/visits/problems")

    assert (len(near), len(scores), problems) == (3, 3, [])


def test_a_second_run_changes_nothing_and_time_is_the_walls_again(played: Stack) -> None:
    before = _archived(played)
    again = _demo(played)
    output, _ = again.communicate(timeout=_PATIENCE_SECONDS)

    assert (again.returncode, _archived(played)) == (0, before)
    assert "没有改动" in output
    assert not (played.folder.path / "clock").exists()


def test_it_ends_in_a_table_of_what_the_report_counts(played: Stack) -> None:
    again = _demo(played)
    output, _ = again.communicate(timeout=_PATIENCE_SECONDS)
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in output.splitlines() if "│" in line]
    said = {row[0]: row[-2:] for row in rows if len(row) == len(("计数", "时段", "报告", "平台", "对照"))}

    assert said["处置党员"] == ["4", "相等"]
    assert said["软弱涣散整顿"] == ["1", "相等"]
    assert said["座谈会"] == ["–", "尚未接入"]
    assert len(said) == 17


def test_what_is_loaded_is_not_loaded_again_at_the_next_start(played: Stack) -> None:
    before = _archived(played)
    again = _demo(played, "--if-empty")
    output, _ = again.communicate(timeout=_PATIENCE_SECONDS)

    assert (again.returncode, output, _archived(played)) == (0, "", before)


def test_the_passwords_are_the_owners_alone(played: Stack) -> None:
    assert played.folder.passwords.stat().st_mode & 0o777 == 0o600
    asyncio.run(_both(played))
