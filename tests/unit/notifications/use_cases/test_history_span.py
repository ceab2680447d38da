"""History: silent while it is entered, judged once when its span is closed, never noticed."""

from datetime import date
from typing import Any

import pytest

from services.notifications.domain.obligation import Obligation
from shared.events.base import Event
from shared.events.visits import ProblemAssigned, ProblemRaised, ProblemResolved, ResolutionWithdrawn
from tests.unit.notifications.world import (
    BRANCH,
    CADRE,
    COLLEAGUE,
    COUNTY,
    ELSEWHERE,
    World,
    calendar,
    days,
    local,
    posting,
    problem_fact,
    still_held,
    visit,
)

FIRST, LAST = date(2023, 10, 1), date(2023, 12, 31)
"""The span: W39 ends on its first day, W52 is its last week."""


@pytest.fixture
async def world() -> World:
    world = World()
    world.clock.set(local("2026-09-20 12:00"))
    await world.span(FIRST, LAST, closed=False)
    await world.learn(posting(starts_on=date(2023, 11, 1)))
    return world


async def close(world: World) -> None:
    await world.span(FIRST, LAST, closed=True)
    await world.at("2026-09-20 12:02")


def problem(kind: type[Event], on: date, revision: int, **changed: Any) -> tuple[Event, dict[str, Any]]:
    return problem_fact(kind, on, revision, entry="history", **changed)


def of_problems(world: World) -> list[Obligation]:
    return [thing for thing in world.obligations.things.values() if thing.terms.subject_kind == "problem"]


async def test_nothing_is_said_while_history_is_entered(world: World) -> None:
    await world.learn(visit("2023-11-21 10:00", entry="history"))
    await world.learn(problem(ProblemRaised, date(2023, 11, 20), 1))
    await world.at("2026-09-20 18:00")

    assert world.published == []


async def test_each_week_is_judged_once_when_the_span_is_closed(world: World) -> None:
    await world.learn(visit("2023-11-21 10:00", entry="history"))
    await close(world)
    await world.at("2026-11-20 12:00")

    weeks = {thing.terms.period: thing.state for thing in world.obligations.things.values()}
    assert weeks == {f"2023-W{week}": "satisfied" if week == 47 else "missed" for week in range(45, 53)}
    assert world.published.count("Opened") == 8
    assert set(world.published) == {"Opened", "Satisfied", "Missed"}
    assert {event.entry for event in world.told} == {"history"}
    assert {thing.noticed for thing in world.obligations.things.values()} == {None}


async def test_the_judgement_waits_until_the_sources_are_read(world: World) -> None:
    await world.span(FIRST, LAST, closed=True)
    await world.at("2026-09-20 12:01")

    assert world.published == []


async def test_a_free_week_of_history_is_waived(world: World) -> None:
    await world.learn(calendar(2023, *days(date(2023, 12, 25), 5)))
    await close(world)

    assert world.owed("2023-W52").state == "waived"


async def test_a_closed_span_is_judged_once(world: World) -> None:
    await close(world)
    before = list(world.published)
    world.consumer.rewind()
    await world.consumer.drain()
    await world.at("2026-09-21 12:00")

    assert world.published == before


async def test_a_problem_of_history_solved_in_time_and_one_solved_late(world: World) -> None:
    await world.learn(problem(ProblemRaised, date(2023, 11, 20), 1))
    await world.learn(problem(ProblemResolved, date(2023, 11, 24), 2))
    late = {"problem_id": "00000000-0000-0000-0000-000000000009"}
    await world.learn(problem(ProblemRaised, date(2023, 11, 20), 1, **late))
    await world.learn(problem(ProblemResolved, date(2023, 12, 4), 2, **late))
    await close(world)

    assert sorted(thing.state for thing in of_problems(world)) == ["satisfied", "satisfied_late"]
    [late_one] = [thing for thing in of_problems(world) if thing.state == "satisfied_late"]
    assert [line.what for line in late_one.lines] == ["opened", "missed", "satisfied_late"]


async def test_a_problem_of_history_never_solved_was_missed(world: World) -> None:
    await world.learn(problem(ProblemRaised, date(2023, 11, 20), 1))
    await close(world)

    [obligation] = of_problems(world)
    assert [line.what for line in obligation.lines] == ["opened", "missed"]
    assert obligation.next_step is None


async def test_a_problem_due_after_the_span_is_not_judged(world: World) -> None:
    await world.learn(problem(ProblemRaised, date(2023, 12, 29), 1, due_on=date(2024, 1, 5)))
    await close(world)

    assert of_problems(world) == []


async def test_a_problem_of_history_is_judged_for_the_cadre_who_had_it_last(world: World) -> None:
    await world.learn(problem(ProblemRaised, date(2023, 11, 20), 1))
    await world.learn(problem(ProblemAssigned, date(2023, 11, 22), 2, cadre_id=COLLEAGUE))
    await close(world)

    assert {thing.terms.cadre_id: thing.state for thing in of_problems(world)} == {
        CADRE: "superseded",
        COLLEAGUE: "missed",
    }


async def test_a_problem_handed_over_after_its_span_was_judged_is_missed_once(world: World) -> None:
    await world.learn(problem(ProblemRaised, date(2023, 12, 20), 1, due_on=date(2023, 12, 27)))
    await close(world)
    [first] = of_problems(world)
    assert first.state == "missed"
    await world.learn(problem(ProblemAssigned, date(2023, 12, 28), 2, cadre_id=COLLEAGUE, due_on=date(2023, 12, 27)))

    states = {thing.terms.cadre_id: thing.state for thing in of_problems(world)}
    assert states == {CADRE: "superseded", COLLEAGUE: "missed"}
    [second] = [thing.id for thing in of_problems(world) if thing.id != first.id]
    held = still_held(world.obligations.facts, of={first.id, second})
    assert held == {(first.id, "superseded"), (second, "opened"), (second, "missed")}
    assert {event.entry for event in world.told} == {"history"}


async def test_a_problem_is_judged_in_the_township_that_declared_the_span_wherever_its_branch_went(
    world: World,
) -> None:
    await world.learn(problem(ProblemRaised, date(2023, 11, 20), 1))
    resolved, envelope = problem(ProblemResolved, date(2023, 11, 24), 2)
    await world.learn((resolved, {**envelope, "path": f"{COUNTY}/{ELSEWHERE}/{BRANCH}"}))
    await close(world)

    assert [thing.state for thing in of_problems(world)] == ["satisfied"]


async def test_a_late_resolution_of_history_is_silent_too(world: World) -> None:
    await world.learn(problem(ProblemRaised, date(2023, 11, 20), 1))
    await close(world)
    await world.learn(problem(ProblemResolved, date(2026, 9, 20), 2))
    [obligation] = of_problems(world)
    assert (obligation.state, obligation.noticed) == ("satisfied_late", None)
    await world.learn(problem(ResolutionWithdrawn, date(2026, 9, 20), 3))

    [obligation] = of_problems(world)
    assert (obligation.state, world.last.event.entry) == ("missed", "history")


async def test_a_fact_of_a_judged_span_that_arrives_late_is_judged_at_once(world: World) -> None:
    await close(world)
    await world.learn(problem(ProblemRaised, date(2023, 11, 20), 1), visit("2023-11-08 10:00", entry="history"))

    assert [thing.state for thing in of_problems(world)] == ["missed"]
    assert world.owed("2023-W45").state == "satisfied"


async def test_between_the_span_and_go_live_nothing_is_owed(world: World) -> None:
    await close(world)
    await world.go_live(date(2026, 9, 28))
    await world.at("2026-10-01 12:00")

    live = [thing.terms.period for thing in world.obligations.things.values() if not thing.is_history]
    assert live == ["2026-W40"]
