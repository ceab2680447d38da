"""Any order, any repetition, any partition into workers ends in the same ledger, cards and scores."""

import random
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from services.scoring.adapters.rule_files import load_generation
from services.scoring.domain.awards import Award, AwardId, CardKey
from services.scoring.domain.card import Card, enter, totals
from services.scoring.domain.passport import passport
from services.scoring.domain.score import score
from shared.events.base import Event, Fact
from shared.kernel.calendar import Period
from tests.tried import tried
from tests.unit.scoring.facts import (
    BRANCH,
    CADRE,
    OTHER_BRANCH,
    OTHER_CADRE,
    ObligationLife,
    ProblemLife,
    VisitLife,
)
from tests.unit.scoring.oracle import Expected, Life, expected

GENERATION = load_generation()
FIRST = (date(2022, 12, 19), date(2023, 12, 18))
"""The last weeks of two years, so that weeks lie across quarters and years: before the first book, and within it."""
_cadres = st.sampled_from([CADRE, OTHER_CADRE])
_branches = st.sampled_from([BRANCH, OTHER_BRANCH])


def _days(first: date) -> st.SearchStrategy[date]:
    return st.integers(0, 25).map(lambda number: first + timedelta(days=number))


@st.composite
def _visit(draw: st.DrawFn, first: date, number: int) -> Life:
    life = VisitLife(f"visit {number}", draw(_cadres), draw(_branches)).log(draw(_days(first)))
    for day in draw(st.lists(_days(first), max_size=2)):
        life.correct(day)
    return life.withdraw() if draw(st.booleans()) else life


@st.composite
def _problem(draw: st.DrawFn, first: date, number: int) -> Life:
    life = ProblemLife(f"problem {number}", draw(_cadres), draw(_branches)).confirm(draw(_days(first)))
    for day in draw(st.lists(_days(first), max_size=2)):
        life.withdraw().confirm(day)
    return life.withdraw() if draw(st.booleans()) else life


@st.composite
def _deadline(draw: st.DrawFn, first: date, number: int) -> Life:
    life = ObligationLife("problem-deadline", draw(_days(first)), draw(_cadres), draw(_branches), name=f"{number}")
    return _turns(draw, life)


@st.composite
def _week(draw: st.DrawFn, first: date, number: int) -> Life:
    sunday = first + timedelta(days=6 + 7 * (number % 4))
    life = ObligationLife("weekly-visit", sunday, CADRE if number % 8 < 4 else OTHER_CADRE, name=f"{number // 8}")
    return _turns(draw, life)


def _turns(draw: st.DrawFn, life: ObligationLife) -> ObligationLife:
    for turn in draw(st.lists(st.sampled_from("omsgwd"), min_size=1, max_size=5)):
        match turn:
            case "o":
                life.open()
            case "m":
                life.miss()
            case "s":
                life.satisfy_in_time()
            case "g":
                life.satisfy_late(after_grace=True)
            case "w":
                life.waive()
            case _:
                life.satisfy_late(after_grace=False)
    return life.supersede() if draw(st.integers(0, 9)) == 0 else life


@st.composite
def lives(draw: st.DrawFn) -> list[Life]:
    first = draw(st.sampled_from(FIRST))
    return [
        draw(kind(first, number))
        for kind in (_visit, _problem, _deadline, _week)
        for number in range(draw(st.integers(0, 12)))
    ]


def _told(told: list[Life], seed: int) -> list[Fact[Event]]:
    """All facts with duplicates, shuffled."""
    chance = random.Random(seed)  # noqa: S311 - an order, not a secret
    facts = [fact for life in told for fact in life.facts]
    facts += chance.sample(facts, len(facts) // 3)
    chance.shuffle(facts)
    return facts


def _fold(facts: list[Fact[Event]], workers: int, seed: int) -> tuple[dict[AwardId, Award], dict[CardKey, Card]]:
    """Several workers write one ledger in batches; each re-totals what it touched, maybe after the others went on."""
    chance = random.Random(seed)  # noqa: S311 - an order, not a secret
    ledger: dict[AwardId, Award] = {}
    cards: dict[CardKey, Card] = {}
    late_totals = []
    shares = [facts[number::workers] for number in range(workers)]
    while any(shares):
        share = chance.choice([share for share in shares if share])
        batch = [share.pop(0) for _ in range(min(len(share), chance.randint(1, 5)))]
        written = [award for fact in batch for award in GENERATION.awards(fact)]
        for award in written:
            ledger.setdefault(award.id, award)
        touched = {(award.card, award.rule_id, award.day) for award in written}
        late_totals.append((touched, dict(ledger)))
        if chance.random() < 0.5:
            chance.shuffle(late_totals)
            while late_totals:
                _enter(cards, *late_totals.pop())
    chance.shuffle(late_totals)
    for touched, seen in late_totals:
        _enter(cards, touched, seen)
    return ledger, cards


def _enter(cards: dict[CardKey, Card], touched: set[tuple[CardKey, str, date]], ledger: dict[AwardId, Award]) -> None:
    for key, days in totals(ledger.values()).items():
        mine = {day: total for day, total in days.items() if (key, day.rule_id, day.on) in touched}
        cards[key] = enter(cards.get(key, Card(key)), mine)


def _scores(cards: dict[CardKey, Card], wanted: Expected) -> Expected:
    found = Expected()
    for subject, period in wanted.cadres:
        key = CardKey("cadre", subject, period)
        scored = score(cards.get(key, Card(key)), GENERATION.book("cadre", Period.parse(period)))
        found.cadres[subject, period] = (Fraction(scored.items, 100), Fraction(scored.attainable or 0, 100))
    for subject, period in wanted.branches:
        key = CardKey("branch", subject, period)
        scored = score(cards.get(key, Card(key)), GENERATION.book("branch", Period.parse(period)))
        found.branches[subject, period] = Fraction(scored.items, 100)
    return found


@given(told=lives(), seed=st.integers(0, 1000), workers=st.integers(1, 3))
@tried(120)
def test_scores_are_those_of_the_oracle_in_any_order(told: list[Life], seed: int, workers: int) -> None:
    _, cards = _fold(_told(told, seed), workers, seed)

    assert expected(told) == _scores(cards, expected(told))


@given(told=lives(), seed=st.integers(0, 1000), workers=st.integers(1, 3))
@tried(60)
def test_ledger_and_cards_do_not_depend_on_order_repetition_or_workers(
    told: list[Life], seed: int, workers: int
) -> None:
    in_order = [fact for life in told for fact in life.facts]

    straight = _fold(in_order, 1, 0)
    shuffled = _fold(_told(told, seed), workers, seed)

    assert straight == shuffled


@given(told=lives())
@tried(60)
def test_a_passport_ends_where_the_score_is(told: list[Life]) -> None:
    ledger, cards = _fold([fact for life in told for fact in life.facts], 1, 0)
    for key, card in cards.items():
        book = GENERATION.book(key.standard, Period.parse(key.period))
        shown = passport(key, [entry for entry in ledger.values() if entry.card == key], book)
        scored = score(card, book)

        assert scored == shown.score
        last = shown.awards[-1].running_total if shown.awards else book.base
        assert scored.items == last
        assert sum(line.counted for line in scored.lines) == sum(line.counted for line in shown.awards)
        assert (scored.attainable or 0) == sum(line.counted for line in shown.attainable)


@given(told=lives())
@tried(30)
def test_an_award_has_the_same_id_in_every_generation(told: list[Life]) -> None:
    other = GENERATION.books[0].model_copy(update={"version": "2023.2"})
    facts = [fact for life in told for fact in life.facts]

    first = {award.id for fact in facts for award in GENERATION.awards(fact) if award.card.standard == other.standard}
    second = {award.id for fact in facts for award in type(GENERATION)((other,)).awards(fact)}

    assert first == second
