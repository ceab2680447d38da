"""One suite for ledger, cards, announcements and directory: in memory and for real they keep the same promises."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest

from deploy.local.stack import Stack
from services.scoring.adapters.directory import MongoDirectory
from services.scoring.adapters.in_memory import InMemoryAnnouncements, InMemoryCards, InMemoryDirectory, InMemoryLedger
from services.scoring.adapters.mongo import MongoAnnouncements, MongoCards, MongoLedger, prepare
from services.scoring.domain.awards import Award, AwardId, CardKey
from services.scoring.domain.card import Card, Day, Total
from services.scoring.domain.rule_book import AppliesTo
from services.scoring.domain.subject import Organisation, Posting
from services.scoring.use_cases.ports import Announcement, Announcements, Cards, Directory, Ledger, Listing, Touched
from shared.events.base import Event, Fact
from shared.events.scoring import ScoreChanged
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import Period
from shared.kernel.ids import EventId, new_id
from shared.mongo.client import connect

KEY = CardKey("cadre", "cadre", "2023-Q4")
OTHER_KEY = CardKey("cadre", "colleague", "2023-Q4")
MONDAY, TUESDAY = Day("weekly-visit", date(2023, 11, 20)), Day("weekly-visit", date(2023, 11, 21))
NOON = datetime(2023, 11, 20, 4, tzinfo=UTC)
TOWNSHIP = OrganisationPath(("county", "township"))


@dataclass(frozen=True, slots=True)
class Stores:
    """The ports under test."""

    ledger: Ledger
    cards: Cards
    announcements: Announcements
    directory: Directory


@pytest.fixture(params=["in memory", "mongodb"])
async def stores(request: pytest.FixtureRequest) -> AsyncIterator[Stores]:
    if request.param == "in memory":
        yield Stores(InMemoryLedger(), InMemoryCards(), InMemoryAnnouncements(), InMemoryDirectory())
        return
    mongod: Stack = request.getfixturevalue("mongod")
    client = connect(mongod.urls["mongodb"])
    database = client[f"scoring_{new_id()}"]
    await prepare(database)
    yield Stores(
        MongoLedger(database, "generation"),
        MongoCards(database, "generation"),
        MongoAnnouncements(database, "generation"),
        MongoDirectory(database),
    )
    await client.drop_database(database)
    await client.close()


def an_award(name: str, day: Day = MONDAY, key: CardKey = KEY) -> Award:
    return Award(
        id=AwardId(name),
        award_id=AwardId(name),
        effect="award",
        card=key,
        rule_id=day.rule_id,
        day=day.on,
        points=200,
        book_version="2023.1",
        event_id=EventId(f"event of {name}"),
        event_type="xianfeng.visits.visit.logged.v1",
        source="visit",
        revision=1,
        occurred_at=NOON,
        recorded_at=NOON,
        entry="live",
    )


def a_reversal(award: Award) -> Award:
    return replace(award, id=AwardId(f"not {award.id}"), effect="reversal", points=0)


async def test_an_entry_given_twice_is_one(stores: Stores) -> None:
    award = an_award("one")
    await stores.ledger.add([award, award])
    await stores.ledger.add([award, an_award("two")])

    found = await stores.ledger.entries(KEY)

    assert sorted(found, key=lambda entry: entry.id) == [award, an_award("two")]


async def test_totals_are_those_of_the_days_asked_for(stores: Stores) -> None:
    await stores.ledger.add([an_award("one"), an_award("two"), an_award("next day", TUESDAY)])
    await stores.ledger.add([an_award("another", MONDAY, OTHER_KEY)])

    found = await stores.ledger.totals({Touched(KEY, MONDAY), Touched(OTHER_KEY, MONDAY)})

    assert found == {KEY: {MONDAY: Total(2, 400, 2)}, OTHER_KEY: {MONDAY: Total(1, 200, 1)}}


@pytest.mark.parametrize("reversal_first", [True, False])
async def test_a_reversed_award_counts_for_nothing_in_either_order(stores: Stores, *, reversal_first: bool) -> None:
    award = an_award("one")
    entries = [award, a_reversal(award), an_award("two")]
    for entry in reversed(entries) if reversal_first else entries:
        await stores.ledger.add([entry])

    assert await stores.ledger.totals({Touched(KEY, MONDAY)}) == {KEY: {MONDAY: Total(3, 200, 1)}}


async def test_a_reversal_of_an_award_nobody_made_counts_for_nothing(stores: Stores) -> None:
    await stores.ledger.add([a_reversal(an_award("never"))])

    assert await stores.ledger.totals({Touched(KEY, MONDAY)}) == {KEY: {MONDAY: Total(1, 0, 0)}}


async def test_a_card_nobody_entered_is_empty(stores: Stores) -> None:
    assert await stores.cards.get([KEY]) == {KEY: Card(KEY)}


async def test_a_larger_count_wins_whenever_it_comes(stores: Stores) -> None:
    await stores.cards.enter({KEY: {MONDAY: Total(2, 200, 1), TUESDAY: Total(1, 200, 1)}})
    await stores.cards.enter({KEY: {MONDAY: Total(1, 200, 1), TUESDAY: Total(3, 600, 3)}})

    found = (await stores.cards.get([KEY]))[KEY]

    assert found == Card(KEY, {MONDAY: Total(2, 200, 1), TUESDAY: Total(3, 600, 3)})


async def test_counts_are_compared_as_numbers_and_points_do_not_matter(stores: Stores) -> None:
    await stores.cards.enter({KEY: {MONDAY: Total(9, -900, 9), TUESDAY: Total(10, 0, 0)}})
    await stores.cards.enter({KEY: {MONDAY: Total(10, -1000, 10), TUESDAY: Total(9, 900, 9)}})

    found = (await stores.cards.get([KEY]))[KEY]

    assert found == Card(KEY, {MONDAY: Total(10, -1000, 10), TUESDAY: Total(10, 0, 0)})


async def test_many_writers_of_one_new_card_lose_nothing(stores: Stores) -> None:
    days = [Day("weekly-visit", date(2023, 10, number)) for number in range(1, 25)]

    await asyncio.gather(*(stores.cards.enter({KEY: {day: Total(1, 200, 1)}}) for day in days))

    assert (await stores.cards.get([KEY]))[KEY].size == len(days)


async def test_a_card_is_behind_until_caught_up(stores: Stores) -> None:
    await stores.cards.enter({KEY: {MONDAY: Total(1, 200, 1)}})
    [seen] = [behind async for behind in stores.cards.behind()]
    await stores.cards.caught_up([seen])

    assert seen.card == Card(KEY, {MONDAY: Total(1, 200, 1)})
    assert [behind async for behind in stores.cards.behind()] == []


async def test_a_card_touched_meanwhile_stays_behind(stores: Stores) -> None:
    await stores.cards.enter({KEY: {MONDAY: Total(1, 200, 1)}})
    [seen] = [behind async for behind in stores.cards.behind()]
    await stores.cards.enter({KEY: {MONDAY: Total(2, 400, 2)}})
    await stores.cards.caught_up([seen])

    assert [behind.card.size async for behind in stores.cards.behind()] == [2]


async def test_announcing_again_changes_nothing(stores: Stores) -> None:
    await stores.announcements.announce([an_announcement(3)])
    await stores.announcements.announce([an_announcement(2), an_announcement(3)])
    await stores.announcements.announce([an_announcement(4)])


async def test_an_older_revision_of_an_organisation_changes_nothing(stores: Stores) -> None:
    branch = an_organisation("branch")
    await stores.directory.learn_organisation(branch, 2)
    await stores.directory.learn_organisation(replace(branch, title="旧名"), 1)

    assert await stores.directory.organisation("branch") == branch
    assert await stores.directory.organisation("unknown") is None


async def test_branches_are_listed_by_kind_and_scope(stores: Stores) -> None:
    for name in ("b", "a", "c"):
        await stores.directory.learn_organisation(an_organisation(name), 1)
    await stores.directory.learn_organisation(replace(an_organisation("general"), kind="general_branch"), 1)
    elsewhere = replace(an_organisation("far"), path=OrganisationPath(("county", "elsewhere", "far")))
    await stores.directory.learn_organisation(elsewhere, 1)
    wanted = a_listing(AppliesTo(kinds=("branch",)))

    assert [subject.id for subject in await stores.directory.branches(wanted)] == ["a", "b"]
    assert [subject.id for subject in await stores.directory.branches(replace(wanted, after="b"))] == ["c"]
    assert [subject.id for subject in await stores.directory.branches(replace(wanted, besides="a"))] == ["b", "c"]


async def test_cadres_are_listed_who_held_the_post_in_the_period(stores: Stores) -> None:
    await stores.directory.learn_posting(a_posting("b"), 1)
    await stores.directory.learn_posting(replace(a_posting("b"), id="second"), 1)
    await stores.directory.learn_posting(a_posting("a"), 1)
    await stores.directory.learn_posting(replace(a_posting("gone"), ends_on=date(2023, 9, 30)), 1)
    await stores.directory.learn_posting(replace(a_posting("coming"), starts_on=date(2024, 1, 1)), 1)
    await stores.directory.learn_posting(replace(a_posting("leader"), post="leader"), 1)
    await stores.directory.learn_posting(replace(a_posting("far"), path=OrganisationPath(("county", "far"))), 1)

    found = await stores.directory.cadres(a_listing(AppliesTo(posts=("village_cadre",))))

    assert [subject.id for subject in found] == ["a", "b"]
    assert len(await stores.directory.postings("b")) == 2


def an_organisation(name: str) -> Organisation:
    return Organisation(name, TOWNSHIP / name, "branch", "演示党支部", "village")


def a_posting(cadre_id: str) -> Posting:
    return Posting(f"posting of {cadre_id}", cadre_id, TOWNSHIP, "village_cadre", date(2023, 1, 1), None)


def a_listing(applies_to: AppliesTo) -> Listing:
    return Listing(applies_to, frozenset({"township"}), Period.parse("2023-Q4"), limit=2)


def an_announcement(size: int) -> Announcement:
    event = ScoreChanged.model_validate(
        {
            "standard": "cadre",
            "subject_id": "cadre",
            "organisation_id": "township",
            "period": KEY.period,
            "generation": "generation",
            "book_version": "2023.1",
            "state": "live",
            "card_digest": str(size),
            "items": "2.00",
            "occurred_on": NOON.date(),
        }
    )
    fact: Fact[Event] = Fact(EventId(new_id()), "scoring", "cadre", size, NOON, TOWNSHIP, event)
    return Announcement(KEY, size, fact)
