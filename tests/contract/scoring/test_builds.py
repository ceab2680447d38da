"""One suite for the builds, their results in bulk and their removal: in memory and for real."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import pytest
from pymongo.asynchronous.database import AsyncDatabase

from deploy.local.stack import Stack
from services.scoring.adapters.builds import MongoRegister, RegisteredBuilds
from services.scoring.adapters.bulk import MongoBulkLedger, MongoResults
from services.scoring.adapters.in_memory import InMemorySeals
from services.scoring.adapters.in_memory_builds import InMemoryRegister, InMemoryResults
from services.scoring.adapters.mongo import MongoCards, MongoLedger
from services.scoring.adapters.rule_files import load_generation
from services.scoring.adapters.seals import MongoSeals
from services.scoring.domain.awards import CardKey
from services.scoring.domain.build_refusals import BuildUnderWay
from services.scoring.domain.card import Day, Total, part_of
from services.scoring.domain.seal import Seal
from services.scoring.use_cases.build_ports import Builds, BulkLedger, Counts, Results, SealList
from services.scoring.use_cases.ports import Cards, Ledger
from shared.events.scoring import Standard
from shared.mongo.client import Document
from shared.testing.clock import StoppedClock
from tests.contract.scoring.test_stores import KEY, MONDAY, NOON, OTHER_KEY, TUESDAY, a_reversal, an_award
from tests.unit.scoring.build_world import dearer_visits

NOW = StoppedClock().now()
SHIPPED = load_generation()
CHANGED, _ = dearer_visits()


@dataclass(frozen=True, slots=True)
class Kept:
    """The ports under test; `builds` as another process would see them."""

    builds: Callable[[], Builds]
    bulk: Callable[[str], BulkLedger]
    ledger: Callable[[str], Ledger]
    cards: Callable[[str], Cards]
    results: Results


@pytest.fixture(params=["in memory", "mongodb"])
def kept(request: pytest.FixtureRequest) -> Kept:
    """Every test of the suite runs over both."""
    if request.param == "in memory":
        register, results = InMemoryRegister(), InMemoryResults()
        return Kept(
            builds=lambda: RegisteredBuilds(register),
            bulk=results.of,
            ledger=lambda name: results.of(name).ledger,
            cards=lambda name: results.of(name).all_cards,
            results=results,
        )
    database: AsyncDatabase[Document] = request.getfixturevalue("database")
    mongod: Stack = request.getfixturevalue("mongod")
    return Kept(
        builds=lambda: RegisteredBuilds(MongoRegister(database)),
        bulk=lambda name: MongoBulkLedger(database, mongod.urls["mongodb"], name),
        ledger=lambda name: MongoLedger(database, name),
        cards=lambda name: MongoCards(database, name),
        results=MongoResults(database),
    )


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


async def test_what_is_added_in_bulk_is_what_the_ledger_holds(kept: Kept) -> None:
    bulk = kept.bulk("built")
    awards = [an_award(f"{number}") for number in range(9_000)]
    await bulk.add(awards[:10])
    await bulk.settle()
    for start in range(0, len(awards), 1_000):
        await bulk.add(awards[start : start + 1_000])
    await bulk.add([an_award("elsewhere", TUESDAY, OTHER_KEY)])
    await bulk.settle()

    found = await kept.ledger("built").entries(KEY)

    assert sorted(awards, key=lambda entry: entry.id) == sorted(found, key=lambda entry: entry.id)
    assert await bulk.counts() == Counts(entries=9_001, cards=0)
    assert await kept.ledger("built~2").entries(KEY) == []


async def test_all_cards_are_totalled_at_once(kept: Kept) -> None:
    bulk = kept.bulk("built")
    award = an_award("one")
    await bulk.add([award, a_reversal(award), an_award("two"), an_award("three", TUESDAY)])
    await bulk.add([an_award("theirs", MONDAY, OTHER_KEY), a_reversal(an_award("never", TUESDAY, OTHER_KEY))])
    await bulk.settle()
    await kept.bulk("built~2").add([an_award("another build's")])
    await bulk.retotal()

    cards = await kept.cards("built").get([KEY, OTHER_KEY])

    assert cards[KEY].totals == {MONDAY: Total(3, 200, 1), TUESDAY: Total(1, 200, 1)}
    assert cards[OTHER_KEY].totals == {MONDAY: Total(1, 200, 1), TUESDAY: Total(1, 0, 0)}
    assert {KEY, OTHER_KEY} == {key async for key in bulk.cards()}
    assert [key async for key in kept.bulk("built~2").cards()] == []


async def test_bulk_totals_are_the_ledgers_own(kept: Kept) -> None:
    bulk = kept.bulk("built")
    days = [Day(rule, date(2023, 11, number)) for rule in ("problem", "weekly-visit") for number in range(1, 29)]
    awards = [an_award(f"{number % 2} {day.rule_id} {day.on} {number}", day) for day in days for number in range(3)]
    await bulk.add([*awards, *(a_reversal(award) for award in awards[::5])])
    await bulk.settle()
    await bulk.retotal()
    written = (await kept.cards("built").get([KEY]))[KEY]
    [entries] = [entries async for entries in bulk.entries()]

    assert len(entries) == len(awards) + len(awards[::5])
    assert written.size == len(entries)
    assert sum(total.standing for total in written.totals.values()) == len(awards) - len(awards[::5])


async def test_what_was_not_settled_is_written_when_it_is_added_again(kept: Kept) -> None:
    bulk = kept.bulk("built")
    award = an_award("one")
    await bulk.add([award, award])
    await bulk.close()
    await bulk.add([award])
    await bulk.add([award, an_award("two")])
    await bulk.settle()

    assert [sorted(entry.id for entry in entries) async for entries in bulk.entries()] == [["one", "two"]]


async def test_a_larger_count_stays_when_all_is_totalled(kept: Kept) -> None:
    bulk = kept.bulk("built")
    award = an_award("one")
    await bulk.add([award])
    await bulk.settle()
    await kept.cards("built").enter({KEY: {part_of(award): Total(2, 400, 2)}})
    await bulk.retotal()

    assert (await kept.cards("built").get([KEY]))[KEY].totals == {MONDAY: Total(2, 400, 2)}


async def test_entries_come_card_by_card(kept: Kept) -> None:
    bulk = kept.bulk("built")
    entries = [an_award(f"{number}", day, key) for number, day in enumerate((MONDAY, TUESDAY)) for key in (KEY,)]
    await bulk.add([*entries, an_award("other", MONDAY, OTHER_KEY)])
    await bulk.settle()

    found = [list(batch) async for batch in bulk.entries()]

    assert sorted(len(batch) for batch in found) == [1, 2]
    assert all(len({entry.card for entry in batch}) == 1 for batch in found)
    assert entries in found


async def test_the_entries_of_many_cards_are_asked_for_at_once(kept: Kept) -> None:
    bulk = kept.bulk("built")
    entries = [an_award("one", MONDAY, KEY), an_award("two", TUESDAY, KEY), an_award("lasts", MONDAY, KEY.lasting)]
    await bulk.add([*entries, an_award("not asked for", MONDAY, OTHER_KEY)])
    await bulk.settle()
    await kept.ledger("built~2").add([an_award("of another build")])
    nobodys = [replace(KEY, subject_id=f"nobody {number}") for number in range(400)]

    found = await bulk.of_cards([KEY, KEY.lasting, *nobodys])

    assert {key: sorted(entry.id for entry in each) for key, each in found.items()} == {
        KEY: sorted(entry.id for entry in entries[:2]),
        KEY.lasting: [entries[2].id],
    }
    assert await bulk.of_cards([]) == {}


async def test_results_are_removed_by_name(kept: Kept) -> None:
    for name in ("built", "built~2", "other"):
        await kept.bulk(name).add([])
        await kept.ledger(name).add([an_award("one"), an_award("two")])
        await kept.cards(name).enter({KEY: {MONDAY: Total(2, 400, 2)}})
    await kept.results.drop("built")

    assert {"built~2", "other"} == set(await kept.results.names())
    assert await kept.ledger("built").entries(KEY) == []
    assert len(await kept.ledger("built~2").entries(KEY)) == 2


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
