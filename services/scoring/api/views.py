"""What people get to see of scores."""

from datetime import date
from decimal import Decimal
from typing import Self

from pydantic import BaseModel, Field

from services.scoring.domain.lasting import Lasts
from services.scoring.domain.points import decimal_points
from services.scoring.domain.rule import Rule, Span
from services.scoring.domain.rule_book import Effect
from services.scoring.domain.score import Awaiting, RuleLine, Score
from services.scoring.domain.subject import Subject
from services.scoring.use_cases.reckon_scores import SubjectScore
from shared.events.members import Category
from shared.events.scoring import ScoreState, Standard

_AWAITING: dict[Awaiting, str] = {"review": "评议待评", "attainable": "待评"}
STATES: dict[ScoreState, str] = {"live": "实时", "notice": "公示", "sealed": "归档"}


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
    exempted: int = Field(description="因免考勤等情形不计的记录数")
    points: Decimal = Field(description="封顶之前的分值合计")
    caps: list[CapView] = Field(description="封顶，由短到长")
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
            exempted=line.exempted,
            points=decimal_points(line.points),
            caps=cap_views(line.rule),
            cap_effect=decimal_points(line.cap_effect),
            counted=decimal_points(line.counted),
        )


class LastsView(BaseModel):
    """存续情形：免于考勤、请假、整顿等，自起日至止日"""

    id: str
    title: str
    source: str
    effect: Effect = Field(description="exempt 免计 · veto 不评定等次 · note 注明")
    first_on: date
    last_on: date | None = Field(description="尚未定止日的为空")

    @classmethod
    def of(cls, lasts: Lasts) -> Self:
        """The circumstance as people see it."""
        return cls(
            id=lasts.circumstance.id,
            title=lasts.circumstance.title,
            source=lasts.circumstance.source.sentence,
            effect=lasts.circumstance.effect,
            first_on=lasts.first,
            last_on=None if lasts.last == date.max else lasts.last,
        )


class ScoreView(BaseModel):
    """得分；points 在待评期间为空，awaiting 说明原因"""

    standard: Standard
    standard_title: str
    subject_id: str
    title: str | None = Field(description="支部名称；干部、党员不显示姓名")
    category: Category | None
    period: str
    state: ScoreState = Field(description="live 实时 · notice 公示 · sealed 归档")
    state_title: str
    book_version: str
    generation: str = Field(description="测算版本")
    points: Decimal | None
    awaiting: str | None
    base: Decimal = Field(description="基础分")
    taken_off: Decimal = Field(description="扣分合计")
    items: Decimal = Field(description="支部：基础分减扣分；干部：实得分；党员：基础分加减各项")
    review: Decimal | None = Field(description="评议分")
    attainable: Decimal | None = Field(description="应得分")
    corrections: Decimal = Field(description="更正记录合计：已归档周期应有的变动，记在本周期")
    reference_grade: str | None = Field(description="参考等次，由人签字确定；不显示等次的考评为空")
    vetoed_by: list[str] = Field(description="不评定等次的情形")
    lasting: list[LastsView] = Field(description="本周期内的存续情形")
    rules: list[RuleLineView] = Field(description="各规则合计")
    attainable_rules: list[RuleLineView] = Field(description="应得分各规则合计")
    quarters: list["ScoreView"]

    @classmethod
    def of(cls, found: SubjectScore, generation: str) -> Self:
        """The score as people see it."""
        quarters = [
            cls._of(found.subject, part, state, generation, [])
            for part, state in zip(found.score.parts, found.states, strict=True)
        ]
        return cls._of(found.subject, found.score, found.state, generation, quarters)

    @classmethod
    def _of(cls, subject: Subject, score: Score, state: ScoreState, generation: str, quarters: list[Self]) -> Self:
        grade = score.grade if score.book.grades_shown else None
        return cls(
            standard=score.key.standard,
            standard_title=score.book.title,
            subject_id=subject.id,
            title=subject.title,
            category=subject.category,
            period=score.key.period,
            state=state,
            state_title=STATES[state],
            book_version=score.book.version,
            generation=generation,
            points=None if score.points is None else decimal_points(score.points),
            awaiting=None if score.awaiting is None else _AWAITING[score.awaiting],
            base=decimal_points(score.book.base),
            taken_off=decimal_points(score.taken_off),
            items=decimal_points(score.items),
            review=None if score.review is None else decimal_points(score.review),
            attainable=None if score.attainable is None else decimal_points(score.attainable),
            corrections=decimal_points(score.corrections),
            reference_grade=None if grade is None else grade.title,
            vetoed_by=[lasts.circumstance.title for lasts in score.vetoed_by],
            lasting=[LastsView.of(lasts) for lasts in score.lasting],
            rules=[RuleLineView.of(line) for line in score.lines],
            attainable_rules=[RuleLineView.of(line) for line in score.attainable_lines],
            quarters=list(quarters),
        )


def cap_views(rule: Rule) -> list[CapView]:
    """The rule's bounds as people see them."""
    return [CapView(points=decimal_points(cap.points), per=cap.per) for cap in rule.bounds]
