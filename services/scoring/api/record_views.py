"""What people get to see of deeds, review marks and objections."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, Field

from services.scoring.domain.deed import Deed, DeedState
from services.scoring.domain.objection import Objection, ObjectionState
from services.scoring.domain.review import Review
from shared.events.base import Entry
from shared.events.scoring import DeedKind, Standard
from shared.kernel.trail import TrailEntry

_DEED_STATES = "reported 待确认 · confirmed 公示中 · effective 已生效 · withdrawn 已撤回 · refused 支部撤回"
_KINDS = "voluntary 志愿服务 · helped 帮扶群众 · post 设岗履职 · emergency 急难险重 · proposal 建议被采纳"
_WHAT = (
    "reported 登记 · confirmed 确认 · withdrawn 撤回 · refused 支部撤回 · marked 录入评议分 · "
    "filed 提出异议 · upheld 成立 · rejected 不成立"
)


class RecordTrailView(BaseModel):
    """一条办理痕迹：谁在何时做了什么；账号未对应人员时 by_person 为空"""

    revision: int
    what: Annotated[str, Field(description=_WHAT)]
    by_account: str
    by_person: str | None
    at: datetime
    before: Annotated[dict[str, str | None], Field(description="被改动的内容，按字段")]


Trail = Annotated[list[RecordTrailView] | None, Field(description="办理痕迹，先后为序；公示期内向本支部其他党员不显示")]


def _trail(entries: Sequence[TrailEntry]) -> list[RecordTrailView] | None:
    """The trail as people see it; every record has one, so where there is none it is not for this reader."""
    return [RecordTrailView.model_validate(entry, from_attributes=True) for entry in entries] or None


class DeedView(BaseModel):
    """一件记实事项；公示期内向本支部其他党员只显示党员、类别和日期"""

    id: str
    member_id: str
    branch_id: str
    kind: Annotated[DeedKind, Field(description=_KINDS)]
    done_on: date
    entry: Annotated[Entry, Field(description="live 正常 · late 迟报 · history 补录")]
    state: Annotated[DeedState, Field(description=_DEED_STATES)]
    notice_until: Annotated[date | None, Field(description="公示到该日为止（含当日）；未确认的为空")]
    notice_provisional: Annotated[bool, Field(description="公示期为暂算：所在年度的工作日历尚未发布")]
    note: Annotated[str | None, Field(description="具体事项；公示名单不显示")]
    reason: Annotated[str | None, Field(description="撤回理由")]
    revision: int

    @classmethod
    def of(cls, deed: Deed) -> Self:
        """The deed as people see it."""
        return cls(
            id=deed.id,
            member_id=deed.member_id,
            branch_id=deed.branch_id,
            kind=deed.kind,
            done_on=deed.done_on,
            entry=deed.entry,
            state=deed.state,
            notice_until=None if deed.notice is None else deed.notice.until,
            notice_provisional=deed.notice is not None and deed.notice.provisional,
            note=deed.note or None,
            reason=deed.reason or None,
            revision=deed.revision,
        )


class DeedInFull(DeedView):
    """一件记实事项及其办理痕迹"""

    trail: Trail

    @classmethod
    def of(cls, deed: Deed) -> Self:
        """The deed with its trail, as far as its reader may follow it."""
        return cls(**dict(DeedView.of(deed)), trail=_trail(deed.trail))


class ReviewView(BaseModel):
    """一个支部一个年度的评议分"""

    id: str
    branch_id: str
    year: int
    mark: Decimal
    basis: Annotated[str, Field(description="评议依据")]
    counts_on: Annotated[date, Field(description="计入的日期：该年度最后一天")]
    revision: int
    trail: Trail

    @classmethod
    def of(cls, review: Review) -> Self:
        """The mark as people see it."""
        return cls(
            id=review.id,
            branch_id=review.branch_id,
            year=review.year,
            mark=review.mark,
            basis=review.basis,
            counts_on=review.counts_on,
            revision=review.revision,
            trail=_trail(review.trail),
        )


class ObjectionView(BaseModel):
    """一件异议；成立的，所指计分记录不再计分"""

    id: str
    standard: Standard
    subject_id: str
    organisation_id: Annotated[str, Field(description="支部；联村干部为所在乡镇")]
    period: str
    award_id: str
    rule_id: str
    counts_on: Annotated[date, Field(description="该计分记录计入的日期")]
    text: str
    filed_by: Annotated[str, Field(description="提出人")]
    filed_on: date
    state: Annotated[ObjectionState, Field(description="filed 办理中 · upheld 成立 · rejected 不成立")]
    answer: Annotated[str | None, Field(description="答复")]
    answered_on: date | None
    revision: int

    @classmethod
    def of(cls, objection: Objection) -> Self:
        """The objection as people see it."""
        return cls(
            id=objection.id,
            standard=objection.standard,
            subject_id=objection.subject_id,
            organisation_id=objection.organisation_id,
            period=objection.period,
            award_id=objection.award_id,
            rule_id=objection.rule_id,
            counts_on=objection.counts_on,
            text=objection.text,
            filed_by=objection.filed_by,
            filed_on=objection.filed_on,
            state=objection.state,
            answer=objection.answer or None,
            answered_on=objection.answered_on,
            revision=objection.revision,
        )


class ObjectionInFull(ObjectionView):
    """一件异议及其办理痕迹"""

    trail: Trail

    @classmethod
    def of(cls, objection: Objection) -> Self:
        """The objection with its trail."""
        return cls(**dict(ObjectionView.of(objection)), trail=_trail(objection.trail))
