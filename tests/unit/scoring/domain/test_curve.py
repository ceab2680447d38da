"""A curve ends with the score, and begins with what counts first."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.scoring.adapters.rule_files import load_generation
from services.scoring.domain.awards import CardKey
from services.scoring.domain.card import Card, Day, Total
from services.scoring.domain.curve import curve
from services.scoring.domain.score import score
from shared.kernel.calendar import Period

QUARTER = Period.parse("2023-Q4")
BOOK = load_generation().book("cadre", QUARTER)
KEY = CardKey("cadre", "one", "2023-Q4")
_DAYS = st.integers(0, 91).map(lambda number: QUARTER.first + timedelta(days=number))
_TOTALS = st.builds(
    lambda count, each: Total(count, count * each, count), st.integers(1, 3), st.sampled_from([200, 100, 500])
)
CARDS = st.dictionaries(
    st.builds(Day, st.sampled_from([rule.id for rule in BOOK.all_rules]), _DAYS), _TOTALS, max_size=12
).map(lambda totals: Card(KEY, totals))
NOTHING = Card(KEY.lasting)


@given(CARDS, _DAYS)
def test_the_last_point_is_the_score(card: Card, today: date) -> None:
    stands = score(card, BOOK, NOTHING)

    last = curve(card, NOTHING, None, stands, today)[-1]

    assert (last.on, last.points, last.items, last.attainable) == (
        min(today, QUARTER.last),
        stands.points,
        stands.items,
        stands.attainable,
    )


@given(CARDS)
def test_each_week_is_what_the_score_was_with_what_counted_until_then(card: Card) -> None:
    stands = score(card, BOOK, NOTHING)

    for point in curve(card, NOTHING, None, stands, QUARTER.last)[:-1]:
        until = replace(card, totals={day: total for day, total in card.totals.items() if day.on <= point.on})
        assert point.points == score(until, BOOK, NOTHING).points


@given(CARDS)
def test_there_is_a_point_each_sunday_and_one_on_the_last_day(card: Card) -> None:
    days = [point.on for point in curve(card, NOTHING, None, score(card, BOOK, NOTHING), date(2024, 6, 1))]

    assert days == sorted(set(days))
    assert {day.weekday() for day in days} == {6}  # 2023-12-31 was a Sunday
    assert days[0] == date(2023, 10, 1)
    assert days[-1] == QUARTER.last


def test_a_period_to_come_has_no_curve() -> None:
    card = Card(KEY)

    assert curve(card, NOTHING, None, score(card, BOOK, NOTHING), date(2023, 9, 30)) == ()
