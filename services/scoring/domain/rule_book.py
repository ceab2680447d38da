"""A rule book (考评细则): the standard's rules as data, with a closed set of operators and no expression language.

Points are held in hundredths, as integers, so that sums are exact in any order.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property, lru_cache
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from shared.events.members import OrganisationKind, Post
from shared.events.scoring import Standard
from shared.kernel.calendar import Period, month_of, quarter_of, thursday_of, week_of, year_of

HUNDREDTHS = 100
Span = Literal["day", "week", "month", "quarter", "year"]
ScorePeriod = Literal["quarter", "year"]
Scalar = bool | int | str
PREFIX = "xianfeng."
_LENGTH: Mapping[Span, int] = {"day": 0, "week": 1, "month": 2, "quarter": 3, "year": 4}
_HALF_BACK = "half-back"
_KEBAB = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"


def hundredths(value: object) -> int:
    """Points as people write them (`2`, `-0.5`) in hundredths; raises ValueError beyond two decimals."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise ValueError("分值须为数字")  # noqa: TRY004 - pydantic turns ValueError into the refusal
    try:
        exact = Decimal(str(value)) * HUNDREDTHS
    except InvalidOperation:
        raise ValueError("分值须为数字") from None
    if not exact.is_finite() or exact != exact.to_integral_value():
        raise ValueError("分值最多两位小数")
    return int(exact)


def decimal_points(points: int) -> Decimal:
    """Hundredths as people read them."""
    return (Decimal(points) / HUNDREDTHS).quantize(Decimal("0.01"))


def _several(value: object) -> object:
    return (value,) if isinstance(value, str | bool | int) else value


Points = Annotated[int, BeforeValidator(hundredths)]
Several = Annotated[tuple[str, ...], BeforeValidator(_several), Field(min_length=1)]
Where = dict[str, Annotated[tuple[Scalar, ...], BeforeValidator(_several), Field(min_length=1)]]
"""Which facts a rule means: every named field equals one of the values."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class Source(_Data):
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


class Cap(_Data):
    """At most so many points in a span of time (封顶); for deductions the most that is taken off."""

    points: Points
    per: Span

    def window(self, day: date) -> Period:
        """The span of time in which the day's awards are capped together."""
        return window_of(self.per, day)


class AwardTerms(_Data):
    """Who is awarded (the event's field that names the subject) and how many points."""

    to: str
    points: Points


class HalfBack(_Data):
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


class Rule(_Data):
    """One sentence of a standard: which facts earn or cost how many points, for whom, on which day, up to what."""

    id: str = Field(pattern=_KEBAB)
    title: str = Field(min_length=2)
    source: Source
    on: Several
    where: Where = Field(default_factory=dict)
    award: AwardTerms
    day: str | None = None
    """The event's field with the local day it counts for; without it, the day it happened."""
    half_back: HalfBack | None = None
    cap: Cap | None = None

    @model_validator(mode="after")
    def _signs(self) -> Self:
        points = self.award.points
        if points == 0:
            raise ValueError("分值不得为零")
        if self.cap is not None and self.cap.points * points <= 0:
            raise ValueError("封顶分值须与分值同号")
        if self.half_back is not None and (points > 0 or points % 2):
            raise ValueError("“补办返还一半”只用于可对半的扣分")
        return self

    def ways(self) -> Iterable[Way]:
        """In full, and by half where what was missed is done after all."""
        yield Way(self, self.id, self.on, self.where, self.award.points)
        if self.half_back is not None:
            back = self.half_back
            yield Way(self, f"{self.id}/{_HALF_BACK}", back.on, back.where, -self.award.points // 2)

    @property
    def by_week(self) -> bool:
        """Whether its awards belong to weeks, which lie where their Thursday lies."""
        return self.cap is not None and self.cap.per == "week"

    def held(self, points: int) -> int:
        """Points of one cap window as they count: never beyond the cap, never with the other sign."""
        bound = self.cap.points if self.cap is not None else None
        if self.award.points > 0:
            return max(0, points if bound is None else min(points, bound))
        return min(0, points if bound is None else max(points, bound))


class Effective(_Data):
    """The first and, if it was replaced, the last day a version is in force."""

    from_: date = Field(alias="from")
    to: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.to is not None and self.to < self.from_:
            raise ValueError("生效期止早于生效期起")
        return self

    def __contains__(self, day: date) -> bool:
        """Whether the version is in force on the day."""
        return self.from_ <= day and (self.to is None or day <= self.to)

    def meets(self, first: date, last: date | None) -> bool:
        """Whether it is in force on any day of the span."""
        return (last is None or self.from_ <= last) and (self.to is None or self.to >= first)


class AppliesTo(_Data):
    """Whom the standard scores: organisations of these kinds, or persons holding these posts."""

    kinds: tuple[OrganisationKind, ...] = ()
    posts: tuple[Post, ...] = ()


class Shares(_Data):
    """How the final score mixes the items and the review (评议), in per cent."""

    items: int = Field(ge=0, le=100)
    review: int = Field(ge=0, le=100)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.items + self.review != HUNDREDTHS:
            raise ValueError("各部分权重之和须为 100")
        return self


class RuleBook(_Data):
    """One version of one standard."""

    standard: Standard
    title: str = Field(min_length=2)
    version: str = Field(pattern=r"^\d{4}\.\d+$")
    period: ScorePeriod
    effective: Effective
    applies_to: AppliesTo
    base: Points = 0
    shares: Shares | None = None
    rules: tuple[Rule, ...] = Field(min_length=1)
    attainable: tuple[Rule, ...] = ()
    """What can be earned at all; with it the score is earned ÷ attainable × 100. What an obligation makes attainable is
    taken back, as every award is, by the fact that corrects its opening: that it is waived or superseded."""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        ids = [rule.id for rule in self.all_rules]
        if len(ids) != len(set(ids)):
            raise ValueError("规则编号重复")
        if self.shares is not None and self.attainable:
            raise ValueError("shares 与 attainable 只能取其一")
        if any(rule.award.points < 0 for rule in self.attainable):
            raise ValueError("应得分须为正数")
        return self

    @property
    def all_rules(self) -> tuple[Rule, ...]:
        """The rules and what they make attainable."""
        return self.rules + self.attainable

    @cached_property
    def ways(self) -> Mapping[str, tuple[Way, ...]]:
        """The ways that look at an event, by its full type; what no rule names is not there."""
        found: dict[str, tuple[Way, ...]] = {}
        for way in (way for rule in self.all_rules for way in rule.ways()):
            for name in way.on:
                found[PREFIX + name] = (*found.get(PREFIX + name, ()), way)
        return found

    def score_period(self, rule: Rule, day: date) -> Period:
        """The score period an award of the rule lies in: its week's Thursday decides for week-capped rules."""
        return _score_period(self.period, day, by_week=rule.by_week)

    def period_of(self, day: date) -> Period:
        """The score period of a day."""
        return _score_period(self.period, day, by_week=False)


def longer(span: Span, period: ScorePeriod) -> bool:
    """Whether a cap's span does not fit into the score period."""
    return _LENGTH[span] > _LENGTH[period]


def window_of(span: Span, day: date) -> Period:
    """The day, week, month, quarter or year of a day."""
    if span == "day":
        return Period(day, day, day.isoformat())
    return {"week": week_of, "month": month_of, "quarter": quarter_of, "year": year_of}[span](day)


@lru_cache(maxsize=4096)
def _score_period(kind: ScorePeriod, day: date, *, by_week: bool) -> Period:
    if by_week:
        day = thursday_of(week_of(day))
    return quarter_of(day) if kind == "quarter" else year_of(day)
