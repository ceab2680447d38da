"""A branch that moves while something is entered there takes it along."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from services.visits.adapters.in_memory import InMemoryProblems, InMemoryVisits
from shared.events.base import Event
from shared.events.members import OrganisationChanged
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import VisitId
from tests.unit.visits.conftest import BRANCH, COUNTY, ELSEWHERE, World, a_problem, a_visit

CHANGED = OrganisationChanged(
    organisation_id=BRANCH, kind="branch", title="演示", parent_id=ELSEWHERE, occurred_on=date(2023, 11, 20)
)


@pytest.mark.parametrize(
    ("store", "path", "form"), [(InMemoryVisits, "/visits", a_visit), (InMemoryProblems, "/problems", a_problem)]
)
async def test_what_is_stored_after_its_branch_moved_ends_where_the_branch_is(
    world: World, monkeypatch: pytest.MonkeyPatch, store: Any, path: str, form: Callable[[], dict[str, Any]]
) -> None:
    """The path was read, the branch moved and took along what was there, and only then it was stored."""
    save = store.save

    async def save_late(self: Any, thing: Any, *events: Event) -> None:
        await world.learn(CHANGED, subject=BRANCH, path=f"{COUNTY}/{ELSEWHERE}/{BRANCH}", revision=2)
        await save(self, thing, *events)

    monkeypatch.setattr(store, "save", save_late)
    response = await world.call("cadre", "POST", path, form())
    there = await world.call("stranger", "GET", path)
    here = await world.call("organiser", "GET", path)

    assert response.status_code == 201
    assert [item["id"] for item in there.json()["items"]] == [form()["id"]]
    assert here.json()["items"] == []


async def test_an_upload_repeated_after_a_move_that_was_missed_mends_it(world: World) -> None:
    """Who stored it died before he looked again, and it was sent once more."""
    await world.call("cadre", "POST", "/visits", a_visit())
    there = OrganisationPath.parse(f"{COUNTY}/{ELSEWHERE}/{BRANCH}")
    await world.ports.directory.learn_organisation(BRANCH, 2, there)

    again = await world.call("stranger", "POST", "/visits", a_visit())

    assert again.status_code == 201
    assert (await world.visits.get(VisitId(a_visit()["id"]))).path == there
