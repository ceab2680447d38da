"""What a closed history span holds stays as it was judged, through the front door."""

from datetime import date
from typing import Any

import pytest

from shared.events.members import HistorySpanClosed, HistorySpanDeclared, OrganisationChanged
from tests.unit.visits.conftest import (
    BRANCH,
    COLLEAGUE,
    COUNTY,
    ELSEWHERE,
    World,
    a_problem,
    a_visit,
    enter_history,
)

VISIT, PROBLEM = f"/visits/{a_visit()['id']}", f"/problems/{a_problem()['id']}"
DONE = {"resolved_on": "2023-09-29", "measure": "更换灯泡"}
LIVED = {**DONE, "resolved_on": "2023-11-20"}
YES = {"answer": "yes", "confirmed_on": "2023-11-20"}


async def _a_visit_then_closed(world: World) -> None:
    await enter_history(world, HistorySpanDeclared)
    await world.call("cadre", "POST", "/visits", a_visit(occurred_at="2023-09-20T09:30:00+08:00"))
    await enter_history(world, HistorySpanClosed)


async def _a_problem_then_closed(world: World, *, resolved: bool = True) -> None:
    await enter_history(world, HistorySpanDeclared)
    await world.call("cadre", "POST", "/problems", a_problem(raised_on="2023-09-28"))
    if resolved:
        await world.call("cadre", "PUT", f"{PROBLEM}/resolution", DONE, seen=1)
    await enter_history(world, HistorySpanClosed)


async def _the_branch_moves(world: World) -> None:
    """To a township that closed nothing."""
    there = f"{COUNTY}/{ELSEWHERE}/{BRANCH}"
    moved = OrganisationChanged(
        organisation_id=BRANCH, kind="branch", title="演示", parent_id=ELSEWHERE, occurred_on=date(2023, 11, 20)
    )
    await world.learn(moved, subject=BRANCH, path=there, revision=2)


def _refusal(response: Any) -> tuple[int, str, str]:
    told = response.json()
    return response.status_code, told["code"], told["field"]


async def test_a_visit_of_a_closed_span_is_not_withdrawn(world: World) -> None:
    await _a_visit_then_closed(world)

    response = await world.call("cadre", "PUT", f"{VISIT}/withdrawal", seen=1)

    assert _refusal(response) == (422, "history_span.closed", "occurred_at")
    assert world.published == ["VisitLogged"]


async def test_a_visit_of_a_closed_span_is_not_corrected_within_its_day(world: World) -> None:
    await _a_visit_then_closed(world)
    correction = {"occurred_at": "2023-09-20T09:30:00+08:00", "note": "改写"}

    response = await world.call("cadre", "PUT", VISIT, correction, seen=1)

    assert _refusal(response) == (422, "history_span.closed", "occurred_at")


@pytest.mark.parametrize("answer", ["yes", "no", "unreached"])
async def test_a_resolution_inside_a_closed_span_is_not_confirmed(world: World, answer: str) -> None:
    await _a_problem_then_closed(world)

    response = await world.call("branch secretary", "PUT", f"{PROBLEM}/confirmation", {**YES, "answer": answer}, seen=2)

    assert _refusal(response) == (422, "history_span.closed", "resolved_on")
    assert world.published == ["ProblemRaised", "ProblemResolved"]


async def test_a_resolution_inside_a_closed_span_is_not_withdrawn(world: World) -> None:
    await _a_problem_then_closed(world)

    response = await world.call("cadre", "PUT", f"{PROBLEM}/resolution/withdrawal", seen=2)

    assert _refusal(response) == (422, "history_span.closed", "resolved_on")


async def test_who_is_refused_is_told_what_to_do(world: World) -> None:
    await _a_visit_then_closed(world)

    response = await world.call("cadre", "PUT", f"{VISIT}/withdrawal", seen=1)

    assert "2023-09-20" in response.json()["detail"]
    assert "请核对日期" in response.json()["detail"]
    assert "组织委员" in response.json()["detail"]


async def test_a_request_repeated_after_closing_still_gets_its_answer(world: World) -> None:
    await enter_history(world, HistorySpanDeclared)
    await world.call("cadre", "POST", "/visits", a_visit(occurred_at="2023-09-20T09:30:00+08:00"))
    await world.call("cadre", "PUT", f"{VISIT}/withdrawal", seen=1)
    await enter_history(world, HistorySpanClosed)

    again = await world.call("cadre", "PUT", f"{VISIT}/withdrawal", seen=1)

    assert (again.status_code, again.json()["withdrawn"]) == (200, True)


async def test_in_an_open_span_a_visit_is_withdrawn_and_a_resolution_confirmed(world: World) -> None:
    await enter_history(world, HistorySpanDeclared)
    await world.call("cadre", "POST", "/visits", a_visit(occurred_at="2023-09-20T09:30:00+08:00"))
    await world.call("cadre", "POST", "/problems", a_problem(raised_on="2023-09-28"))
    await world.call("cadre", "PUT", f"{PROBLEM}/resolution", DONE, seen=1)

    withdrawn = await world.call("cadre", "PUT", f"{VISIT}/withdrawal", seen=1)
    confirmed = await world.call("branch secretary", "PUT", f"{PROBLEM}/confirmation", YES, seen=2)

    assert (withdrawn.status_code, confirmed.json()["state"]) == (200, "confirmed")


async def test_a_problem_left_unsolved_by_its_span_is_handed_on_and_solved_after_go_live(world: World) -> None:
    """The span says nothing about it: what is solved after go-live is confirmed or taken back like anything else."""
    await _a_problem_then_closed(world, resolved=False)

    assigned = await world.call("organiser", "PUT", f"{PROBLEM}/assignment", {"cadre_id": COLLEAGUE}, seen=1)
    resolved = await world.call("colleague", "PUT", f"{PROBLEM}/resolution", LIVED, seen=2)
    confirmed = await world.call("branch secretary", "PUT", f"{PROBLEM}/confirmation", YES, seen=3)
    taken_back = await world.call("colleague", "PUT", f"{PROBLEM}/resolution/withdrawal", seen=4)

    assert [each.status_code for each in (assigned, resolved, confirmed, taken_back)] == [200] * 4


async def test_a_branch_that_moves_takes_no_visit_out_of_the_closed_span(world: World) -> None:
    await _a_visit_then_closed(world)
    await _the_branch_moves(world)
    correction = {"occurred_at": "2023-09-20T09:30:00+08:00", "note": "改写"}
    moved_to = {"occurred_at": "2023-11-20T09:30:00+08:00", "note": "走访"}

    answers = [
        await world.call("stranger", "PUT", f"{VISIT}/withdrawal", seen=1),
        await world.call("stranger", "PUT", VISIT, correction, seen=1),
        await world.call("stranger", "PUT", VISIT, moved_to, seen=1),
    ]

    assert [_refusal(each) for each in answers] == [(422, "history_span.closed", "occurred_at")] * 3


async def test_a_branch_that_moves_takes_no_resolution_out_of_the_closed_span(world: World) -> None:
    await _a_problem_then_closed(world)
    await _the_branch_moves(world)

    answers = [
        await world.call("branch secretary", "PUT", f"{PROBLEM}/confirmation", YES, seen=2),
        await world.call("stranger", "PUT", f"{PROBLEM}/resolution/withdrawal", seen=2),
    ]

    assert [_refusal(each) for each in answers] == [(422, "history_span.closed", "resolved_on")] * 2


async def test_a_branch_that_moves_lets_nothing_be_solved_on_a_closed_day(world: World) -> None:
    """Where the branch hangs now those days are open still."""
    await _a_problem_then_closed(world, resolved=False)
    await _the_branch_moves(world)
    await enter_history(world, HistorySpanDeclared, township=ELSEWHERE)

    closed = await world.call("stranger", "PUT", f"{PROBLEM}/resolution", DONE, seen=1)
    lived = await world.call("stranger", "PUT", f"{PROBLEM}/resolution", LIVED, seen=1)

    assert _refusal(closed) == (422, "history_span.closed", "resolved_on")
    assert lived.status_code == 200
