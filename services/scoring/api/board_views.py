"""What people get to see of boards and curves."""

from datetime import date
from decimal import Decimal
from typing import Self

from pydantic import BaseModel, Field

from services.scoring.domain.curve import CurvePoint
from services.scoring.domain.points import decimal_points
from services.scoring.use_cases.read_board import ScopeBoard
from services.scoring.use_cases.read_curve import SubjectCurve
from shared.events.members import Category
from shared.events.scoring import Standard


class BucketView(BaseModel):
    """一个分数段：从 least 起、不到下一段"""

    least: Decimal
    count: int


class RuleSumView(BaseModel):
    """一条规则在范围内的合计：涉及多少考评对象，共计（扣）多少分"""

    rule_id: str
    title: str
    source: str
    subjects: int
    counted: Decimal


class CategorySumView(BaseModel):
    """一类支部：多少个，平均分（待评的不计）"""

    category: Category | None
    subjects: int
    mean: Decimal | None


class BoardView(BaseModel):
    """看板：范围内得分的分布、待评数、各规则合计；不排名"""

    standard: Standard
    period: str
    organisation_id: str | None
    generation: str
    subjects: int
    awaiting_review: int = Field(description="评议待评")
    awaiting_attainable: int = Field(description="待评")
    vetoed: int = Field(description="有不评定等次情形的")
    mean: Decimal | None
    median: Decimal | None
    buckets: list[BucketView]
    rules: list[RuleSumView] = Field(description="扣分最多的在前")
    categories: list[CategorySumView]

    @classmethod
    def of(cls, found: ScopeBoard, generation: str) -> Self:
        """The board as people see it."""
        told = found.board
        return cls(
            standard=found.standard,
            period=found.period,
            organisation_id=found.organisation_id,
            generation=generation,
            subjects=told.subjects,
            awaiting_review=told.awaiting_review,
            awaiting_attainable=told.awaiting_attainable,
            vetoed=told.vetoed,
            mean=None if told.mean is None else decimal_points(told.mean),
            median=None if told.median is None else decimal_points(told.median),
            buckets=[BucketView(least=decimal_points(each.least), count=each.count) for each in told.buckets],
            rules=[
                RuleSumView(
                    rule_id=each.rule.id,
                    title=each.rule.title,
                    source=each.rule.source.sentence,
                    subjects=each.subjects,
                    counted=decimal_points(each.counted),
                )
                for each in told.rules
            ],
            categories=[
                CategorySumView(
                    category=each.category,
                    subjects=each.subjects,
                    mean=None if each.mean is None else decimal_points(each.mean),
                )
                for each in told.categories
            ],
        )


class CurvePointView(BaseModel):
    """到这一天为止的得分"""

    on: date
    points: Decimal | None
    items: Decimal
    attainable: Decimal | None

    @classmethod
    def of(cls, point: CurvePoint) -> Self:
        """The point as people see it."""
        return cls(
            on=point.on,
            points=None if point.points is None else decimal_points(point.points),
            items=decimal_points(point.items),
            attainable=None if point.attainable is None else decimal_points(point.attainable),
        )


class PeriodCurveView(BaseModel):
    """一个考评周期的走势，每周一点"""

    period: str
    points: list[CurvePointView]


class CurveView(BaseModel):
    """得分走势：按事实计入的日期"""

    standard: Standard
    subject_id: str
    periods: list[PeriodCurveView]

    @classmethod
    def of(cls, found: SubjectCurve) -> Self:
        """The curve as people see it."""
        return cls(
            standard=found.subject.standard,
            subject_id=found.subject.id,
            periods=[
                PeriodCurveView(period=name, points=[CurvePointView.of(point) for point in points])
                for name, points in found.parts
            ],
        )
