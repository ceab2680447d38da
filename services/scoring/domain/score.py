"""The score (得分): a pure function of a card and the rule book in force on the period's last day.

It explains itself line by line: per rule how many awards stand, what they are worth, what the cap left of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from services.scoring.domain.awards import CardKey
from services.scoring.domain.card import Card
from services.scoring.domain.rule_book import HUNDREDTHS, Rule, RuleBook

Awaiting = Literal["review", "attainable"]
FULL = 100 * HUNDREDTHS


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule in a score: standing awards, their points, and what counts after the cap (hundredths)."""

    rule: Rule
    count: int
    points: int
    counted: int

    @property
    def cap_effect(self) -> int:
        """What the cap changed."""
        return self.counted - self.points


@dataclass(frozen=True, slots=True)
class Score:
    """What a subject has in a period. Points are hundredths; `points` is absent while `awaiting` says what for.

    `items` is the base with all lines, never below zero where there is a base; for earned ÷ attainable the earned
    points. A year made of quarters has them as `parts`; its lines are theirs added up.
    """

    key: CardKey
    book: RuleBook
    card_digest: str
    items: int
    points: int | None
    awaiting: Awaiting | None
    lines: tuple[RuleLine, ...] = ()
    attainable: int | None = None
    attainable_lines: tuple[RuleLine, ...] = ()
    review: int | None = None
    parts: tuple["Score", ...] = ()

    @property
    def taken_off(self) -> int:
        """What deductions took off the base, as a positive number."""
        return -sum(line.counted for line in self.lines if line.counted < 0)


def score(card: Card, book: RuleBook, review: int | None = None) -> Score:
    """The score of a card; caps within their windows, then the standard's formula.

    With attainable points: earned ÷ attainable × 100, between 0 and 100; nothing attainable is 待评. With shares:
    items and review mixed, 评议待评 until the review is in. Otherwise the base with what was earned and taken off.
    """
    lines = tuple(_line(card, rule) for rule in book.rules)
    scored = Score(card.key, book, card.digest, book.base, None, None, lines=lines)
    counted = sum(line.counted for line in lines)
    if book.attainable:
        return _of_attainable(scored, counted, tuple(_line(card, rule) for rule in book.attainable))
    items = max(0, book.base + counted)
    if book.shares is None:
        return replace(scored, items=items, points=items)
    if review is None:
        return replace(scored, items=items, awaiting="review")
    mixed = _divided(items * book.shares.items + review * book.shares.review, HUNDREDTHS)
    return replace(scored, items=items, points=mixed, review=review)


def mean(key: CardKey, parts: Iterable[Score]) -> Score:
    """A year as the mean of its quarters that had something attainable; 待评 while none had."""
    quarters = tuple(parts)
    known = [part.points for part in quarters if part.points is not None]
    return Score(
        key=key,
        book=quarters[-1].book,
        card_digest="-".join(part.card_digest[:8] for part in quarters),
        items=sum(part.items for part in quarters),
        points=_divided(sum(known), len(known)) if known else None,
        awaiting=None if known else "attainable",
        lines=_added_up(line for part in quarters for line in part.lines),
        attainable=sum(part.attainable or 0 for part in quarters),
        attainable_lines=_added_up(line for part in quarters for line in part.attainable_lines),
        parts=quarters,
    )


def _of_attainable(scored: Score, earned: int, attainable_lines: tuple[RuleLine, ...]) -> Score:
    attainable = sum(line.counted for line in attainable_lines)
    points = min(max(_divided(earned * FULL, attainable), 0), FULL) if attainable else None
    return replace(
        scored,
        items=earned,
        points=points,
        awaiting=None if attainable else "attainable",
        attainable=attainable,
        attainable_lines=attainable_lines,
    )


def _line(card: Card, rule: Rule) -> RuleLine:
    windows: dict[str, int] = {}
    count = 0
    for day, total in card.totals.items():
        if day.rule_id == rule.id:
            count += total.standing
            window = rule.cap.window(day.on).name if rule.cap is not None else ""
            windows[window] = windows.get(window, 0) + total.points
    counted = sum(rule.held(points) for points in windows.values())
    return RuleLine(rule, count, sum(windows.values()), counted)


def _added_up(lines: Iterable[RuleLine]) -> tuple[RuleLine, ...]:
    """The lines with those of one rule as one; where versions differ the last one speaks for the rule."""
    found: dict[str, RuleLine] = {}
    for line in lines:
        before = found.get(line.rule.id, RuleLine(line.rule, 0, 0, 0))
        found[line.rule.id] = RuleLine(
            line.rule, before.count + line.count, before.points + line.points, before.counted + line.counted
        )
    return tuple(found.values())


def _divided(dividend: int, divisor: int) -> int:
    """Whole-number division, halves away from zero, as people round by hand."""
    rounded = (2 * abs(dividend) + divisor) // (2 * divisor)
    return rounded if dividend >= 0 else -rounded
