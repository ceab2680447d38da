"""What lasts from day to day (存续情形): read from a subject's card of circumstances.

There a circumstance is an entry of its first day, worth the number of its last one (`date.toordinal`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.scoring.domain.card import Card
from services.scoring.domain.rule_book import Circumstance, RuleBook
from shared.kernel.calendar import Period


@dataclass(frozen=True, slots=True)
class Lasts:
    """One circumstance of a subject from its first to its last day; `date.max` while no end is known."""

    circumstance: Circumstance
    first: date
    last: date

    @property
    def name(self) -> tuple[str, date, date]:
        """What makes it this one and no other."""
        return self.circumstance.id, self.first, self.last

    def __contains__(self, day: date) -> bool:
        """Whether it lasts on the day."""
        return self.first <= day <= self.last

    def meets(self, period: Period) -> bool:
        """Whether it lasts on any day of the period."""
        return self.first <= period.last and self.last >= period.first


def lasting_in(period: Period, card: Card | None, book: RuleBook) -> tuple[Lasts, ...]:
    """The circumstances of a subject that touch the period, by their first day."""
    if card is None:
        return ()
    by_id = {each.id: each for each in book.circumstances}
    found = (
        Lasts(by_id[day.rule_id], day.on, date.fromordinal(total.points // total.standing))
        for day, total in sorted(card.totals.items())
        if total.standing > 0 and day.rule_id in by_id
    )
    return tuple(lasts for lasts in found if lasts.meets(period))


def exempts(lasting: Iterable[Lasts], names: Iterable[str], day: date) -> bool:
    """Whether one of the named circumstances lasts on the day."""
    wanted = frozenset(names)
    return any(lasts.circumstance.id in wanted and day in lasts for lasts in lasting)


def vetoes(lasting: Iterable[Lasts], period: Period) -> tuple[Lasts, ...]:
    """What forbids a grade: a veto that lasts on the period's last day."""
    return tuple(lasts for lasts in lasting if lasts.circumstance.effect == "veto" and period.last in lasts)
