"""One suite for ledger, cards and announcements: in memory and for real they keep the same promises."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.scoring.adapters.rule_files import load_generation
from services.scoring.domain.awards import Award, AwardId, CardKey
from services.scoring.domain.card import Card, Day, Total, part_of, totals
from services.scoring.use_cases.ports import Announcement, Touched
from shared.events.base import Event, Fact
from shared.events.scoring import ScoreChanged
from shared.events.visits import VisitLogged
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import EventId
from tests.contract.scoring.conftest import Stores

KEY = CardKey("cadre", "cadre", "2023-Q4")
OTHER_KEY = CardKey("cadre", "colleague", "2023-Q4")
MONDAY, TUESDAY = Day("weekly-visit", date(2023, 11, 20)), Day("weekly-visit", date(2023, 11, 21))
NOON = datetime(2023, 11, 20, 4, tzinfo=UTC)
TOWNSHIP = OrganisationPath(("county", "township"))


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


async def test_an_award_comes_back_as_it_was_made(stores: Stores) -> None:
    to_the_microsecond = NOON.replace(microsecond=123_456)
    event = VisitLogged(visit_id="visit", cadre_id="cadre", branch_id="branch", occurred_at=to_the_microsecond)
    fact: Fact[Event] = Fact(EventId("event"), "visits", "visit", 1, to_the_microsecond, TOWNSHIP, event)
    [award] = load_generation().awards(fact)
    await stores.ledger.add([award])

    assert [award] == await stores.ledger.entries(award.card)


async def test_totals_are_those_of_the_parts_of_days_asked_for(stores: Stores) -> None:
    award = an_award("one")
    await stores.ledger.add([award, an_award("once more"), an_award("two"), an_award("on the next day", TUESDAY)])
    await stores.ledger.add([an_award("of another", MONDAY, OTHER_KEY)])

    found = await stores.ledger.totals({Touched(KEY, part_of(award)), Touched(OTHER_KEY, part_of(award))})

    assert found == {KEY: {part_of(award): Total(2, 400, 2)}, OTHER_KEY: {part_of(award): Total(1, 200, 1)}}


async def test_the_parts_of_a_day_are_read_as_the_whole_day(stores: Stores) -> None:
    awards = [an_award("one"), an_award("two"), an_award("once more"), an_award("one more", TUESDAY)]
    entries = [*awards, a_reversal(awards[1])]
    await stores.ledger.add(entries)
    for entry in entries:
        await stores.cards.enter(await stores.ledger.totals({Touched(KEY, part_of(entry))}))

    found = (await stores.cards.get([KEY]))[KEY]

    assert found == Card(KEY, {MONDAY: Total(4, 400, 2), TUESDAY: Total(1, 200, 1)})
    assert found.totals == totals(entries)[KEY]


@pytest.mark.parametrize("reversal_first", [True, False])
async def test_a_reversed_award_counts_for_nothing_in_either_order(stores: Stores, *, reversal_first: bool) -> None:
    award = an_award("one")
    entries = [award, a_reversal(award), an_award("once more")]
    for entry in reversed(entries) if reversal_first else entries:
        await stores.ledger.add([entry])

    part = part_of(award)
    assert await stores.ledger.totals({Touched(KEY, part)}) == {KEY: {part: Total(3, 200, 1)}}


async def test_a_reversal_of_an_award_nobody_made_counts_for_nothing(stores: Stores) -> None:
    reversal = a_reversal(an_award("never"))
    await stores.ledger.add([reversal])

    part = part_of(reversal)
    assert await stores.ledger.totals({Touched(KEY, part)}) == {KEY: {part: Total(1, 0, 0)}}


@pytest.mark.parametrize("award_id", ["", ".", "$", "|", "\0"])
async def test_an_upheld_objection_may_name_what_is_no_award(stores: Stores, award_id: str) -> None:
    reversal = replace(a_reversal(an_award("never")), award_id=AwardId(award_id))
    await stores.ledger.add([reversal])
    await stores.cards.enter(await stores.ledger.totals({Touched(KEY, part_of(reversal))}))

    assert await stores.ledger.entries(KEY) == [reversal]
    assert (await stores.cards.get([KEY]))[KEY] == Card(KEY, {MONDAY: Total(1, 0, 0)})


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
    [seen] = await stores.cards.behind(10)
    number = await stores.cards.count_behind()
    await stores.cards.caught_up([seen])

    assert (seen.key, number) == (KEY, 1)
    assert (await stores.cards.behind(10), await stores.cards.count_behind()) == ([], 0)


async def test_cards_are_looked_at_page_by_page_in_their_order(stores: Stores) -> None:
    keys = [KEY, OTHER_KEY, replace(KEY, standard="branch"), replace(KEY, period="2023-Q3")]
    await stores.cards.enter({key: {MONDAY: Total(1, 200, 1)} for key in keys})

    first = await stores.cards.behind(3)
    rest = await stores.cards.behind(3, first[-1].key)

    assert [each.key for each in (*first, *rest)] == sorted(keys)


async def test_a_card_touched_meanwhile_stays_behind(stores: Stores) -> None:
    await stores.cards.enter({KEY: {MONDAY: Total(1, 200, 1)}})
    [seen] = await stores.cards.behind(10)
    await stores.cards.enter({KEY: {MONDAY: Total(2, 400, 2)}})
    await stores.cards.caught_up([seen])

    assert [behind.key for behind in await stores.cards.behind(10)] == [KEY]


async def test_all_cards_of_a_subject_are_looked_at_again_and_no_others(stores: Stores) -> None:
    earlier = replace(KEY, period="2023-Q3")
    others = (OTHER_KEY, replace(KEY, standard="branch"), replace(KEY, subject_id="cadre2"))
    await stores.cards.enter({key: {MONDAY: Total(1, 200, 1)} for key in (KEY, earlier, *others)})
    await stores.cards.caught_up(await stores.cards.behind(10))
    await stores.cards.look_again("cadre", "cadre")
    await stores.cards.look_again("cadre", "nobody")

    assert [earlier, KEY] == [behind.key for behind in await stores.cards.behind(10)]


async def test_a_card_looked_at_again_meanwhile_stays_behind(stores: Stores) -> None:
    await stores.cards.enter({KEY: {MONDAY: Total(1, 200, 1)}})
    [seen] = await stores.cards.behind(10)
    await stores.cards.look_again("cadre", "cadre")
    await stores.cards.caught_up([seen])

    assert [behind.key for behind in await stores.cards.behind(10)] == [KEY]


async def test_only_what_is_another_thing_than_was_told_last_is_news(stores: Stores) -> None:
    told = [await stores.announcements.announce([an_announcement(touches, says)]) for touches, says in STATES]

    assert told == [1, 0, 1, 1, 0]


STATES = ((1, "a"), (1, "a"), (2, "b"), (3, "a"), (2, "b"))
"""The same again; another; the first again, which is news; what was seen before that."""


def an_announcement(touches: int, says: str, *, key: CardKey = KEY) -> Announcement:
    event = ScoreChanged.model_validate(
        {
            "standard": key.standard,
            "subject_id": key.subject_id,
            "organisation_id": "township",
            "period": key.period,
            "generation": "generation",
            "book_version": "2023.1",
            "state": "live",
            "card_digest": says,
            "items": "2.00",
            "occurred_on": NOON.date(),
        }
    )
    return Announcement(key, touches, event, TOWNSHIP, NOON)
