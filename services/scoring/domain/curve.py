"""The curve of a score over time: what it was by the days its facts counted for, at the end of each week."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from services.scoring.domain.card import Card
from services.scoring.domain.score import Score, score
from shared.events.members import Category
from shared.kernel.calendar import Period, week_of


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A day and what the score was reckoned from everything that counts up to it (hundredths)."""

    on: date
    points: int | None
    items: int
    attainable: int | None


def curve(card: Card, lasting: Card, category: Category | None, stands: Score, today: date) -> tuple[CurvePoint, ...]:
    """The score at the end of each week of the period, and as it stands on its last day or today.

    `stands` is the score as people see it; the curve ends with it, also where something counts for a later day than
    today (the week that still runs) or a sealed score no longer follows from the card. A period to come has no curve.
    """
    period = Period.parse(card.key.period)
    last = min(period.last, today)
    if last < period.first:
        return ()
    found = []
    sunday = week_of(period.first).last
    while sunday < last:
        found.append(_point(sunday, score(_until(card, sunday), stands.book, lasting, category)))
        sunday += timedelta(days=7)
    return (*found, _point(last, stands))


def _point(day: date, scored: Score) -> CurvePoint:
    return CurvePoint(day, scored.points, scored.items, scored.attainable)


def _until(card: Card, day: date) -> Card:
    return replace(card, totals={each: total for each, total in card.totals.items() if each.on <= day})
