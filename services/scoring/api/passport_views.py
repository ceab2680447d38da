"""What people get to see of passports."""

from datetime import date, datetime
from decimal import Decimal
from typing import Self

from pydantic import BaseModel, Field

from services.scoring.api.views import ScoreView
from services.scoring.domain.passport import PassportLine, State
from services.scoring.domain.points import decimal_points
from services.scoring.domain.seal import CorrectionLine, Seal
from services.scoring.domain.shortfall import Shortfall
from services.scoring.use_cases.read_passport import SubjectPassport
from services.scoring.use_cases.reckon_scores import SubjectScore
from shared.events.base import Entry

_STATES: dict[State, str] = {"counted": "计分", "exempt": "免计", "reversed": "已冲销", "reversal": "冲销"}


class AwardView(BaseModel):
    """一条计分记录；被冲销的记录与冲销它的记录都保留，均不计分"""

    award_id: str
    state: State = Field(description="counted 计分 · exempt 免计 · reversed 已冲销 · reversal 冲销")
    state_title: str
    reverses: str | None = Field(description="被冲销的计分记录")
    event_id: str = Field(description="依据的事实")
    event_type: str
    aggregate_id: str = Field(description="事实所说的走访、民情问题、会议、记实事项或应办事项")
    revision: int
    rule_id: str
    rule_title: str
    source: str = Field(description="依据：报告原句或条款")
    book_version: str = Field(description="计分所按的细则版本")
    day: date = Field(description="计入的日期")
    occurred_at: datetime
    recorded_at: datetime
    entry: Entry = Field(description="live 正常 · late 迟报 · history 补录")
    points: Decimal = Field(description="封顶之前的分值")
    cap_effect: Decimal = Field(description="封顶影响")
    counted: Decimal = Field(description="封顶之后计入的分值")
    running_total: Decimal = Field(description="累计：从基础分起，到这一条为止")

    @classmethod
    def of(cls, line: PassportLine) -> Self:
        """The ledger entry as people see it."""
        award = line.award
        return cls(
            award_id=award.id,
            state=line.state,
            state_title=_STATES[line.state],
            reverses=award.award_id if award.takes_back else None,
            event_id=award.event_id,
            event_type=award.event_type,
            aggregate_id=award.source,
            revision=award.revision,
            rule_id=line.rule.id,
            rule_title=line.rule.title,
            source=line.rule.source.sentence,
            book_version=award.book_version,
            day=award.day,
            occurred_at=award.occurred_at,
            recorded_at=award.recorded_at,
            entry=award.entry,
            points=decimal_points(line.points),
            cap_effect=decimal_points(line.cap_effect),
            counted=decimal_points(line.counted),
            running_total=decimal_points(line.running_total),
        )


class ShortfallView(BaseModel):
    """未得分原因：一条没有做到的规则，差多少分，怎样做到"""

    rule_id: str
    title: str
    source: str
    missing: Decimal | None = Field(description="被扣或尚未得到的分值；没有上限的规则为空")
    comes_back: Decimal = Field(description="补办可返还的分值")
    meet: str = Field(description="怎样做到")

    @classmethod
    def of(cls, each: Shortfall) -> Self:
        """The shortfall as people see it."""
        return cls(
            rule_id=each.rule.id,
            title=each.rule.title,
            source=each.rule.source.sentence,
            missing=None if each.missing is None else decimal_points(each.missing),
            comes_back=decimal_points(each.comes_back),
            meet=each.meet,
        )


class CorrectionView(BaseModel):
    """更正记录：归档之后才知道的一条记录，使已归档的周期应变动多少，记入哪个周期"""

    sealed_period: str = Field(description="已归档、本应变动的周期")
    posted_to: str = Field(description="记入的周期")
    points: Decimal
    award_id: str
    event_id: str
    event_type: str
    rule_id: str
    day: date
    recorded_at: datetime

    @classmethod
    def of(cls, line: CorrectionLine) -> Self:
        """The correction as people see it."""
        return cls(
            sealed_period=line.sealed.period,
            posted_to=line.target,
            points=decimal_points(line.points),
            award_id=line.entry.id,
            event_id=line.entry.event_id,
            event_type=line.entry.event_type,
            rule_id=line.entry.rule_id,
            day=line.entry.day,
            recorded_at=line.entry.recorded_at,
        )


class SealView(BaseModel):
    """归档：按哪个版本、由多少条记录构成"""

    sealed_at: datetime
    book_version: str
    digest: str = Field(description="归档内容的摘要")
    entries: int

    @classmethod
    def of(cls, seal: Seal) -> Self:
        """The seal as people see it."""
        return cls(
            sealed_at=seal.sealed_at, book_version=seal.book_version, digest=seal.digest, entries=len(seal.entries)
        )


class PassportView(BaseModel):
    """得分明细：得分及各规则合计，以及它背后的每一条计分记录；按季考评的年度，记录在各季之内"""

    score: ScoreView
    as_of: datetime | None = Field(description="按该时刻所知；空为现在")
    awards: list[AwardView] = Field(description="计分记录，按发生先后")
    attainable: list[AwardView] = Field(description="应得分的来源")
    review: list[AwardView] = Field(description="评议分的来源")
    why_not: list[ShortfallView] = Field(description="未得分原因")
    corrections: list[CorrectionView] = Field(description="更正记录：记入本周期的")
    late: list[CorrectionView] = Field(description="归档之后才知道的记录，更正记在其他周期")
    seal: SealView | None
    quarters: list["PassportView"]

    @classmethod
    def of(cls, found: SubjectPassport, generation: str) -> Self:
        """The passport as people see it."""
        passport = found.passport
        scored = SubjectScore(found.subject, passport.score, found.state, found.states)
        return cls(
            score=ScoreView.of(scored, generation),
            as_of=found.as_of,
            awards=[AwardView.of(line) for line in passport.awards],
            attainable=[AwardView.of(line) for line in passport.attainable],
            review=[AwardView.of(line) for line in passport.review],
            why_not=[ShortfallView.of(each) for each in passport.why_not],
            corrections=[CorrectionView.of(line) for line in passport.corrections],
            late=[CorrectionView.of(line) for line in passport.late],
            seal=None if passport.seal is None else SealView.of(passport.seal),
            quarters=[
                cls.of(SubjectPassport(found.subject, part, state, found.as_of), generation)
                for part, state in zip(passport.parts, found.states, strict=True)
            ],
        )
