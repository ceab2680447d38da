"""A rule book (考评细则): one version of one standard as data."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property, lru_cache
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from services.scoring.domain.points import FULL, HUNDREDTHS, Points
from services.scoring.domain.rule import Data, Rule, RuleId, Several, Source, Way, Where
from shared.events.members import OrganisationKind, Post
from shared.events.scoring import Standard
from shared.kernel.calendar import Period, quarter_of, thursday_of, week_of, year_of

ScorePeriod = Literal["quarter", "year"]
PREFIX = "xianfeng."
Effect = Literal["exempt", "veto", "note"]


class Lasting(Data):
    """How long a circumstance lasts: the event's fields with its first and, if it is known, its last day."""

    on: Several
    where: Where = Field(default_factory=dict)
    from_: str = Field(alias="from")
    until: str | None = None


class Circumstance(Data):
    """What lasts from day to day and scores nothing by itself (存续情形).

    `exempt`: rules that name it do not count meanwhile. `veto`: no grade while it lasts. `note`: shown, no more.
    """

    id: RuleId
    title: str = Field(min_length=2)
    source: Source
    effect: Effect
    to: str
    lasts: Annotated[
        tuple[Lasting, ...], BeforeValidator(lambda value: (value,) if isinstance(value, Mapping) else value)
    ] = Field(min_length=1)


class Effective(Data):
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


class AppliesTo(Data):
    """Whom the standard scores: organisations of these kinds, persons holding these posts, or members."""

    kinds: tuple[OrganisationKind, ...] = ()
    posts: tuple[Post, ...] = ()
    members: bool = False


class Shares(Data):
    """How the final score mixes the items and the review (评议), in per cent."""

    items: int = Field(ge=0, le=100)
    review: int = Field(ge=0, le=100)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.items + self.review != HUNDREDTHS:
            raise ValueError("各部分权重之和须为 100")
        return self


class Grade(Data):
    """A reference grade (参考等次): who has at least so many points; a person decides and signs."""

    title: str = Field(min_length=1)
    at_least: Points


class RuleBook(Data):
    """One version of one standard."""

    standard: Standard
    title: str = Field(min_length=2)
    version: str = Field(pattern=r"^\d{4}\.\d+$")
    period: ScorePeriod
    effective: Effective
    applies_to: AppliesTo
    base: Points = 0
    shares: Shares | None = None
    review: Rule | None = None
    """Where the review part comes from: a mark, not points."""
    rules: tuple[Rule, ...] = Field(min_length=1)
    attainable: tuple[Rule, ...] = ()
    """What can be earned at all; with it the score is earned ÷ attainable × 100. What an obligation makes attainable is
    taken back, as every award is, by the fact that corrects its opening: that it is waived or superseded."""
    circumstances: tuple[Circumstance, ...] = ()
    grades: tuple[Grade, ...] = ()
    grades_shown: bool = False
    """Whether people see the reference grade beside the points."""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        ids = [rule.id for rule in self.all_rules] + [each.id for each in self.circumstances]
        if len(ids) != len(set(ids)):
            raise ValueError("规则编号重复")
        if self.shares is not None and self.attainable:
            raise ValueError("shares 与 attainable 只能取其一")
        if (self.shares is None) != (self.review is None):
            raise ValueError("有评议占比（shares）的细则须写明评议 review，反之亦然")
        if self.review is not None and self.review.award.mark is None:
            raise ValueError("评议 review 须以评分字段 mark 计")
        if any(rule.award.mark is not None for rule in (*self.rules, *self.attainable)):
            raise ValueError("只有评议 review 可以按评分计，其余规则须写明分值")
        if any(rule.award.points < 0 for rule in self.attainable):
            raise ValueError("应得分须为正数")
        exempting = {each.id for each in self.circumstances if each.effect == "exempt"}
        if any(not exempting.issuperset(rule.exempt_in) for rule in self.all_rules):
            raise ValueError("exempt_in 须是本细则 circumstances 中 effect 为 exempt 的编号")
        steps = [grade.at_least for grade in self.grades]
        if steps != sorted(set(steps), reverse=True) or any(not 0 <= step <= FULL for step in steps):
            raise ValueError("等次须由高到低，分数线在 0 至 100 之间且各不相同")
        return self

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy that works out anew what follows from its fields: pydantic would hand on what was cached."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied

    @property
    def all_rules(self) -> tuple[Rule, ...]:
        """The rules, what they make attainable, and the review."""
        return (*self.rules, *self.attainable, *(() if self.review is None else (self.review,)))

    @cached_property
    def ways(self) -> Mapping[str, tuple[Way, ...]]:
        """The ways that look at an event, by its full type; what no rule names is not there."""
        found: dict[str, tuple[Way, ...]] = {}
        for way in (way for rule in self.all_rules for way in rule.ways()):
            for name in way.on:
                found[PREFIX + name] = (*found.get(PREFIX + name, ()), way)
        return found

    @cached_property
    def lasting(self) -> Mapping[str, tuple[tuple[Circumstance, Lasting], ...]]:
        """The circumstances that look at an event, by its full type."""
        found: dict[str, tuple[tuple[Circumstance, Lasting], ...]] = {}
        for circumstance in self.circumstances:
            for lasting in circumstance.lasts:
                for name in lasting.on:
                    found[PREFIX + name] = (*found.get(PREFIX + name, ()), (circumstance, lasting))
        return found

    @cached_property
    def looked_at(self) -> frozenset[str]:
        """The full types of all events that a rule or a circumstance looks at."""
        return frozenset(self.ways) | frozenset(self.lasting)

    def score_period(self, rule: Rule, day: date) -> Period:
        """The score period an award of the rule lies in: its week's Thursday decides for week-capped rules."""
        return _score_period(self.period, day, by_week=rule.by_week)

    def period_of(self, day: date) -> Period:
        """The score period of a day."""
        return _score_period(self.period, day, by_week=False)

    def grade(self, points: int) -> Grade | None:
        """The reference grade of so many points; None below the lowest."""
        return next((grade for grade in self.grades if points >= grade.at_least), None)


@lru_cache(maxsize=4096)
def _score_period(kind: ScorePeriod, day: date, *, by_week: bool) -> Period:
    if by_week:
        day = thursday_of(week_of(day))
    return quarter_of(day) if kind == "quarter" else year_of(day)
