"""What people get to see of rule books and their drafts."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field

from services.scoring.domain.draft import DraftState, DraftStep, RuleBookDraft
from services.scoring.domain.points import decimal_points
from services.scoring.domain.rule import Rule, Span
from services.scoring.domain.rule_book import Circumstance, Effect, RuleBook
from services.scoring.domain.rule_check import Fault
from services.scoring.use_cases.check_rule_book import Checked
from services.scoring.use_cases.read_rule_books import BookState, LiveBook
from shared.events.members import Category
from shared.events.scoring import Standard
from shared.kernel.trail import TrailEntry

_STATES: dict[DraftState, str] = {
    "drafted": "待改正",
    "checked": "校验通过",
    "consulted": "已征求意见",
    "published": "已发布",
    "withdrawn": "已撤回",
}
_IN_TIME: dict[BookState, str] = {"in_force": "施行中", "coming": "将施行", "ended": "已停止施行"}


class BoundView(BaseModel):
    """封顶：一个周期内最多计（扣）多少分"""

    points: Decimal
    per: Span


class RuleView(BaseModel):
    """一条规则"""

    id: str
    title: str
    source: str = Field(description="依据")
    source_from: Literal["report", "article"] = Field(description="report 报告原句 · article 条款")
    on: list[str] = Field(description="依据的事实")
    points: Decimal = Field(description="分值；按评分计的为 0")
    half_back: bool = Field(description="补办返还一半")
    once: Span | None = Field(description="每个周期只计一次")
    caps: list[BoundView] = Field(description="封顶，由短到长")
    categories: list[Category] = Field(description="只适用于这些类别的支部；空为全部")
    exempt_in: list[str] = Field(description="有这些情形的不计")
    meet: str | None = Field(description="如何做到")

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
            once=rule.once,
            caps=[BoundView(points=decimal_points(cap.points), per=cap.per) for cap in rule.caps],
            categories=list(rule.categories),
            exempt_in=list(rule.exempt_in),
            meet=rule.meet,
        )


class CircumstanceView(BaseModel):
    """存续情形"""

    id: str
    title: str
    source: str
    effect: Effect = Field(description="exempt 免计 · veto 不评定等次 · note 注明")

    @classmethod
    def of(cls, circumstance: Circumstance) -> Self:
        """The circumstance as people see it."""
        source = circumstance.source.sentence
        return cls(id=circumstance.id, title=circumstance.title, source=source, effect=circumstance.effect)


class GradeView(BaseModel):
    """参考等次"""

    title: str
    at_least: Decimal


class RuleBookView(BaseModel):
    """考评细则的一个版本"""

    standard: Standard
    title: str
    version: str
    state: BookState | None = Field(description="in_force 施行中 · coming 将施行 · ended 已停止施行；未发布的为空")
    state_title: str | None
    period: Literal["quarter", "year"]
    effective_from: date
    effective_to: date | None = Field(description="施行的最后一日：下一版施行的前一日")
    base: Decimal
    items_share: int | None = Field(description="扣分项所占百分比")
    review_share: int | None = Field(description="评议所占百分比")
    rules: list[RuleView]
    attainable: list[RuleView]
    circumstances: list[CircumstanceView]
    grades: list[GradeView]
    grades_shown: bool = Field(description="得分旁是否显示参考等次")

    @classmethod
    def of(cls, book: RuleBook, state: BookState | None = None, until: date | None = None) -> Self:
        """The book as people see it."""
        return cls(
            standard=book.standard,
            title=book.title,
            version=book.version,
            state=state,
            state_title=None if state is None else _IN_TIME[state],
            period=book.period,
            effective_from=book.effective.from_,
            effective_to=book.effective.to if until is None else until,
            base=decimal_points(book.base),
            items_share=None if book.shares is None else book.shares.items,
            review_share=None if book.shares is None else book.shares.review,
            rules=[RuleView.of(rule) for rule in book.rules],
            attainable=[RuleView.of(rule) for rule in book.attainable],
            circumstances=[CircumstanceView.of(each) for each in book.circumstances],
            grades=[GradeView(title=each.title, at_least=decimal_points(each.at_least)) for each in book.grades],
            grades_shown=book.grades_shown,
        )


class RuleBooksView(BaseModel):
    """施行中、将施行和已停止施行的考评细则"""

    generation: str = Field(description="测算版本")
    items: list[RuleBookView]

    @classmethod
    def of(cls, generation: str, books: Sequence[LiveBook]) -> Self:
        """The books as people see them."""
        return cls(generation=generation, items=[RuleBookView.of(each.book, each.state, each.until) for each in books])


class FaultView(BaseModel):
    """一条校验意见"""

    place: str = Field(description="在细则中的位置，如 rules.0.on；全文为空")
    line: int | None = Field(description="行号")
    reason: str

    @classmethod
    def of(cls, fault: Fault) -> Self:
        """The fault as people see it."""
        return cls(place=".".join(str(part) for part in fault.place), line=fault.line, reason=fault.reason)


class CheckView(BaseModel):
    """校验结果；没有保存任何内容"""

    ok: bool
    faults: list[FaultView]
    book: RuleBookView | None

    @classmethod
    def of(cls, checked: Checked) -> Self:
        """The answer as people see it."""
        book = None if checked.book is None else RuleBookView.of(checked.book)
        return cls(ok=book is not None, faults=[FaultView.of(fault) for fault in checked.faults], book=book)


class ConsultationView(BaseModel):
    """征求意见情况"""

    from_on: date
    to_on: date
    participants: str
    opinions: str
    changes: str


class PublicationView(BaseModel):
    """发布情况"""

    basis: str = Field(description="发布依据")
    published_on: date
    digest: str = Field(description="细则内容的摘要")


class DraftView(BaseModel):
    """考评细则草稿"""

    id: str
    organisation_id: str = Field(description="发布细则的县级组织")
    state: DraftState = Field(
        description="drafted 待改正 · checked 校验通过 · consulted 已征求意见 · published 已发布 · withdrawn 已撤回"
    )
    state_title: str
    standard: Standard | None = Field(description="文本不合规定时为空，以下三项同")
    title: str | None
    version: str | None
    effective_from: date | None
    faults: list[FaultView] = Field(description="校验意见")
    consultation: ConsultationView | None
    publication: PublicationView | None
    drafted_on: date
    revision: int

    @classmethod
    def of(cls, draft: RuleBookDraft) -> Self:
        """The draft as people see it."""
        return cls(**_shown(draft))


class DraftTrailEntryView(BaseModel):
    """一条办理痕迹：谁在何时做了什么；账号未对应人员时 by_person 为空"""

    revision: int
    what: Annotated[
        DraftStep,
        Field(description="drafted 起草 · rewritten 修改 · consulted 征求意见 · published 发布 · withdrawn 撤回"),
    ]
    by_account: str
    by_person: str | None
    at: datetime

    @classmethod
    def of(cls, entry: TrailEntry) -> Self:
        """The entry as people see it."""
        return cls.model_validate(entry, from_attributes=True)


class DraftInFull(DraftView):
    """考评细则草稿全文、内容及办理痕迹"""

    text: str
    book: RuleBookView | None
    trail: list[DraftTrailEntryView]

    @classmethod
    def of(cls, draft: RuleBookDraft) -> Self:
        """The draft with its text and trail."""
        return cls(
            **_shown(draft),
            text=draft.text,
            book=None if draft.book is None else RuleBookView.of(draft.book),
            trail=[DraftTrailEntryView.of(entry) for entry in draft.trail],
        )


def _shown(draft: RuleBookDraft) -> dict[str, object]:
    book, asked, published = draft.book, draft.consultation, draft.publication
    return {
        "id": draft.id,
        "organisation_id": draft.path.organisation_id,
        "state": draft.state,
        "state_title": _STATES[draft.state],
        "standard": None if book is None else book.standard,
        "title": None if book is None else book.title,
        "version": None if book is None else book.version,
        "effective_from": None if book is None else book.effective.from_,
        "faults": [FaultView.of(fault) for fault in draft.faults],
        "consultation": asked and ConsultationView.model_validate(asked, from_attributes=True),
        "publication": published and PublicationView.model_validate(published, from_attributes=True),
        "drafted_on": draft.drafted_on,
        "revision": draft.revision,
    }
