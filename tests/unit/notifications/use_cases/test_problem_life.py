"""The life of a problem's deadline: warned a working day before, overdue, missed; solved, taken back, handed over."""

from datetime import date
from typing import Any

from services.notifications.domain.obligation import Obligation
from shared.events.base import Event
from shared.events.notifications import ObligationSatisfiedLate
from shared.events.visits import (
    ProblemAssigned,
    ProblemRaised,
    ProblemReopened,
    ProblemResolved,
    ResolutionWithdrawn,
)
from tests.unit.notifications.world import BRANCH, CADRE, COLLEAGUE, World, local, problem_fact

MONDAY, FRIDAY = date(2023, 11, 20), date(2023, 11, 24)


def of_problems(world: World) -> list[Obligation]:
    found = [thing for thing in world.obligations.things.values() if thing.terms.subject_kind == "problem"]
    return sorted(found, key=lambda thing: thing.opened_at)


async def raised(world: World, **changed: Any) -> Obligation:
    world.clock.set(local("2023-11-20 12:00"))
    await world.learn(problem_fact(ProblemRaised, MONDAY, 1, **changed))
    [obligation] = of_problems(world)
    return obligation


async def happens(world: World, kind: type[Event], on: date, revision: int, **changed: Any) -> Obligation:
    await world.learn(problem_fact(kind, on, revision, **changed))
    return of_problems(world)[-1]


async def test_a_problem_opens_an_obligation_of_its_cadre_at_its_branch(world: World) -> None:
    terms = (await raised(world)).terms

    assert (terms.cadre_id, terms.branch_id, terms.organisation_id) == (CADRE, BRANCH, BRANCH)
    assert (terms.due_on, terms.period, terms.regulation_id) == (FRIDAY, "2023-11-20", "problem-deadline")
    assert world.last.key == BRANCH


async def test_it_is_warned_of_one_working_day_before(world: World) -> None:
    await raised(world)
    await world.at("2023-11-23 09:01")
    assert of_problems(world)[0].state == "open"
    await world.at("2023-11-23 09:02")

    assert of_problems(world)[0].state == "warned"


async def test_a_monday_deadline_is_warned_of_on_friday(world: World) -> None:
    await raised(world, due_on=date(2023, 11, 27))
    await world.at("2023-11-24 09:02")

    assert of_problems(world)[0].state == "warned"


async def test_unsolved_it_is_overdue_and_after_the_grace_missed(world: World) -> None:
    await raised(world)
    await world.at("2023-11-25 00:02")
    assert of_problems(world)[0].state == "overdue"
    await world.at("2023-12-02 00:02")

    assert of_problems(world)[0].state == "missed"


async def test_solved_on_its_last_day_it_is_in_time_however_late_that_is_said(world: World) -> None:
    await raised(world)
    await world.at("2023-12-05 12:00")
    solved = await happens(world, ProblemResolved, FRIDAY, 2)

    assert solved.state == "satisfied"
    assert {line.what for line in solved.lines if line.taken_back_in} == {"overdue", "missed"}


async def test_solved_within_the_grace_it_is_late(world: World) -> None:
    await raised(world)
    await world.at("2023-11-28 12:00")
    solved = await happens(world, ProblemResolved, date(2023, 11, 28), 2)

    late = world.last.event
    assert isinstance(late, ObligationSatisfiedLate)
    assert (late.after_grace, late.corrects) == (False, ())
    assert {line.what for line in solved.lines if line.holds} == {"opened", "overdue", "satisfied_late"}


async def test_solved_within_the_grace_but_said_after_it_the_miss_is_corrected(world: World) -> None:
    await raised(world)
    await world.at("2023-12-05 12:00")
    solved = await happens(world, ProblemResolved, date(2023, 11, 28), 2)

    assert [correction.type for correction in world.last.event.corrects] == [
        "xianfeng.notifications.obligation.missed.v1"
    ]
    assert {line.what for line in solved.lines if line.holds} == {"opened", "overdue", "satisfied_late"}


async def test_solved_after_the_grace_the_miss_stands_beside_it(world: World) -> None:
    await raised(world)
    await world.at("2023-12-05 12:00")
    solved = await happens(world, ProblemResolved, date(2023, 12, 5), 2)

    assert world.last.event.after_grace is True
    assert {line.what for line in solved.lines if line.holds} == {"opened", "overdue", "missed", "satisfied_late"}


async def test_solved_after_the_grace_before_the_sweep_came_round_it_is_missed_all_the_same(world: World) -> None:
    await raised(world)
    world.clock.set(local("2023-12-05 12:00"))
    solved = await happens(world, ProblemResolved, date(2023, 12, 5), 2)

    assert {line.what for line in solved.lines if line.holds} == {"opened", "overdue", "missed", "satisfied_late"}
    assert len({fact.revision for fact in world.obligations.facts[-3:]}) == 1


async def test_a_withdrawn_resolution_opens_it_again(world: World) -> None:
    await raised(world)
    await happens(world, ProblemResolved, date(2023, 11, 20), 2)
    again = await happens(world, ResolutionWithdrawn, date(2023, 11, 20), 3)

    assert (again.state, world.published[-1]) == ("open", "Reopened")


async def test_a_citizens_no_opens_it_again_and_the_second_resolution_decides(world: World) -> None:
    await raised(world)
    await happens(world, ProblemResolved, date(2023, 11, 20), 2)
    world.clock.set(local("2023-11-27 12:00"))
    await happens(world, ProblemReopened, date(2023, 11, 27), 3)
    await world.at("2023-11-27 12:00")
    solved = await happens(world, ProblemResolved, date(2023, 11, 27), 4)

    assert solved.state == "satisfied_late"


async def test_a_late_resolution_withdrawn_leaves_the_miss(world: World) -> None:
    await raised(world)
    await world.at("2023-12-05 12:00")
    await happens(world, ProblemResolved, date(2023, 12, 5), 2)
    again = await happens(world, ResolutionWithdrawn, date(2023, 12, 5), 3)

    assert again.state == "missed"
    assert world.published[-1] == "Reopened"
    assert {line.what for line in again.lines if line.holds} == {"opened", "overdue", "missed"}


async def test_handed_over_it_is_another_cadres_with_the_same_deadline(world: World) -> None:
    await raised(world)
    world.clock.set(local("2023-11-22 12:00"))
    await happens(world, ProblemAssigned, date(2023, 11, 22), 2, cadre_id=COLLEAGUE)

    first, second = of_problems(world)
    assert (first.state, first.grounds.superseded_by) == ("superseded", second.id)
    assert (second.terms.cadre_id, second.terms.due_on, second.state) == (COLLEAGUE, FRIDAY, "open")
    assert {line.what for line in first.lines if line.holds} == {"superseded"}


async def test_handed_over_after_the_grace_the_miss_stays_where_it_was(world: World) -> None:
    await raised(world)
    await world.at("2023-12-05 12:00")
    await happens(world, ProblemAssigned, date(2023, 12, 5), 2, cadre_id=COLLEAGUE)
    await happens(world, ProblemResolved, date(2023, 12, 5), 3, cadre_id=COLLEAGUE)

    [only] = of_problems(world)
    assert (only.terms.cadre_id, only.state) == (CADRE, "satisfied_late")


async def test_what_is_solved_before_its_beginning_is_known_waits_for_it(world: World) -> None:
    world.clock.set(local("2023-11-21 12:00"))
    await world.learn(problem_fact(ProblemResolved, date(2023, 11, 21), 2))
    assert of_problems(world) == []
    await world.learn(problem_fact(ProblemRaised, MONDAY, 1))

    assert [thing.state for thing in of_problems(world)] == ["satisfied"]


async def test_a_problem_registered_late_is_not_warned_of_in_the_past(world: World) -> None:
    world.clock.set(local("2023-12-04 12:00"))
    await world.learn(problem_fact(ProblemRaised, date(2023, 12, 4), 1, due_on=FRIDAY, entry="late"))
    await world.at("2023-12-04 13:00")

    [late] = of_problems(world)
    assert [line.what for line in late.lines] == ["opened", "overdue", "missed"]
    assert late.terms.entry == "late"
