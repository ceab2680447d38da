"""Branches that move take along what is owed there, through crashes and old facts."""

from datetime import date

import pytest

from services.notifications.adapters.in_memory import InMemoryObligations
from shared.events import members, visits
from shared.kernel.access import OrganisationPath
from shared.kernel.errors import Unavailable
from shared.kernel.ids import OrganisationId, derived_id
from tests.unit.notifications.world import BRANCH, BRANCH_PATH, COUNTY, World, local, problem_fact

THERE = f"{COUNTY}/{derived_id('elsewhere')}/{BRANCH}"
CHANGED = members.OrganisationChanged(
    organisation_id=BRANCH,
    kind="branch",
    title="演示",
    parent_id=derived_id("elsewhere"),
    occurred_on=date(2023, 11, 20),
)


async def _with_a_problem(world: World) -> None:
    world.clock.set(local("2023-11-20 12:00"))
    await world.learn(problem_fact(visits.ProblemRaised, date(2023, 11, 20), 1))


def _places(world: World) -> set[str]:
    return {str(obligation.path) for obligation in world.obligations.things.values()}


async def test_a_branch_that_moves_takes_along_what_is_owed_there(world: World) -> None:
    await _with_a_problem(world)
    await world.learn((CHANGED, {"subject": BRANCH, "path": THERE, "revision": 2}))

    assert _places(world) == {THERE}


async def test_a_move_cut_short_is_finished_when_the_fact_comes_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The place was remembered, then the process died before the obligations had moved."""
    await _with_a_problem(world)
    moved = world.fact(CHANGED, {"subject": BRANCH, "path": THERE, "revision": 2})

    async def away(_self: InMemoryObligations, _id: OrganisationId, _path: OrganisationPath) -> None:
        raise Unavailable("mongodb")

    with monkeypatch.context() as broken:
        broken.setattr(InMemoryObligations, "moved", away)
        with pytest.raises(Unavailable):
            await world.handle(moved)
    await world.handle(moved)

    assert _places(world) == {THERE}


async def test_an_older_fact_moves_nothing_back(world: World) -> None:
    await _with_a_problem(world)
    await world.learn((CHANGED, {"subject": BRANCH, "path": THERE, "revision": 3}))
    await world.learn((CHANGED, {"subject": BRANCH, "path": BRANCH_PATH, "revision": 2}))

    assert _places(world) == {THERE}


async def test_what_is_opened_after_a_move_hangs_where_the_branch_is_now(world: World) -> None:
    """The problem was raised before the branch moved, and read after: so it is when everything is read again."""
    world.clock.set(local("2023-11-20 11:00"))
    await world.learn((CHANGED, {"subject": BRANCH, "path": THERE, "revision": 2}))
    await _with_a_problem(world)

    assert _places(world) == {THERE}
