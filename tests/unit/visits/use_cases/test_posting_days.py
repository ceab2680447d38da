"""A cadre visits and takes on problems on the days he is posted, through the front door."""

from datetime import date
from typing import Any

import pytest

from shared.events.members import PostingEnded
from shared.kernel.ids import derived_id
from tests.unit.visits.conftest import BRANCH, COUNTY, GO_LIVE, TOWNSHIP, World, a_problem, a_visit, post

NEWCOMER, LEAVER = derived_id("newcomer"), derived_id("leaver")
HERE = f"{COUNTY}/{TOWNSHIP}/{BRANCH}"
VISIT, PROBLEM = f"/visits/{a_visit()['id']}", f"/problems/{a_problem()['id']}"


async def _people(world: World) -> None:
    """The newcomer is posted from the 16th on, the leaver was until the 15th."""
    await post(world, NEWCOMER, HERE, starts_on=date(2023, 11, 16))
    await post(world, LEAVER, HERE, starts_on=GO_LIVE, ends_on=date(2023, 11, 15))


def _told(response: Any) -> tuple[int, Any, Any]:
    return response.status_code, response.json().get("code"), response.json().get("field")


@pytest.mark.parametrize(
    ("who", "day", "status"),
    [(NEWCOMER, 15, 422), (NEWCOMER, 16, 201), (LEAVER, 15, 201), (LEAVER, 16, 422)],
)
async def test_a_visit_counts_from_the_first_to_the_last_day_of_a_posting(
    world: World, who: str, day: int, status: int
) -> None:
    await _people(world)
    form = a_visit(cadre_id=who, occurred_at=f"2023-11-{day}T09:30:00+08:00")

    response = await world.call("organiser", "POST", "/visits", form)

    assert response.status_code == status


async def test_a_visit_outside_the_posting_is_refused_with_the_day_and_what_to_do(world: World) -> None:
    await _people(world)
    form = a_visit(cadre_id=LEAVER, occurred_at="2023-11-16T09:30:00+08:00")

    response = await world.call("organiser", "POST", "/visits", form)

    assert _told(response) == (422, "cadre.not_posted_then", "occurred_at")
    assert (
        response.json()["detail"]
        == "该干部 2023-11-16 在本乡镇没有任职，请核对日期和干部；任职未登记的请先联系组织委员登记"
    )
    assert world.published == []


async def test_a_problem_outside_the_posting_is_refused(world: World) -> None:
    await _people(world)

    response = await world.call("organiser", "POST", "/problems", a_problem(cadre_id=LEAVER))

    assert _told(response) == (422, "cadre.not_posted_then", "raised_on")


async def test_a_visit_is_not_corrected_to_a_day_outside_the_posting(world: World) -> None:
    await _people(world)
    await world.call(
        "organiser", "POST", "/visits", a_visit(cadre_id=NEWCOMER, occurred_at="2023-11-16T09:30:00+08:00")
    )

    moved = await world.call("organiser", "PUT", VISIT, {"occurred_at": "2023-11-15T09:30:00+08:00"}, seen=1)

    assert _told(moved) == (422, "cadre.not_posted_then", "occurred_at")


async def test_a_visit_of_who_has_left_is_still_corrected_within_its_day(world: World) -> None:
    await _people(world)
    at = "2023-11-15T09:30:00+08:00"
    await world.call("organiser", "POST", "/visits", a_visit(cadre_id=LEAVER, occurred_at=at))

    noted = await world.call("organiser", "PUT", VISIT, {"occurred_at": at, "note": "补记"}, seen=1)

    assert noted.status_code == 200


async def test_no_problem_is_given_to_who_has_left(world: World) -> None:
    await _people(world)
    await world.call("cadre", "POST", "/problems", a_problem())

    left = await world.call("organiser", "PUT", f"{PROBLEM}/assignment", {"cadre_id": LEAVER}, seen=1)
    came = await world.call("organiser", "PUT", f"{PROBLEM}/assignment", {"cadre_id": NEWCOMER}, seen=1)

    assert _told(left) == (422, "cadre.not_posted_then", "cadre_id")
    assert came.status_code == 200


async def test_a_posting_that_ends_is_learnt_and_one_of_several_is_enough(world: World) -> None:
    await post(world, NEWCOMER, HERE)
    ended = PostingEnded(
        posting_id=derived_id("posting", NEWCOMER),
        cadre_id=NEWCOMER,
        organisation_id=BRANCH,
        post="village_cadre",
        starts_on=GO_LIVE,
        ends_on=date(2023, 11, 17),
        occurred_on=date(2023, 11, 17),
    )
    await world.learn(ended, subject=ended.posting_id, path=HERE, revision=2)
    refused = await world.call("organiser", "POST", "/visits", a_visit(cadre_id=NEWCOMER))
    again = ended.model_copy(update={"posting_id": derived_id("another posting"), "ends_on": None})
    await world.learn(again, subject=again.posting_id, path=HERE)
    accepted = await world.call("organiser", "POST", "/visits", a_visit(cadre_id=NEWCOMER))

    assert (refused.status_code, accepted.status_code) == (422, 201)
