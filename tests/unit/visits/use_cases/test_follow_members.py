"""Following the members service through crashes: what was learnt but not yet acted on is acted on the next time."""

from datetime import date

import pytest

from services.visits.adapters.in_memory import InMemoryProblems
from shared.events.members import OrganisationChanged
from shared.kernel.access import OrganisationPath
from shared.kernel.errors import Unavailable
from shared.kernel.ids import BranchId, ProblemId, VisitId
from tests.unit.visits.conftest import BRANCH, COUNTY, ELSEWHERE, TOWNSHIP, World, a_problem, a_visit

THERE = f"{COUNTY}/{ELSEWHERE}/{BRANCH}"
CHANGED = OrganisationChanged(
    organisation_id=BRANCH, kind="branch", title="演示", parent_id=ELSEWHERE, occurred_on=date(2023, 11, 21)
)


async def _with_a_visit_and_a_problem(world: World) -> None:
    await world.call("cadre", "POST", "/visits", a_visit())
    await world.call("cadre", "POST", "/problems", a_problem())


async def _places(world: World) -> set[str]:
    visit = await world.visits.get(VisitId(a_visit()["id"]))
    problem = await world.problems.get(ProblemId(a_problem()["id"]))
    return {str(visit.path), str(problem.path)}


async def test_a_branch_that_moves_takes_its_visits_and_problems_along(world: World) -> None:
    await _with_a_visit_and_a_problem(world)
    await world.learn(CHANGED, subject=BRANCH, path=THERE, revision=2)

    assert await _places(world) == {THERE}


async def test_a_move_cut_short_is_finished_when_the_fact_comes_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The place was remembered, then the process died before the problems had moved."""
    await _with_a_visit_and_a_problem(world)

    async def away(_self: InMemoryProblems, _branch_id: BranchId, _path: OrganisationPath) -> None:
        raise Unavailable("mongodb")

    with monkeypatch.context() as broken:
        broken.setattr(InMemoryProblems, "moved", away)
        with pytest.raises(Unavailable):
            await world.learn(CHANGED, subject=BRANCH, path=THERE, revision=2)
    await world.learn(CHANGED, subject=BRANCH, path=THERE, revision=2)

    assert await _places(world) == {THERE}


async def test_an_older_fact_moves_nothing_back(world: World) -> None:
    await _with_a_visit_and_a_problem(world)
    await world.learn(CHANGED, subject=BRANCH, path=THERE, revision=3)
    await world.learn(CHANGED, subject=BRANCH, path=f"{COUNTY}/{TOWNSHIP}/{BRANCH}", revision=2)

    assert await _places(world) == {THERE}
