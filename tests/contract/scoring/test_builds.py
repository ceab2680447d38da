"""One suite for the register of builds and the list of seals: in memory and for real."""

import asyncio

import pytest

from services.scoring.adapters.in_memory import InMemorySeals
from services.scoring.adapters.rule_files import load_generation
from services.scoring.adapters.seals import MongoSeals
from services.scoring.domain.awards import CardKey
from services.scoring.domain.build_refusals import BuildUnderWay
from services.scoring.domain.seal import Seal
from services.scoring.use_cases.build_ports import SealList
from shared.events.scoring import Standard
from shared.testing.clock import StoppedClock
from tests.contract.scoring.kept_builds import Kept
from tests.contract.scoring.test_stores import NOON
from tests.unit.scoring.build_world import dearer_visits

NOW = StoppedClock().now()
SHIPPED = load_generation()
CHANGED, _ = dearer_visits()


async def test_there_is_nothing_before_the_first(kept: Kept) -> None:
    assert await kept.builds().live() is None
    assert await kept.builds().folded() == ()
    assert await kept.builds().asked() is None


async def test_of_many_who_begin_at_once_one_is_first(kept: Kept) -> None:
    found = await asyncio.gather(*(kept.builds().first(each, NOW) for each in (SHIPPED, CHANGED) * 5))

    assert len({build.id for build in found}) == 1
    assert await kept.builds().live() == found[0]
    assert [found[0]] == list(await kept.builds().all())


async def test_a_build_comes_back_with_its_books(kept: Kept) -> None:
    await kept.builds().first(SHIPPED, NOW)
    await kept.builds().begin(CHANGED, "published", NOW)

    [live, build] = await kept.builds().folded()

    assert live.generation == SHIPPED
    assert (build.generation, build.generation.id) == (CHANGED, CHANGED.id)
    assert (build.id, build.state, build.reason, build.asked_at) == (f"{CHANGED.id}~2", "building", "published", NOW)
    assert await kept.builds().asked() == CHANGED.id


async def test_a_build_is_folded_until_it_is_kept_or_given_up(kept: Kept) -> None:
    builds = kept.builds()
    await builds.first(SHIPPED, NOW)
    build = await builds.rebuild(NOW)
    states = [[each.id for each in await kept.builds().folded()]]
    assert await builds.finished(build.id)
    states.append([each.id for each in await kept.builds().folded()])
    assert await builds.switch(build.id)
    states.append([each.id for each in await kept.builds().folded()])

    assert states == [[SHIPPED.id, build.id], [SHIPPED.id, build.id], [build.id]]


async def test_progress_is_told_until_the_build_is_given_up(kept: Kept) -> None:
    builds = kept.builds()
    await builds.first(SHIPPED, NOW)
    build = await builds.rebuild(NOW)
    assert await builds.progress(build.id, 7)
    found = await kept.builds().find(build.id)
    await kept.builds().failed(build.id)

    assert found is not None
    assert found.facts == 7
    assert not await builds.progress(build.id, 8)
    assert not await builds.finished(build.id)
    assert not await builds.switch(build.id)


async def test_of_many_who_ask_at_once_one_build_comes_about(kept: Kept) -> None:
    await kept.builds().first(SHIPPED, NOW)
    asked = await asyncio.gather(*(kept.builds().rebuild(NOW) for _ in range(5)), return_exceptions=True)
    await asyncio.gather(*(kept.builds().begin(CHANGED, "published", NOW) for _ in range(5)))

    assert [type(each) for each in asked].count(BuildUnderWay) == 4
    assert [build.state for build in await kept.builds().all()] == ["live", "failed", "building"]


async def test_somebody_is_live_at_every_moment_of_a_switch(kept: Kept) -> None:
    builds = kept.builds()
    await builds.first(SHIPPED, NOW)
    seen: list[int] = []
    done = asyncio.Event()

    async def watch() -> None:
        while not done.is_set():
            seen.append([build.state for build in await kept.builds().all()].count("live"))
            await asyncio.sleep(0)

    watching = asyncio.create_task(watch())
    for _ in range(5):
        build = await builds.rebuild(NOW)
        await builds.finished(build.id)
        await asyncio.sleep(0)
        await builds.switch(build.id)
    done.set()
    await watching

    assert set(seen) == {1}


async def test_going_back_shows_the_kept_one_again(kept: Kept) -> None:
    builds = kept.builds()
    await builds.first(SHIPPED, NOW)
    build = await builds.rebuild(NOW)
    await builds.finished(build.id)
    await builds.switch(build.id)
    back = await builds.go_back(SHIPPED.id, NOW)
    await builds.finished(back.id)

    assert (back.id, back.state, back.reason) == (SHIPPED.id, "building", "gone back")
    assert await builds.switch(back.id)
    assert [(each.id, each.state) for each in await kept.builds().all()] == [(build.id, "kept"), (SHIPPED.id, "live")]


@pytest.fixture(params=["in memory", "mongodb"])
def seals(request: pytest.FixtureRequest) -> InMemorySeals | MongoSeals:
    """Seals, which can also be listed."""
    return InMemorySeals() if request.param == "in memory" else MongoSeals(request.getfixturevalue("database"))


async def test_seals_are_listed_page_by_page_those_of_a_subject_together(seals: InMemorySeals | MongoSeals) -> None:
    listed: SealList = seals
    standards: tuple[Standard, ...] = ("cadre", "member")
    keys = [
        CardKey(standard, subject, period)
        for period in ("2023-Q3", "2023-Q4")
        for subject in ("one", "another")
        for standard in standards
    ]
    made = [Seal(key, "2023.1", 100, 100, None, frozenset({"0" * 16}), NOON) for key in keys]
    for seal in made:
        await seals.put(seal)

    pages = [await listed.page(3)]
    while pages[-1]:
        pages.append(await listed.page(3, pages[-1][-1].key))

    found = [seal for page in pages for seal in page]
    subjects = [(seal.key.standard, seal.key.subject_id) for seal in found]
    assert [len(page) for page in pages] == [3, 3, 2, 0]
    assert sorted(found, key=lambda seal: seal.key) == sorted(made, key=lambda seal: seal.key)
    assert subjects[::2] == subjects[1::2]
    assert len(set(subjects)) == 4
