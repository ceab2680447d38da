"""What another rule book would change (测算结果): who moves and by which rule, and how the points lie before and after.

Nobody is ranked: movers stand by the size of their change, and everything else is a count.
"""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from services.scoring.domain.points import HUNDREDTHS, divided
from services.scoring.domain.score import RuleLine, Score

MOST_MOVERS = 2_000
"""So many are kept one by one; a county's members are 50,000, and nobody reads them all. The counts are of all."""
BUCKET = 10 * HUNDREDTHS
Part = Literal["rule", "attainable"]
Direction = Literal["up", "down", "unknown"]


@dataclass(frozen=True, slots=True)
class Tried:
    """One subject in one period: its score under the books in force and under the draft; None where not scored."""

    subject_id: str
    period: str
    before: Score | None
    after: Score | None

    @property
    def is_moved(self) -> bool:
        """Whether the points are others, or there are some on one side only."""
        return _points(self.before) != _points(self.after)


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What one rule counts before and after, in hundredths; zero also where a book has no such rule."""

    rule_id: str
    title: str
    part: Part
    before: int
    after: int

    @property
    def change(self) -> int:
        """By how much it moves the items, or what is attainable."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Mover:
    """Somebody whose score would be another one, and by which rules.

    Points are hundredths, None while 待评 or where a book does not score the subject. Without a rule that changed it is
    the formula: base, shares or whom the book applies to.
    """

    subject_id: str
    period: str
    before: int | None
    after: int | None
    rules: tuple[RuleChange, ...]

    @property
    def change(self) -> int | None:
        """By how much the points change; None where one side has none."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many subjects have points from `at_least` up to ten points more."""

    at_least: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class GradeCount:
    """How many subjects reach a reference grade; without a title, those who reach none or are barred from one."""

    title: str | None
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How the points of one side lie: how many subjects are scored, how many of them 待评, mean and median."""

    scored: int
    awaiting: int
    mean: int | None
    median: int | None


@dataclass(frozen=True, slots=True)
class RuleEffect:
    """For how many of all who move one rule counts more, and for how many less."""

    rule_id: str
    title: str
    part: Part
    more: int
    less: int


@dataclass(frozen=True, slots=True)
class PeriodComparison:
    """One period: counts of all subjects, exact. `unknown` have points on one side only.

    `rules` are those that move anybody, first who moves most of them; a mover may be moved by several, or by none.
    """

    period: str
    up: int
    down: int
    unchanged: int
    unknown: int
    before: Spread
    after: Spread
    buckets: tuple[Bucket, ...]
    grades: tuple[GradeCount, ...]
    rules: tuple[RuleEffect, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole result: period by period, and the movers by the size of their change, at most `MOST_MOVERS`."""

    periods: tuple[PeriodComparison, ...]
    moved: int
    movers: tuple[Mover, ...]


def compare(tried: Iterable[Tried], periods: Sequence[str], *, most: int = MOST_MOVERS) -> Comparison:
    """Compare what was tried, in these periods and in whatever order it comes."""
    comparing = Comparing(periods, most=most)
    for each in tried:
        comparing.count(each)
    return comparing.result()


class Comparing:
    """Counts one subject after the other; of the scores only those of the `most` largest movers stay in memory."""

    def __init__(self, periods: Sequence[str], *, most: int = MOST_MOVERS) -> None:
        self._sides = {period: _Period(period) for period in periods}
        self._most = most
        self._largest: list[tuple[tuple[int, int], int, Tried]] = []
        self._moved = 0

    def count(self, tried: Tried) -> None:
        """Count one subject in one of the periods."""
        self._sides[tried.period].count(tried)
        if not tried.is_moved:
            return
        self._moved += 1
        entry = (_size(tried), -self._moved, tried)
        if len(self._largest) < self._most:
            heapq.heappush(self._largest, entry)
        elif entry > self._largest[0]:
            heapq.heapreplace(self._largest, entry)

    def result(self) -> Comparison:
        """What was counted so far."""
        kept = sorted((each for _, _, each in self._largest), key=_order)
        return Comparison(
            periods=tuple(side.compared() for side in self._sides.values()),
            moved=self._moved,
            movers=tuple(_mover(each) for each in kept),
        )


class _Period:
    """Counts one period."""

    def __init__(self, period: str) -> None:
        self._period = period
        self._directions: Counter[Direction | None] = Counter()
        self._scores: tuple[list[int], list[int]] = ([], [])
        self._awaiting = [0, 0]
        self._titles: dict[str, int] = {}
        self._grades: tuple[Counter[str | None], Counter[str | None]] = (Counter(), Counter())
        self._rules: dict[tuple[Part, str], RuleEffect] = {}

    def count(self, tried: Tried) -> None:
        """Count one subject."""
        self._directions[_direction(tried)] += 1
        if tried.is_moved:
            for change in _rule_changes(tried):
                self._count_rule(change)
        for side, score in enumerate((tried.before, tried.after)):
            if score is None:
                continue
            if score.points is None:
                self._awaiting[side] += 1
                continue
            self._scores[side].append(score.points)
            if score.book.grades:
                self._titles.update({grade.title: grade.at_least for grade in score.book.grades})
                self._grades[side][None if score.grade is None else score.grade.title] += 1

    def compared(self) -> PeriodComparison:
        """What was counted."""
        before, after = (
            _spread(scores, awaiting) for scores, awaiting in zip(self._scores, self._awaiting, strict=True)
        )
        return PeriodComparison(
            period=self._period,
            up=self._directions["up"],
            down=self._directions["down"],
            unchanged=self._directions[None],
            unknown=self._directions["unknown"],
            before=before,
            after=after,
            buckets=tuple(self._buckets()),
            grades=tuple(self._grade_counts()),
            rules=tuple(sorted(self._rules.values(), key=lambda each: (-each.more - each.less, each.rule_id))),
        )

    def _count_rule(self, change: RuleChange) -> None:
        known = self._rules.get((change.part, change.rule_id))
        more, less = (0, 0) if known is None else (known.more, known.less)
        counted = (more + 1, less) if change.change > 0 else (more, less + 1)
        self._rules[change.part, change.rule_id] = RuleEffect(change.rule_id, change.title, change.part, *counted)

    def _buckets(self) -> Iterator[Bucket]:
        before, after = (Counter(points // BUCKET * BUCKET for points in side) for side in self._scores)
        found = before.keys() | after.keys()
        if found:
            for at_least in range(min(found), max(found) + 1, BUCKET):
                yield Bucket(at_least, before[at_least], after[at_least])

    def _grade_counts(self) -> Iterator[GradeCount]:
        before, after = self._grades
        titles = sorted(self._titles, key=lambda title: -self._titles[title])
        for title in (*titles, None) if titles else ():
            yield GradeCount(title, before[title], after[title])


def _spread(scores: list[int], awaiting: int) -> Spread:
    if not scores:
        return Spread(awaiting, awaiting, None, None)
    scores.sort()
    middle = len(scores) // 2
    median = scores[middle] if len(scores) % 2 else divided(scores[middle - 1] + scores[middle], 2)
    return Spread(len(scores) + awaiting, awaiting, divided(sum(scores), len(scores)), median)


def _direction(tried: Tried) -> Direction | None:
    before, after = _points(tried.before), _points(tried.after)
    if before == after:
        return None
    if before is None or after is None:
        return "unknown"
    return "up" if after > before else "down"


def _points(score: Score | None) -> int | None:
    return None if score is None else score.points


def _size(tried: Tried) -> tuple[int, int]:
    """Who has points on one side only stands before all others: of him the change cannot be told."""
    before, after = _points(tried.before), _points(tried.after)
    if before is None or after is None:
        return 1, 0
    return 0, abs(after - before)


def _order(tried: Tried) -> tuple[int, int, str, str]:
    known, size = _size(tried)
    return -known, -size, tried.subject_id, tried.period


def _mover(tried: Tried) -> Mover:
    before, after = _points(tried.before), _points(tried.after)
    return Mover(tried.subject_id, tried.period, before, after, tuple(_rule_changes(tried)))


def _rule_changes(tried: Tried) -> Iterator[RuleChange]:
    sides = (tried.before, tried.after)
    yield from _changes("rule", *(() if side is None else side.lines for side in sides))
    yield from _changes("attainable", *(() if side is None else side.attainable_lines for side in sides))


def _changes(part: Part, before: Sequence[RuleLine], after: Sequence[RuleLine]) -> Iterator[RuleChange]:
    """The rules of either side that count something else, those that change most first."""
    titles = {line.rule.id: line.rule.title for line in (*before, *after)}
    old, new = ({line.rule.id: line.counted for line in side} for side in (before, after))
    changes = (RuleChange(id_, title, part, old.get(id_, 0), new.get(id_, 0)) for id_, title in titles.items())
    yield from sorted((each for each in changes if each.change), key=lambda each: (-abs(each.change), each.rule_id))
