"""What people get to see of the laboratory."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, Field

from services.scoring.domain.comparison import (
    Comparison,
    Mover,
    Part,
    PeriodComparison,
    RuleChange,
    RuleEffect,
    Spread,
)
from services.scoring.domain.points import decimal_points
from services.scoring.domain.trial import Trial, TrialState
from shared.events.scoring import Standard

_STATES: dict[TrialState, str] = {
    "queued": "排队中",
    "running": "测算中",
    "done": "已完成",
    "cancelled": "已取消",
    "failed": "未能完成",
}
_AS_IF = "该细则自 {from_on} 起施行，晚于所测算的周期；以下按自 {as_if} 起施行测算"


class TrialProgressView(BaseModel):
    """测算进度"""

    state: Annotated[
        TrialState,
        Field(description="queued 排队中 · running 测算中 · done 已完成 · cancelled 已取消 · failed 未能完成"),
    ]
    state_title: str
    facts: int = Field(description="已计入的事实数")
    total: int = Field(description="开始时事实总数，含与本细则无关的")

    @classmethod
    def of(cls, trial: Trial) -> Self:
        """How far the trial is."""
        progress = trial.progress
        return cls(state=trial.state, state_title=_STATES[trial.state], facts=progress.facts, total=progress.total)


class TrialView(TrialProgressView):
    """一次细则测算"""

    id: str
    organisation_id: str = Field(description="测算该组织之内的考评对象")
    standard: Standard
    title: str
    version: str
    draft_id: str | None
    first_period: str
    last_period: str
    asked_by: str = Field(description="提交测算的账号")
    asked_at: datetime
    ended_at: datetime | None
    reason: str | None = Field(description="未能完成的原因")
    revision: int

    @classmethod
    def of(cls, trial: Trial) -> Self:
        """The trial as people see it in a list."""
        return cls(**_shown(trial))


class RuleChangeView(BaseModel):
    """一条规则前后计入的分值"""

    rule_id: str
    title: str
    part: Part = Field(description="rule 计分项目 · attainable 应得分")
    before: Decimal
    after: Decimal
    change: Decimal

    @classmethod
    def of(cls, change: RuleChange) -> Self:
        """The change as people see it."""
        return cls(
            rule_id=change.rule_id,
            title=change.title,
            part=change.part,
            before=decimal_points(change.before),
            after=decimal_points(change.after),
            change=decimal_points(change.change),
        )


class MoverView(BaseModel):
    """得分有变化的考评对象；before、after 为空的，是该细则下待评或不在考评范围"""

    subject_id: str
    period: str
    before: Decimal | None
    after: Decimal | None
    change: Decimal | None
    rules: list[RuleChangeView] = Field(description="由哪些规则引起；为空的，由计算方法、适用对象或更正记录引起")

    @classmethod
    def of(cls, mover: Mover) -> Self:
        """The mover as people see it."""
        return cls(
            subject_id=mover.subject_id,
            period=mover.period,
            before=_points(mover.before),
            after=_points(mover.after),
            change=_points(mover.change),
            rules=[RuleChangeView.of(each) for each in mover.rules],
        )


class SpreadView(BaseModel):
    """得分的分布概况"""

    scored: int = Field(description="考评对象数")
    awaiting: int = Field(description="其中待评的")
    mean: Decimal | None = Field(description="平均分")
    median: Decimal | None = Field(description="中位数")

    @classmethod
    def of(cls, spread: Spread) -> Self:
        """The spread as people see it."""
        return cls(
            scored=spread.scored, awaiting=spread.awaiting, mean=_points(spread.mean), median=_points(spread.median)
        )


class BucketView(BaseModel):
    """一个分数段的人（支部）数"""

    at_least: Decimal = Field(description="自该分起，到再高 10 分之前")
    before: int
    after: int


class GradeCountView(BaseModel):
    """达到一个参考等次的人（支部）数"""

    title: str | None = Field(description="参考等次；为空的，未达到任何等次或存续期间不评等次")
    before: int
    after: int


class RuleEffectView(BaseModel):
    """一条规则影响的人（支部）数；一个考评对象可能受几条规则影响"""

    rule_id: str
    title: str
    part: Part = Field(description="rule 计分项目 · attainable 应得分")
    more: int = Field(description="该规则计入分值增加的，仅计得分有变化的")
    less: int = Field(description="该规则计入分值减少的，仅计得分有变化的")

    @classmethod
    def of(cls, effect: RuleEffect) -> Self:
        """The effect as people see it."""
        return cls(rule_id=effect.rule_id, title=effect.title, part=effect.part, more=effect.more, less=effect.less)


class PeriodComparisonView(BaseModel):
    """一个周期的比较；数目是全部考评对象的"""

    period: str
    up: int = Field(description="得分上升的")
    down: int = Field(description="得分下降的")
    unchanged: int = Field(description="不变的")
    unknown: int = Field(description="只有一侧有得分的")
    before: SpreadView
    after: SpreadView
    buckets: list[BucketView]
    grades: list[GradeCountView] = Field(description="细则有参考等次的")
    rules: list[RuleEffectView] = Field(description="引起变化的规则，影响最多的在前")

    @classmethod
    def of(cls, compared: PeriodComparison) -> Self:
        """The period as people see it."""
        return cls(
            period=compared.period,
            up=compared.up,
            down=compared.down,
            unchanged=compared.unchanged,
            unknown=compared.unknown,
            before=SpreadView.of(compared.before),
            after=SpreadView.of(compared.after),
            buckets=[
                BucketView(at_least=decimal_points(each.at_least), before=each.before, after=each.after)
                for each in compared.buckets
            ],
            grades=[GradeCountView(title=each.title, before=each.before, after=each.after) for each in compared.grades],
            rules=[RuleEffectView.of(each) for each in compared.rules],
        )


class ComparisonView(BaseModel):
    """测算结果：现行细则与所测算细则之下的得分比较；已确认归档的周期也按事实重新计算，不含更正记录；不排名"""

    as_if_from: date | None = Field(description="按自该日起施行测算；为空的，按其施行日期")
    note: str | None
    periods: list[PeriodComparisonView]
    moved: int = Field(description="得分有变化的总数")
    movers: list[MoverView] = Field(description="得分有变化的，按变化大小，至多 2000 条")

    @classmethod
    def of(cls, trial: Trial, result: Comparison) -> Self:
        """The result as people see it."""
        as_if = trial.as_if_from
        return cls(
            as_if_from=as_if,
            note=None if as_if is None else _AS_IF.format(from_on=trial.book.effective.from_, as_if=as_if),
            periods=[PeriodComparisonView.of(each) for each in result.periods],
            moved=result.moved,
            movers=[MoverView.of(each) for each in result.movers],
        )


class TrialInFull(TrialView):
    """一次细则测算及其结果"""

    text: str = Field(description="所测算的细则全文")
    result: ComparisonView | None

    @classmethod
    def of(cls, trial: Trial) -> Self:
        """The trial with its text and result."""
        result = None if trial.result is None else ComparisonView.of(trial, trial.result)
        return cls(**_shown(trial), text=trial.text, result=result)


def _shown(trial: Trial) -> dict[str, object]:
    return {
        **TrialProgressView.of(trial).model_dump(),
        "id": trial.id,
        "organisation_id": trial.path.organisation_id,
        "standard": trial.standard,
        "title": trial.book.title,
        "version": trial.book.version,
        "draft_id": trial.draft_id,
        "first_period": trial.first_period,
        "last_period": trial.last_period,
        "asked_by": trial.asked_by,
        "asked_at": trial.asked_at,
        "ended_at": trial.ended_at,
        "reason": trial.reason,
        "revision": trial.revision,
    }


def _points(points: int | None) -> Decimal | None:
    return None if points is None else decimal_points(points)
