"""The score (得分): a pure function of the cards and the rule book in force on the period's last day.

It explains itself line by line: per rule how many awards stand, what they are worth, what the cap left of it.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from services.scoring.domain.awards import CardKey
from services.scoring.domain.card import Card, correction_of
from services.scoring.domain.lasting import Lasts, exempts, lasting_in, vetoes
from services.scoring.domain.points import FULL, HUNDREDTHS, divided
from services.scoring.domain.rule import Rule
from services.scoring.domain.rule_book import Grade, RuleBook
from shared.events.members import Category
from shared.kernel.calendar import Period

Awaiting = Literal["review", "attainable"]
_DIGEST_LENGTH = 32


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule in a score: standing awards, their points, what counts after the bounds (hundredths).

    `exempted` awards stand but do not count, because of a circumstance of the subject; `points` are without them.
    """

    rule: Rule
    count: int
    points: int
    counted: int
    exempted: int = 0

    @property
    def cap_effect(self) -> int:
        """What the cap changed."""
        return self.counted - self.points


@dataclass(frozen=True, slots=True)
class Score:
    """What a subject has in a period. Points are hundredths; `points` is absent while `awaiting` says what for.

    `items` is the base with all lines, never below zero where there is a base; for earned ÷ attainable the earned
    points. `corrections` is what the sealed scores of earlier periods would have changed by (更正记录); it is in
    `points`. A year made of quarters has them as `parts`; its lines are theirs added up.
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
    corrections: int = 0
    lasting: tuple[Lasts, ...] = ()
    parts: tuple["Score", ...] = ()

    @property
    def taken_off(self) -> int:
        """What deductions took off the base, as a positive number."""
        return -sum(line.counted for line in self.lines if line.counted < 0)

    @property
    def vetoed_by(self) -> tuple[Lasts, ...]:
        """What forbids a grade."""
        return vetoes(self.lasting, Period.parse(self.key.period))

    @property
    def grade(self) -> Grade | None:
        """The reference grade; none while points are awaited, below the lowest, or while something forbids it."""
        return None if self.points is None or self.vetoed_by else self.book.grade(self.points)


def score(card: Card, book: RuleBook, lasting: Card | None = None, category: Category | None = None) -> Score:
    """The score of a card; bounds within their windows, then the standard's formula, then corrections.

    `lasting` is the subject's card of circumstances, `category` that of a branch. With attainable points: earned ÷
    attainable × 100, between 0 and 100; nothing attainable is 待评. With shares: items and review mixed, 评议待评 until
    the review is in. Otherwise the base with what was earned and taken off.
    """
    period = Period.parse(card.key.period)
    lasts = lasting_in(period, lasting, book)
    rules = (rule for rule in book.rules if not rule.categories or category in rule.categories)
    scored = replace(
        Score(card.key, book, _digest(card, lasts), book.base, None, None),
        lines=tuple(_line(card, rule, lasts) for rule in rules),
        lasting=lasts,
        corrections=sum(total.points for day, total in card.totals.items() if correction_of(day) is not None),
    )
    counted = sum(line.counted for line in scored.lines)
    if book.attainable:
        scored = _of_attainable(scored, counted, tuple(_line(card, rule, lasts) for rule in book.attainable))
    elif book.shares is None:
        items = max(0, book.base + counted)
        scored = replace(scored, items=items, points=items)
    else:
        scored = _reviewed(replace(scored, items=max(0, book.base + counted)), card)
    return _corrected(scored)


def mean(key: CardKey, parts: Iterable[Score]) -> Score:
    """A year as the mean of its quarters that had something attainable; 待评 while none had."""
    quarters = tuple(parts)
    known = [part.points for part in quarters if part.points is not None]
    return Score(
        key=key,
        book=quarters[-1].book,
        card_digest="-".join(part.card_digest[:8] for part in quarters),
        items=sum(part.items for part in quarters),
        points=divided(sum(known), len(known)) if known else None,
        awaiting=None if known else "attainable",
        lines=_added_up(line for part in quarters for line in part.lines),
        attainable=sum(part.attainable or 0 for part in quarters),
        attainable_lines=_added_up(line for part in quarters for line in part.attainable_lines),
        corrections=sum(part.corrections for part in quarters),
        lasting=tuple({lasts.name: lasts for part in quarters for lasts in part.lasting}.values()),
        parts=quarters,
    )


def _of_attainable(scored: Score, earned: int, attainable_lines: tuple[RuleLine, ...]) -> Score:
    attainable = sum(line.counted for line in attainable_lines)
    points = min(max(divided(earned * FULL, attainable), 0), FULL) if attainable else None
    return replace(
        scored,
        items=earned,
        points=points,
        awaiting=None if attainable else "attainable",
        attainable=attainable,
        attainable_lines=attainable_lines,
    )


def _reviewed(scored: Score, card: Card) -> Score:
    """Items and review mixed; several marks that stand are their mean."""
    rule, shares = scored.book.review, scored.book.shares
    marks = [total for day, total in card.totals.items() if rule is not None and day.rule_id == rule.id]
    standing = sum(total.standing for total in marks)
    if shares is None or not standing:
        return replace(scored, awaiting="review")
    review = divided(sum(total.points for total in marks), standing)
    mixed = divided(scored.items * shares.items + review * shares.review, HUNDREDTHS)
    return replace(scored, points=mixed, review=review)


def _corrected(scored: Score) -> Score:
    """The points with the corrections of sealed periods, never below zero nor, of 100 attainable, above them."""
    if scored.points is None or not scored.corrections:
        return scored
    points = max(0, scored.points + scored.corrections)
    return replace(scored, points=min(points, FULL) if scored.attainable is not None else points)


def _line(card: Card, rule: Rule, lasting: tuple[Lasts, ...]) -> RuleLine:
    days: dict[date, int] = {}
    count = exempted = 0
    for day, total in card.totals.items():
        if day.rule_id == rule.id:
            if rule.exempt_in and exempts(lasting, rule.exempt_in, day.on):
                exempted += total.standing
            else:
                count += total.standing
                days[day.on] = total.points
    return RuleLine(rule, count, sum(days.values()), rule.held(days), exempted)


def _digest(card: Card, lasting: tuple[Lasts, ...]) -> str:
    """The card's content and what lasts beside it as a short name."""
    if not lasting:
        return card.digest
    text = "\n".join(_told(card, lasting))
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_LENGTH]


def _told(card: Card, lasting: tuple[Lasts, ...]) -> Iterator[str]:
    yield card.digest
    yield from (f"{lasts.circumstance.id} {lasts.first} {lasts.last}" for lasts in lasting)


def _added_up(lines: Iterable[RuleLine]) -> tuple[RuleLine, ...]:
    """The lines with those of one rule as one; where versions differ the last one speaks for the rule."""
    found: dict[str, RuleLine] = {}
    for line in lines:
        before = found.get(line.rule.id, RuleLine(line.rule, 0, 0, 0))
        found[line.rule.id] = RuleLine(
            line.rule,
            before.count + line.count,
            before.points + line.points,
            before.counted + line.counted,
            before.exempted + line.exempted,
        )
    return tuple(found.values())
