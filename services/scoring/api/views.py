"""What people get to see."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Self

from pydantic import BaseModel, Field

from services.scoring.domain.passport import PassportLine, State
from services.scoring.domain.rule_book import Rule, RuleBook, Span, decimal_points
from services.scoring.domain.score import Awaiting, RuleLine, Score
from services.scoring.domain.subject import Subject
from services.scoring.use_cases.read_passport import SubjectPassport
from services.scoring.use_cases.read_score import SubjectScore
from shared.events.base import Entry
from shared.events.members import Category
from shared.events.scoring import Standard

_AWAITING: dict[Awaiting, str] = {"review": "评议待评", "attainable": "待评"}
_STATES: dict[State, str] = {"counted": "计分", "reversed": "已冲销", "reversal": "冲销"}


class CapView(BaseModel):
    """封顶：一个周期内最多计（扣）多少分"""

    points: Decimal
    per: Span


class RuleLineView(BaseModel):
    """一条规则的合计：有效记录数、原始分、封顶影响、计入得分"""

    rule_id: str
    title: str
    source: str = Field(description="依据")
    count: int = Field(description="有效的计分记录数")
    points: Decimal = Field(description="封顶之前的分值合计")
    cap: CapView | None
    cap_effect: Decimal = Field(description="封顶影响")
    counted: Decimal = Field(description="封顶之后计入的分值")

    @classmethod
    def of(cls, line: RuleLine) -> Self:
        """The line as people see it."""
        return cls(
            rule_id=line.rule.id,
            title=line.rule.title,
            source=line.rule.source.sentence,
            count=line.count,
            points=decimal_points(line.points),
            cap=cap_view(line.rule),
            cap_effect=decimal_points(line.cap_effect),
            counted=decimal_points(line.counted),
        )


class ScoreView(BaseModel):
    """得分；points 在待评期间为空，awaiting 说明原因"""

    standard: Standard
    standard_title: str
    subject_id: str
    title: str | None = Field(description="支部名称；干部不显示姓名")
    category: Category | None
    period: str
    state: Literal["live"] = Field(description="live 实时")
    book_version: str
    generation: str = Field(description="测算版本")
    points: Decimal | None
    awaiting: str | None
    base: Decimal = Field(description="基础分")
    taken_off: Decimal = Field(description="扣分合计")
    items: Decimal = Field(description="支部：基础分减扣分；干部：实得分")
    attainable: Decimal | None = Field(description="应得分")
    rules: list[RuleLineView] = Field(description="各规则合计")
    attainable_rules: list[RuleLineView] = Field(description="应得分各规则合计")
    quarters: list["ScoreView"]

    @classmethod
    def of(cls, found: SubjectScore, generation: str) -> Self:
        """The score as people see it."""
        return cls._of(found.subject, found.score, generation)

    @classmethod
    def _of(cls, subject: Subject, score: Score, generation: str) -> Self:
        return cls(
            standard=score.key.standard,
            standard_title=score.book.title,
            subject_id=subject.id,
            title=subject.title,
            category=subject.category,
            period=score.key.period,
            state="live",
            book_version=score.book.version,
            generation=generation,
            points=None if score.points is None else decimal_points(score.points),
            awaiting=None if score.awaiting is None else _AWAITING[score.awaiting],
            base=decimal_points(score.book.base),
            taken_off=decimal_points(score.taken_off),
            items=decimal_points(score.items),
            attainable=None if score.attainable is None else decimal_points(score.attainable),
            rules=[RuleLineView.of(line) for line in score.lines],
            attainable_rules=[RuleLineView.of(line) for line in score.attainable_lines],
            quarters=[cls._of(subject, part, generation) for part in score.parts],
        )


class AwardView(BaseModel):
    """一条计分记录；被冲销的记录与冲销它的记录都保留，均不计分"""

    award_id: str
    state: State = Field(description="counted 计分 · reversed 已冲销 · reversal 冲销")
    state_title: str
    reverses: str | None = Field(description="被冲销的计分记录")
    event_id: str = Field(description="依据的事实")
    event_type: str
    aggregate_id: str = Field(description="事实所说的走访、民情问题或应办事项")
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


class PassportView(BaseModel):
    """得分明细：得分及各规则合计，以及它背后的每一条计分记录；按季考评的年度，记录在各季之内"""

    score: ScoreView
    awards: list[AwardView] = Field(description="计分记录，按发生先后")
    attainable: list[AwardView] = Field(description="应得分的来源")
    quarters: list["PassportView"]

    @classmethod
    def of(cls, found: SubjectPassport, generation: str) -> Self:
        """The passport as people see it."""
        passport = found.passport
        return cls(
            score=ScoreView.of(SubjectScore(found.subject, passport.score), generation),
            awards=[AwardView.of(line) for line in passport.awards],
            attainable=[AwardView.of(line) for line in passport.attainable],
            quarters=[cls.of(SubjectPassport(found.subject, part), generation) for part in passport.parts],
        )


class RuleView(BaseModel):
    """一条规则"""

    id: str
    title: str
    source: str
    source_from: Literal["report", "article"] = Field(description="report 报告原句 · article 条款")
    on: list[str] = Field(description="依据的事实")
    points: Decimal
    half_back: bool = Field(description="补办返还一半")
    cap: CapView | None

    @classmethod
    def of(cls, rule: Rule) -> Self:
        """The rule as people see it."""
        return cls(
            id=rule.id,
            title=rule.title,
            source=rule.source.sentence,
            source_from="article" if rule.source.report is None else "report",
            on=list(rule.on),
            points=decimal_points(rule.award.points),
            half_back=rule.half_back is not None,
            cap=cap_view(rule),
        )


class RuleBookView(BaseModel):
    """考评细则的一个版本"""

    standard: Standard
    title: str
    version: str
    period: Literal["quarter", "year"]
    effective_from: date
    effective_to: date | None
    base: Decimal
    items_share: int | None = Field(description="扣分项所占百分比")
    review_share: int | None = Field(description="评议所占百分比")
    rules: list[RuleView]
    attainable: list[RuleView]

    @classmethod
    def of(cls, book: RuleBook) -> Self:
        """The book as people see it."""
        return cls(
            standard=book.standard,
            title=book.title,
            version=book.version,
            period=book.period,
            effective_from=book.effective.from_,
            effective_to=book.effective.to,
            base=decimal_points(book.base),
            items_share=None if book.shares is None else book.shares.items,
            review_share=None if book.shares is None else book.shares.review,
            rules=[RuleView.of(rule) for rule in book.rules],
            attainable=[RuleView.of(rule) for rule in book.attainable],
        )


def cap_view(rule: Rule) -> CapView | None:
    """The rule's cap as people see it."""
    return None if rule.cap is None else CapView(points=decimal_points(rule.cap.points), per=rule.cap.per)
