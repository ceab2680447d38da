"""Which score periods a question is about."""

from dataclasses import dataclass
from datetime import date

from services.scoring.domain.generation import Generation
from services.scoring.domain.refusals import NoBookInForce, PeriodUnclear, PeriodUnsuited
from services.scoring.domain.rule_book import RuleBook
from shared.events.scoring import Standard
from shared.kernel.calendar import Period, quarter_of, quarters_of, year_of


@dataclass(frozen=True, slots=True)
class Asked:
    """A period somebody asks for: itself a score period with its book, or a year made of several."""

    period: Period
    parts: tuple[tuple[Period, RuleBook], ...]

    @property
    def is_whole(self) -> bool:
        """Whether it is one score period."""
        return self.parts[0][0] == self.period


def asked_period(generation: Generation, standard: Standard, text: str | None, today: date) -> Asked:
    """The score periods behind what was asked; without a name the current one.

    A year of a standard scored by the quarter is made of those of its quarters in which a book was in force. Raises
    PeriodUnclear, PeriodUnsuited (a quarter of a standard scored by the year, a week of any), NoBookInForce.
    """
    if not generation.of(standard):
        raise NoBookInForce(period=text or today.isoformat())
    if text is None:
        period = generation.version_on(standard, today).period_of(today)
        return Asked(period, ((period, generation.book(standard, period)),))
    try:
        period = Period.parse(text)
    except ValueError:
        raise PeriodUnclear(period=text) from None
    if period == year_of(period.first):
        year_book = generation.book(standard, period)
        if year_book.period == "year":
            return Asked(period, ((period, year_book),))
        return Asked(period, _quarters(generation, standard, period))
    if period == quarter_of(period.first):
        book = generation.book(standard, period)
        if book.period == "quarter":
            return Asked(period, ((period, book),))
    raise _unsuited(generation.version_on(standard, period.last), period)


def _quarters(generation: Generation, standard: Standard, year: Period) -> tuple[tuple[Period, RuleBook], ...]:
    found: list[tuple[Period, RuleBook]] = []
    for quarter in quarters_of(year):
        try:
            found.append((quarter, generation.book(standard, quarter)))
        except NoBookInForce:
            continue
    return tuple(found)


def _unsuited(book: RuleBook, period: Period) -> PeriodUnsuited:
    year = f"{period.first.year:04d}"
    if book.period == "year":
        return PeriodUnsuited(title=book.title, kind="按年考评", period=period.name, example=year)
    quarter = quarter_of(period.first).name
    return PeriodUnsuited(
        title=book.title, kind="按季考评、全年取平均", period=period.name, example=f"{quarter} 或 {year}"
    )
