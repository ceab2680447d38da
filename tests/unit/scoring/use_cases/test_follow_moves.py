"""Whose cards are looked at again when an organisation moves: its own, and those of all who hang there."""

from collections.abc import Iterable
from datetime import date

import pytest

from services.scoring.adapters.in_memory import InMemoryCards
from services.scoring.adapters.in_memory_directory import InMemoryDirectory
from services.scoring.domain.awards import CardKey
from services.scoring.domain.card import Day, Total
from services.scoring.domain.subject import Organisation
from services.scoring.use_cases.follow_members import follow_members
from shared.events.base import Event, Fact
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import derived_id
from tests.unit.scoring.conftest import a_member, a_posting, an_organisation
from tests.unit.scoring.facts import BRANCH, CADRE, COUNTY, OTHER_BRANCH, OTHER_CADRE, TOWNSHIP
from tests.unit.scoring.lives import MEMBER, OTHER_MEMBER

HERE = OrganisationPath((COUNTY, TOWNSHIP))
THERE = OrganisationPath((COUNTY, derived_id("another township"), BRANCH))
PEOPLE = (
    an_organisation(BRANCH, "branch", HERE / BRANCH),
    an_organisation(OTHER_BRANCH, "branch", HERE / OTHER_BRANCH),
    a_member(MEMBER),
    a_member(OTHER_MEMBER, branch_id=OTHER_BRANCH),
    a_posting(CADRE, HERE / BRANCH),
    a_posting(OTHER_CADRE, HERE / OTHER_BRANCH),
)
KEYS = (
    CardKey("branch", BRANCH, "2023"),
    CardKey("branch", OTHER_BRANCH, "2023"),
    CardKey("member", MEMBER, "2023"),
    CardKey("member", OTHER_MEMBER, "2023"),
    CardKey("cadre", CADRE, "2023-Q4"),
    CardKey("cadre", OTHER_CADRE, "2023-Q4"),
)
MOVED = an_organisation(BRANCH, "branch", THERE, revision=2)
RENAMED = an_organisation(BRANCH, "branch", HERE / BRANCH, revision=2, title="新名")
RENAMED_THERE = an_organisation(BRANCH, "branch", THERE, revision=3, title="新名")


class Followed:
    """A directory that knows the people, and the cards of a build that were all looked at."""

    def __init__(self, directory: InMemoryDirectory) -> None:
        self.directory = directory
        self.cards = InMemoryCards()

    async def follow(self, *facts: Fact[Event]) -> set[str]:
        """Whose cards are to be looked at because of these facts."""
        await self.cards.caught_up(await self.cards.behind(10_000))
        for fact in facts:
            await follow_members(fact, self.directory, self.cards)
        return {behind.key.subject_id for behind in await self.cards.behind(10_000)}


async def a_build(directory: InMemoryDirectory, keys: Iterable[CardKey] = KEYS) -> Followed:
    """A build whose cards of these subjects are all told of."""
    build = Followed(directory)
    await build.cards.enter({key: {Day("rule", date(2023, 11, 18)): Total(1, 100, 1)} for key in keys})
    return build


@pytest.fixture
async def build() -> Followed:
    directory = InMemoryDirectory()
    for fact in PEOPLE:
        await follow_members(fact, directory, InMemoryCards())
    return await a_build(directory)


async def test_who_hangs_there_is_looked_at_again_with_a_branch_that_moved(build: Followed) -> None:
    assert await build.follow(MOVED) == {BRANCH, MEMBER, CADRE}


async def test_where_the_place_stayed_the_branch_alone_is_looked_at(build: Followed) -> None:
    assert await build.follow(RENAMED) == {BRANCH}
    assert await build.follow(PEOPLE[0]) == {BRANCH}


async def test_what_comes_after_a_move_or_came_before_it_moves_nobody_again(build: Followed) -> None:
    await build.follow(MOVED)

    assert await build.follow(RENAMED_THERE) == {BRANCH}
    assert await build.follow(PEOPLE[0]) == {BRANCH}


async def test_a_move_learnt_by_a_worker_that_died_before_it_looked_is_looked_at_by_the_next(build: Followed) -> None:
    await build.directory.learn_organisation(Organisation(BRANCH, THERE, "branch", "演示党支部", "village"), 2)

    assert await build.follow(MOVED) == {BRANCH, MEMBER, CADRE}


async def test_every_build_looks_at_those_who_moved(build: Followed) -> None:
    beside = await a_build(build.directory)
    await build.follow(MOVED)

    assert await beside.follow(MOVED) == {BRANCH, MEMBER, CADRE}


async def test_who_moved_is_looked_at_though_a_later_fact_came_first(build: Followed) -> None:
    assert await build.follow(RENAMED_THERE, MOVED) == {BRANCH, MEMBER, CADRE}


async def test_more_than_are_looked_at_at_once_are_all_looked_at() -> None:
    directory, many = InMemoryDirectory(), [derived_id("one of many", number) for number in range(450)]
    keys = [CardKey("member", each, "2023") for each in many] + [CardKey("cadre", each, "2023-Q4") for each in many]
    await follow_members(PEOPLE[0], directory, InMemoryCards())
    for each in many:
        await follow_members(a_member(each), directory, InMemoryCards())
        await follow_members(a_posting(each, HERE / BRANCH), directory, InMemoryCards())
    build = await a_build(directory, keys)
    await build.follow(MOVED)

    assert [each.key for each in await build.cards.behind(1000)] == sorted(keys)
