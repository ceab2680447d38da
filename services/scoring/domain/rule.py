"""One sentence of a standard as data, with a closed set of operators and no expression language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from services.scoring.domain.points import Points
from shared.events.members import Category
from shared.kernel.calendar import Period, month_of, quarter_of, thursday_of, week_of, year_of

Span = Literal["day", "week", "month", "quarter", "year"]
Scalar = bool | int | str
LENGTH: Mapping[Span, int] = {"day": 0, "week": 1, "month": 2, "quarter": 3, "year": 4}
_HALF_BACK = "half-back"
_KEBAB = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
RuleId = Annotated[str, Field(pattern=_KEBAB)]


def _several(value: object) -> object:
    return (value,) if isinstance(value, str | bool | int) else value


def _several_caps(value: object) -> object:
    return (value,) if isinstance(value, Mapping) else value


Several = Annotated[tuple[str, ...], BeforeValidator(_several), Field(min_length=1)]
Where = dict[str, Annotated[tuple[Scalar, ...], BeforeValidator(_several), Field(min_length=1)]]
"""Which facts a rule means: every named field equals one of the values."""


class Data(BaseModel):
    """What is read from a rule book: frozen, and refusing what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, populate_by_name=True)


class Source(Data):
    """Why a rule stands: a sentence of the report, word for word, or the article of a regulation."""

    report: str | None = Field(default=None, min_length=2)
    article: str | None = Field(default=None, min_length=2)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.report is None) == (self.article is None):
            raise ValueError("依据须写明 report（报告原句）或 article（条款）之一")
        return self

    @property
    def sentence(self) -> str:
        """The sentence people read beside the points."""
        return self.report or self.article or ""


class Cap(Data):
    """At most so many points in a span of time (封顶); for deductions the most that is taken off."""

    points: Points
    per: Span

    def window(self, day: date) -> Period:
        """The span of time in which the day's awards are capped together."""
        return window_of(self.per, day)

    def held(self, points: int) -> int:
        """Points of one window as they count: never beyond the cap, never with the other sign."""
        return max(0, min(points, self.points)) if self.points > 0 else min(0, max(points, self.points))


class AwardTerms(Data):
    """Who is awarded (the event's field that names one subject, or several) and how many points.

    `mark` names the event's field with the points instead: a mark that reviewers gave.
    """

    to: str
    points: Points = 0
    mark: str | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.points == 0) == (self.mark is None):
            raise ValueError("须写明不为零的分值 points 或评分字段 mark 之一")
        return self


class HalfBack(Data):
    """Done after all, though late: half of what the rule took off comes back, inside the same cap."""

    on: Several
    where: Where = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a rule awards: its points in full, or the half that comes back; `name` enters the award's id."""

    rule: "Rule"
    name: str
    on: tuple[str, ...]
    where: Where
    points: int


class Rule(Data):
    """One sentence of a standard: which facts earn or cost how many points, for whom, on which day, up to what.

    `once` counts the rule at most once in a span; `categories` are the branches it is for (all without it); `exempt_in`
    names the circumstances in which it does not count; `meet` tells people how to meet it.
    """

    id: RuleId
    title: str = Field(min_length=2)
    source: Source
    on: Several
    where: Where = Field(default_factory=dict)
    award: AwardTerms
    day: str | None = None
    """The event's field with the local day it counts for; without it, the day it happened."""
    half_back: HalfBack | None = None
    once: Span | None = None
    caps: Annotated[tuple[Cap, ...], BeforeValidator(_several_caps)] = Field(default=(), alias="cap")
    categories: tuple[Category, ...] = ()
    exempt_in: Annotated[tuple[str, ...], BeforeValidator(_several)] = ()
    meet: str | None = Field(default=None, min_length=2)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        points = self.award.points
        if any(cap.points * points <= 0 for cap in self.caps):
            raise ValueError("封顶分值须与分值同号")
        if self.half_back is not None and (points >= 0 or points % 2):
            raise ValueError("“补办返还一半”只用于可对半的扣分")
        if self.half_back is not None and self.once is not None:
            raise ValueError("“补办返还一半”不与 once（只计一次）并用")
        lengths = [LENGTH[cap.per] for cap in self.bounds]
        if any(later <= earlier for earlier, later in pairwise(lengths)):
            raise ValueError("多个封顶须由短到长排列，各不相同")
        if {"week", "month"} <= {cap.per for cap in self.bounds}:
            raise ValueError("周与月互相跨越，不能同时封顶")
        return self

    def ways(self) -> Iterable[Way]:
        """In full, and by half where what was missed is done after all."""
        yield Way(self, self.id, self.on, self.where, self.award.points)
        if self.half_back is not None:
            back = self.half_back
            yield Way(self, f"{self.id}/{_HALF_BACK}", back.on, back.where, -self.award.points // 2)

    @cached_property
    def bounds(self) -> tuple[Cap, ...]:
        """All that bounds the rule, from the shortest span to the longest: once in a span, then the caps."""
        if self.once is None:
            return self.caps
        return (Cap.model_construct(points=self.award.points, per=self.once), *self.caps)

    @cached_property
    def by_week(self) -> bool:
        """Whether its awards belong to weeks, which lie where their Thursday lies."""
        return any(cap.per == "week" for cap in self.bounds)

    def held(self, days: Mapping[date, int]) -> int:
        """What the points of these days count for together, after all bounds, never with the other sign."""
        tally = Tally(self)
        return sum(tally.add(day, points) for day, points in days.items())


class Tally:
    """Counts the points of one rule one by one, so that everyone can see which of them a bound cut.

    Whatever the order, the counted points add up to the same: each window passes on by how much it changed.
    """

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._sums: dict[tuple[Span | None, str], int] = {}

    def add(self, day: date, points: int) -> int:
        """What these points change after all bounds (hundredths)."""
        for cap in self._rule.bounds:
            window = cap.window(day)
            before, after = self._moved((cap.per, window.name), points)
            points = cap.held(after) - cap.held(before)
            day = thursday_of(window) if cap.per == "week" else window.first
        before, after = self._moved((None, ""), points)
        return self._signed(after) - self._signed(before)

    def _moved(self, window: tuple[Span | None, str], points: int) -> tuple[int, int]:
        before = self._sums.get(window, 0)
        self._sums[window] = before + points
        return before, before + points

    def _signed(self, points: int) -> int:
        """Never with the other sign; a mark has none of its own."""
        return min(0, points) if self._rule.award.points < 0 else max(0, points)


def longer(span: Span, period: Span) -> bool:
    """Whether a cap's span does not fit into the score period."""
    return LENGTH[span] > LENGTH[period]


def window_of(span: Span, day: date) -> Period:
    """The day, week, month, quarter or year of a day."""
    if span == "day":
        return Period(day, day, day.isoformat())
    return {"week": week_of, "month": month_of, "quarter": quarter_of, "year": year_of}[span](day)
