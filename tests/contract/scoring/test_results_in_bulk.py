"""One suite for the results of builds, written, read and removed in bulk: in memory and for real."""

from dataclasses import replace
from datetime import date

from services.scoring.domain.card import Day, Total, part_of
from services.scoring.use_cases.build_ports import Counts
from tests.contract.scoring.kept_builds import Kept
from tests.contract.scoring.test_stores import KEY, MONDAY, OTHER_KEY, TUESDAY, a_reversal, an_award


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
