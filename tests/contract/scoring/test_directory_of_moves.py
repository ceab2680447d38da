"""One suite for who moved along with an organisation, by which revision of it, in whatever order facts come."""

import itertools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest
from pymongo.asynchronous.database import AsyncDatabase

from services.scoring.adapters.directory import MongoDirectory
from services.scoring.domain.member import Member
from services.scoring.domain.subject import Organisation, Posting
from services.scoring.use_cases.directory_ports import Directory, Moving
from shared.kernel.access import OrganisationPath
from shared.mongo.client import Document
from tests.contract.scoring.conftest import Stores

TOWNSHIP = OrganisationPath(("county", "township"))
BRANCH = Organisation("branch", TOWNSHIP / "branch", "branch", "演示党支部", "village")
MOVED = replace(BRANCH, path=OrganisationPath(("county", "elsewhere", "branch")))
STARTED = date(2023, 1, 1)


def a_member(id_: str) -> Member:
    return Member(id_, "branch", BRANCH.path, None, STARTED)


def a_posting(cadre_id: str, number: int = 1, path: OrganisationPath = BRANCH.path) -> Posting:
    id_ = f"posting {number} of {cadre_id}"
    return Posting(id_, cadre_id, path.organisation_id, path, "village_cadre", STARTED, None)


def by(revision: int, organisation_id: str = "branch") -> Moving:
    return Moving(organisation_id, revision, limit=10)


async def moved_by(revision: int, directory: Directory) -> tuple[list[str], list[str]]:
    return list(await directory.members_moved(by(revision))), list(await directory.cadres_moved(by(revision)))


async def everybody(directory: Directory) -> None:
    """Two members and two cadres hang at the branch, and somebody at its neighbour."""
    for name in ("b", "a"):
        await directory.learn_member(a_member(name), 1)
        await directory.learn_posting(a_posting(name), 1)
    neighbour = replace(BRANCH, id="neighbour", path=TOWNSHIP / "neighbour")
    await directory.learn_organisation(neighbour, 2)
    await directory.learn_member(replace(a_member("c"), branch_id="neighbour", path=neighbour.path), 1)
    await directory.learn_posting(a_posting("c", path=neighbour.path), 1)


async def test_who_hangs_there_moves_by_the_revision_that_moved_it(stores: Stores) -> None:
    await stores.directory.learn_organisation(BRANCH, 1)
    await everybody(stores.directory)
    before = [await moved_by(revision, stores.directory) for revision in (1, 2)]
    await stores.directory.learn_organisation(MOVED, 2)

    assert before == [([], []), ([], [])]
    assert await moved_by(2, stores.directory) == (["a", "b"], ["a", "b"])
    assert await moved_by(1, stores.directory) == ([], [])


async def test_a_revision_that_leaves_it_where_it_is_moves_nobody(stores: Stores) -> None:
    await stores.directory.learn_organisation(BRANCH, 1)
    await everybody(stores.directory)
    await stores.directory.learn_organisation(MOVED, 2)
    await stores.directory.learn_organisation(replace(MOVED, category="office"), 3)
    await stores.directory.learn_organisation(BRANCH, 1)

    assert await moved_by(3, stores.directory) == ([], [])
    assert await moved_by(2, stores.directory) == (["a", "b"], ["a", "b"])


async def test_an_organisation_learnt_where_everybody_was_recorded_moves_nobody(stores: Stores) -> None:
    await everybody(stores.directory)
    await stores.directory.learn_organisation(BRANCH, 1)

    assert await moved_by(1, stores.directory) == ([], [])


@pytest.mark.parametrize("order", list(itertools.permutations(("people", "here", "there", "renamed"))))
async def test_in_any_order_and_twice_they_have_moved_by_one_of_the_revisions_that_are_told(
    stores: Stores, order: tuple[str, ...]
) -> None:
    for what in (*order, *order):
        match what:
            case "people":
                await everybody(stores.directory)
            case "here":
                await stores.directory.learn_organisation(BRANCH, 1)
            case "there":
                await stores.directory.learn_organisation(MOVED, 2)
            case _:
                await stores.directory.learn_organisation(replace(MOVED, title="新名"), 3)
    found = [await moved_by(revision, stores.directory) for revision in (1, 2, 3)]

    # Who was recorded at the old place moved once, by the revision that was known when he was moved.
    assert found.count((["a", "b"], ["a", "b"])) == 1
    assert found.count(([], [])) == 2


async def test_there_and_back_again_moves_twice(stores: Stores) -> None:
    await stores.directory.learn_organisation(BRANCH, 1)
    await everybody(stores.directory)
    await stores.directory.learn_organisation(MOVED, 2)
    await stores.directory.learn_organisation(BRANCH, 3)

    assert await moved_by(3, stores.directory) == (["a", "b"], ["a", "b"])
    assert await moved_by(2, stores.directory) == ([], [])


@pytest.mark.parametrize("which", ["members_moved", "cadres_moved"])
async def test_those_who_moved_are_read_in_pages(stores: Stores, which: str) -> None:
    names = [f"{number:02}" for number in range(5)]
    await stores.directory.learn_organisation(BRANCH, 1)
    for name in reversed(names):
        await stores.directory.learn_member(a_member(name), 1)
        for number in (1, 2):
            # Who holds two posts there moved once.
            await stores.directory.learn_posting(a_posting(name, number), 1)
    await stores.directory.learn_organisation(MOVED, 2)
    read: Callable[[Moving], Awaitable[Sequence[str]]] = getattr(stores.directory, which)
    found: list[str] = []
    moving = replace(by(2), limit=2)
    while page := await read(moving):
        assert len(page) <= 2
        found += page
        moving = replace(moving, after=page[-1])

    assert found == names


async def test_those_whom_a_dying_worker_did_not_move_move_by_redelivery(database: AsyncDatabase[Document]) -> None:
    directory = MongoDirectory(database)
    await directory.learn_organisation(BRANCH, 1)
    await everybody(directory)
    # It died here: the organisation was written, who hangs there was not.
    moved = {"revision": 2, "path": list(MOVED.path.segments)}
    await database["organisations"].update_one({"_id": "branch"}, {"$set": moved})
    await directory.learn_organisation(MOVED, 2)

    assert await moved_by(2, directory) == (["a", "b"], ["a", "b"])
