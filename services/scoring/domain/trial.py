"""A trial (一次测算): what a rule book would have made of the facts there are, beside what was made of them.

Nothing of it enters ledger, cards or builds; nobody is told a score of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, NewType, Self

from services.scoring.domain.comparison import Comparison
from services.scoring.domain.draft import DraftId
from services.scoring.domain.generation import Generation
from services.scoring.domain.laboratory_refusals import PeriodsUnsound, TrialIsOver
from services.scoring.domain.periods import Asked, asked_period
from services.scoring.domain.refusals import NoBookInForce, PeriodUnclear
from services.scoring.domain.rule_book import Effective, RuleBook
from shared.events.scoring import Standard
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import Period, quarter_of, year_of
from shared.kernel.ids import AccountId

TrialId = NewType("TrialId", str)
TrialState = Literal["queued", "running", "done", "cancelled", "failed"]
MOST_PERIODS = 8
"""Two years of quarters: what a standard's effect can be judged by."""
MOST_ATTEMPTS = 2
_OVER = frozenset({"done", "cancelled", "failed"})


@dataclass(frozen=True, slots=True)
class TrialProgress:
    """How many facts were folded, and how many the log holds, those that concern other things included."""

    facts: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Trial:
    """One trial, from asked to its end.

    `path` is the organisation whose subjects it is about. `attempts` counts how often it was begun: whoever folds for
    an earlier attempt has nothing more to say. `revision` grows when it ends; beginning and folding are no changes
    anybody made.
    """

    id: TrialId
    path: OrganisationPath
    asked_by: AccountId
    asked_at: datetime
    text: str
    book: RuleBook
    first_period: str
    last_period: str
    made_from: str
    draft_id: DraftId | None = None
    state: TrialState = "queued"
    attempts: int = 0
    progress: TrialProgress = TrialProgress()
    as_if_from: date | None = None
    """The day the book was tried from, where its own first day lies after all periods."""
    result: Comparison | None = None
    reason: str | None = None
    ended_at: datetime | None = None
    revision: int = 1

    @property
    def standard(self) -> Standard:
        """Whose scores are tried."""
        return self.book.standard

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in _OVER

    @property
    def is_given_up(self) -> bool:
        """Whether it was begun as often as it may be."""
        return self.attempts >= MOST_ATTEMPTS

    def begin(self) -> Self:
        """Somebody begins to fold for it."""
        return replace(self, state="running", attempts=self.attempts + 1, progress=TrialProgress())

    def put_back(self) -> Self:
        """Who folded for it was told to stop: it waits again, and that was no attempt."""
        return replace(self, state="queued", attempts=max(0, self.attempts - 1), progress=TrialProgress())

    def folded(self, progress: TrialProgress) -> Self:
        """So far it is."""
        return replace(self, progress=progress)

    def finish(self, result: Comparison, *, as_if_from: date | None, at: datetime) -> Self:
        """It is done."""
        return replace(self._end("done", at), result=result, as_if_from=as_if_from)

    def fail(self, reason: str, *, at: datetime) -> Self:
        """It cannot be done, and why."""
        return replace(self._end("failed", at), reason=reason)

    def cancel(self, *, at: datetime) -> Self:
        """Nobody needs it any more. Raises TrialIsOver."""
        if self.is_over:
            raise TrialIsOver
        return self._end("cancelled", at)

    def _end(self, state: TrialState, at: datetime) -> Self:
        return replace(self, state=state, ended_at=at, revision=self.revision + 1)


@dataclass(frozen=True, slots=True)
class TrialSetting:
    """What is compared: the versions of the standard as they are live, and with the book under test among them."""

    before: Generation
    after: Generation
    asked: tuple[tuple[Asked, Asked], ...]
    """Each period, before and after."""
    as_if_from: date | None

    @property
    def card_periods(self) -> frozenset[str]:
        """The score periods of all cards that are needed."""
        return frozenset(part.name for pair in self.asked for asked in pair for part, _ in asked.parts)


def set_up(live: Sequence[RuleBook], book: RuleBook, first_period: str, last_period: str) -> TrialSetting:
    """Put the book in the place of the live versions of its standard from its first day on.

    One that comes into force after all the periods is tried as if it were in force from their first day. Raises
    PeriodUnclear, PeriodsUnsound, PeriodUnsuited, NoBookInForce.
    """
    periods = _span(first_period, last_period)
    versions = tuple(each for each in live if each.standard == book.standard)
    if not versions:
        raise NoBookInForce(period=first_period)
    as_if_from = periods[0].first if book.effective.from_ > periods[-1].last else None
    if as_if_from is not None:
        effective = Effective.model_construct(from_=as_if_from, to=None)
        book = book.model_copy(update={"effective": effective})
    earlier = (each for each in versions if each.effective.from_ < book.effective.from_)
    before, after = Generation(versions), Generation((*earlier, book))
    asked = tuple((_asked(before, book.standard, period), _asked(after, book.standard, period)) for period in periods)
    return TrialSetting(before, after, asked, as_if_from)


def _asked(generation: Generation, standard: Standard, period: Period) -> Asked:
    return asked_period(generation, standard, period.name, period.last)


def _span(first_period: str, last_period: str) -> tuple[Period, ...]:
    first, last = _parsed(first_period, "first_period"), _parsed(last_period, "last_period")
    kind = year_of if first == year_of(first.first) else quarter_of
    if kind(last.first) != last or last.first < first.first:
        raise PeriodsUnsound(most=MOST_PERIODS)
    periods = [first]
    while periods[-1] != last:
        periods.append(kind(date.fromordinal(periods[-1].last.toordinal() + 1)))
        if len(periods) > MOST_PERIODS:
            raise PeriodsUnsound(most=MOST_PERIODS)
    return tuple(periods)


def _parsed(text: str, field: str) -> Period:
    try:
        period = Period.parse(text)
    except ValueError:
        raise PeriodUnclear(field=field, period=text) from None
    if period not in {year_of(period.first), quarter_of(period.first)}:
        raise PeriodUnclear(field=field, period=text)
    return period
