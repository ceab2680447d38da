"""A board counts every subject once, whatever order they come in."""

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from services.scoring.adapters.rule_files import load_generation
from services.scoring.domain.awards import CardKey
from services.scoring.domain.board import Standing, board
from services.scoring.domain.points import FULL
from services.scoring.domain.score import Awaiting, RuleLine, Score
from shared.kernel.calendar import Period

BOOK = load_generation().book("branch", Period.parse("2023"))
_RULES = BOOK.rules[:3]
_AWAITING: tuple[Awaiting, ...] = ("review", "attainable")


@st.composite
def standings(draw: st.DrawFn) -> list[Standing]:
    found = []
    for number in range(draw(st.integers(0, 12))):
        points = draw(st.none() | st.integers(0, FULL + 500))
        score = Score(CardKey("branch", f"{number:02d}", "2023"), BOOK, "digest", 0, points, None)
        lines = tuple(RuleLine(rule, 1, -5, draw(st.sampled_from([-5, 0]))) for rule in _RULES)
        awaiting: Awaiting | None = draw(st.sampled_from(_AWAITING)) if points is None else None
        found.append(
            Standing(replace(score, lines=lines, awaiting=awaiting), draw(st.sampled_from(["village", "office", None])))
        )
    return found


@given(standings())
def test_every_subject_is_counted_once(told: list[Standing]) -> None:
    found = board(told)

    known = sum(each.score.points is not None for each in told)
    assert found.subjects == len(told) == sum(each.subjects for each in found.categories)
    assert sum(bucket.count for bucket in found.buckets) == known
    assert found.awaiting_review + found.awaiting_attainable == len(told) - known
    assert sum(each.counted for each in found.rules) == sum(line.counted for each in told for line in each.score.lines)


@given(standings(), st.randoms(use_true_random=False))
def test_the_order_of_the_subjects_does_not_matter(told: list[Standing], chance: Random) -> None:
    shuffled = list(told)
    chance.shuffle(shuffled)

    assert board(told) == board(shuffled)


@given(standings())
def test_a_mean_lies_between_the_least_and_the_most(told: list[Standing]) -> None:
    found = board(told)
    known = [each.score.points for each in told if each.score.points is not None]

    if not known:
        assert (found.mean, found.median) == (None, None)
    else:
        assert found.mean is not None
        assert found.median is not None
        assert min(known) <= found.mean <= max(known)
        assert min(known) <= found.median <= max(known)


def test_full_points_and_what_is_above_share_the_last_bucket() -> None:
    key = CardKey("member", "one", "2023")
    scores = [Score(key, BOOK, "", 0, points, None) for points in (9_999, FULL, FULL + 900)]

    found = board(Standing(score) for score in scores)

    assert [(bucket.least, bucket.count) for bucket in found.buckets if bucket.count] == [(9_000, 1), (FULL, 2)]
