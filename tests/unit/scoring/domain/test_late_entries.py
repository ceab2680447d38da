"""Late entries are reckoned one by one: what each corrects is what summing and scoring everything again would tell."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain.awards import OPEN_END, Award, AwardId, CardKey
from services.scoring.domain.card import Card, RunningTotals, enter, totals
from services.scoring.domain.generation import Generation
from services.scoring.domain.score import score
from services.scoring.domain.seal import CorrectionLine, Known, Seal, corrections, short_name
from shared.events.members import Category
from shared.events.scoring import Standard
from shared.kernel.calendar import Period
from shared.kernel.ids import EventId, derived_id
from tests.unit.scoring.facts import CADRE
from tests.unit.scoring.sealing import GENERATION

PERIODS: dict[Standard, str] = {"cadre": "2023-Q2", "member": "2023", "branch": "2023"}
CATEGORIES: list[Category | None] = [None, "village", "office", "enterprise"]
SEALED_AT = datetime(2024, 1, 20, 4, tzinfo=UTC)
Told = tuple[list[Award], frozenset[str], Category | None]


def an_entry(key: CardKey, rule_id: str, day: date, points: int, name: str) -> Award:
    """An award on the card of that rule and day."""
    award_id = AwardId(derived_id("late entry", name))
    return Award(
        id=award_id,
        award_id=award_id,
        effect="award",
        card=key,
        rule_id=rule_id,
        day=day,
        points=points,
        book_version="2023.1",
        event_id=EventId(derived_id("late fact", name)),
        event_type="visits.visit.logged.v1",
        source=name,
        revision=1,
        occurred_at=SEALED_AT,
        recorded_at=SEALED_AT + timedelta(days=sum(name.encode()) % 400),
        entry="live",
    )


def taken_back(award: Award, name: str) -> Award:
    """A reversal of the award, under an id of its own."""
    own_id = AwardId(derived_id("late reversal", award.id, name))
    recorded_at = award.recorded_at + timedelta(days=len(name))
    return replace(award, id=own_id, effect="reversal", points=0, recorded_at=recorded_at)


@st.composite
def told(draw: st.DrawFn, standard: Standard) -> Told:
    """Entries of a card and of what lasts beside it, some taken back once or twice; which are inside the seal.

    Any of them may be inside without the other: an award whose reversal came first, a reversal of an award inside.
    """
    key, book = CardKey(standard, CADRE, PERIODS[standard]), GENERATION.of(standard)[0]
    period = Period.parse(key.period)
    review = [] if book.review is None else [book.review]
    rules = [rule.id for rule in (*book.rules, *book.attainable, *review)]
    lasting = [each.id for each in book.circumstances]
    entries: list[Award] = []
    for number in range(draw(st.integers(0, 12))):
        # Few days, so that several entries share one: there a reversal has something to leave.
        day = period.first + timedelta(days=draw(st.integers(0, 3)))
        if lasting and draw(st.integers(0, 3)) == 0:
            last = draw(st.sampled_from([day, day + timedelta(days=2), period.last, OPEN_END]))
            award = an_entry(key.lasting, draw(st.sampled_from(lasting)), day, last.toordinal(), f"{number}")
        else:
            points = draw(st.integers(-300, 500))
            award = an_entry(key, draw(st.sampled_from(rules)), day, points, f"{number}")
        reversals = [taken_back(award, "x" * how) for how in range(draw(st.integers(0, 2)))]
        # The award itself may be unknown yet, or for ever.
        entries += reversals if draw(st.integers(0, 9)) == 0 else [award, *reversals]
    inside = draw(st.sets(st.sampled_from(entries))) if entries else set()
    category = draw(st.sampled_from(CATEGORIES)) if standard == "branch" else None
    return draw(st.permutations(entries)), frozenset(short_name(entry.id) for entry in inside), category


def naive(seal: Seal, known: Known, generation: Generation) -> list[tuple[AwardId, int]]:
    """The late entries in order, each with what it changes: the whole inside summed and scored again for each."""
    key = seal.key
    book = generation.book(key.standard, Period.parse(key.period))
    entries = [entry for kept in known.entries.values() for entry in kept]
    inside = [entry for entry in entries if seal.covers(entry)]
    late = [line.entry for line in corrections(known, generation)]
    assert {entry.id for entry in late} == {entry.id for entry in entries if not seal.covers(entry)}

    def points() -> int | None:
        summed = totals(inside)
        card, lasting = (enter(Card(each), summed.get(each, {})) for each in (key, key.lasting))
        return score(card, book, lasting, known.category).points

    found, before = [], points()
    for entry in late:
        inside.append(entry)
        after = points()
        found.append((entry.id, 0 if after is None or before is None else after - before))
        before = after
    return found


@given(standard=st.sampled_from(sorted(PERIODS)), data=st.data())
async def test_each_late_entry_corrects_by_what_scoring_all_of_it_again_would_change(
    standard: Standard, data: st.DataObject
) -> None:
    entries, inside, category = data.draw(told(standard))
    key = CardKey(standard, CADRE, PERIODS[standard])
    seal = Seal(key, "2023.1", None, 0, None, inside, SEALED_AT, category)
    by_card = {each: [entry for entry in entries if entry.card == each] for each in (key, key.lasting)}
    known = Known(by_card, {key.period: seal}, category)

    lines: tuple[CorrectionLine, ...] = corrections(known, GENERATION)

    assert [(line.entry.id, line.points) for line in lines] == naive(seal, known, GENERATION)


@given(standard=st.sampled_from(sorted(PERIODS)), data=st.data())
async def test_totals_that_grow_are_at_every_moment_those_of_all_entries_together(
    standard: Standard, data: st.DataObject
) -> None:
    entries, _, _ = data.draw(told(standard))
    again = data.draw(st.lists(st.sampled_from(entries), max_size=4)) if entries else []
    key = CardKey(standard, CADRE, PERIODS[standard])
    running, known = RunningTotals(), list[Award]()

    for entry in (*entries, *again):
        running.add(entry)
        known.append(entry)
        summed = totals(known)

        assert [running.card(each) for each in (key, key.lasting)] == [
            Card(each, summed.get(each, {})) for each in (key, key.lasting)
        ]


async def test_a_card_taken_from_growing_totals_stays_what_it_was() -> None:
    key = CardKey("cadre", CADRE, "2023-Q2")
    award = an_entry(key, "weekly-visit", date(2023, 4, 3), 200, "visit")
    running = RunningTotals([award])
    before = running.card(key)
    running.add(taken_back(award, "again"))

    assert (before.size, running.card(key).size) == (1, 2)
