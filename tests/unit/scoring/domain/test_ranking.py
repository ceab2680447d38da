"""Places follow from points alone: equal points share one, what is awaited has none."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.adapters.rule_files import load_generation
from services.scoring.domain.awards import CardKey
from services.scoring.domain.decision_refusals import NeverRanked
from services.scoring.domain.ranking import ranking, require_ranked
from services.scoring.domain.score import Score
from shared.events.scoring import Standard
from shared.kernel.calendar import Period

BOOK = load_generation().book("branch", Period.parse("2023"))
POINTS = st.lists(st.none() | st.integers(0, 5), max_size=12)


def scores(points: list[int | None]) -> list[Score]:
    return [
        Score(CardKey("branch", f"{number:02d}", "2023"), BOOK, "", 0, each, None) for number, each in enumerate(points)
    ]


@given(POINTS)
def test_a_place_is_one_more_than_how_many_have_more_points(points: list[int | None]) -> None:
    known = [each for each in points if each is not None]

    for placed in ranking(scores(points)):
        better = sum(each > placed.score.points for each in known) if placed.score.points is not None else None
        assert placed.place == (None if better is None else better + 1)


@given(POINTS, st.randoms(use_true_random=False))
def test_the_order_they_come_in_does_not_matter(points: list[int | None], chance: Random) -> None:
    told = scores(points)
    shuffled = list(told)
    chance.shuffle(shuffled)

    assert ranking(told) == ranking(shuffled)


@given(POINTS)
def test_everybody_is_listed_once_and_what_is_awaited_stands_last(points: list[int | None]) -> None:
    found = ranking(scores(points))

    assert Counter(placed.score.points for placed in found) == Counter(points)
    places = [placed.place for placed in found]
    known = [place for place in places if place is not None]
    assert places == [*sorted(known), *[None] * (len(places) - len(known))]


@pytest.mark.parametrize(("standard", "reason"), [("cadre", "联村干部履职不排名"), ("member", "党员积分不排名")])
def test_persons_are_never_ranked(standard: Standard, reason: str) -> None:
    with pytest.raises(NeverRanked) as refused:
        require_ranked(standard)

    assert str(refused.value).startswith(reason)
