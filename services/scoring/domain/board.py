"""The board (看板): the scores of a scope on one page, without an order among the subjects.

It says how the points are spread, what is awaited, and which rules take points off where: enough to know where to help.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from services.scoring.domain.points import FULL, HUNDREDTHS, divided
from services.scoring.domain.rule import Rule
from services.scoring.domain.score import Score
from shared.events.members import Category

_BUCKET = 10 * HUNDREDTHS


@dataclass(frozen=True, slots=True)
class Standing:
    """One subject's score with the category it belongs to, for counting."""

    score: Score
    category: Category | None = None


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many scores lie from `least` on, below the next bucket; the last holds the full score and what is above."""

    least: int
    count: int


@dataclass(frozen=True, slots=True)
class RuleSum:
    """What one rule did in the scope: how many subjects it touched, what it gave or took together (hundredths)."""

    rule: Rule
    subjects: int
    counted: int


@dataclass(frozen=True, slots=True)
class CategorySum:
    """The subjects of one category: how many, the mean of the points that are known (hundredths)."""

    category: Category | None
    subjects: int
    mean: int | None


@dataclass(frozen=True, slots=True)
class Board:
    """All that is said of a scope. Points are hundredths; what is awaited has none."""

    subjects: int
    awaiting_review: int
    awaiting_attainable: int
    mean: int | None
    median: int | None
    buckets: tuple[Bucket, ...]
    rules: tuple[RuleSum, ...]
    categories: tuple[CategorySum, ...]
    vetoed: int


def board(standings: Iterable[Standing]) -> Board:
    """The board of these scores, in any order."""
    told = tuple(standings)
    scores = [each.score for each in told]
    known = [score.points for score in scores if score.points is not None]
    return Board(
        subjects=len(told),
        awaiting_review=sum(score.awaiting == "review" for score in scores),
        awaiting_attainable=sum(score.awaiting == "attainable" for score in scores),
        mean=_mean(known),
        median=round(median(known)) if known else None,
        buckets=_buckets(known),
        rules=_rules(scores),
        categories=_categories(told),
        vetoed=sum(bool(score.vetoed_by) for score in scores),
    )


def _mean(points: Sequence[int]) -> int | None:
    return divided(sum(points), len(points)) if points else None


def _buckets(known: Sequence[int]) -> tuple[Bucket, ...]:
    leasts = range(0, FULL + 1, _BUCKET)
    counts = dict.fromkeys(leasts, 0)
    for points in known:
        counts[min(points // _BUCKET * _BUCKET, FULL)] += 1
    return tuple(Bucket(least, counts[least]) for least in leasts)


def _rules(scores: Iterable[Score]) -> tuple[RuleSum, ...]:
    """What takes most off stands first; these are rules, not people."""
    found: dict[str, RuleSum] = {}
    for score in scores:
        for line in score.lines:
            before = found.get(line.rule.id, RuleSum(line.rule, 0, 0))
            found[line.rule.id] = RuleSum(
                line.rule, before.subjects + (line.counted != 0), before.counted + line.counted
            )
    return tuple(sorted(found.values(), key=lambda each: each.counted))


def _categories(told: Sequence[Standing]) -> tuple[CategorySum, ...]:
    names = sorted({each.category for each in told}, key=lambda name: name or "")
    return tuple(
        CategorySum(
            name,
            sum(each.category == name for each in told),
            _mean([each.score.points for each in told if each.category == name and each.score.points is not None]),
        )
        for name in names
    )
