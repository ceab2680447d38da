"""What people get to see."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field

from services.members.domain.disposal import Disposal
from services.members.domain.member import Member
from services.members.domain.organisation import Organisation
from services.members.domain.posting import Posting
from services.members.domain.township import Township
from services.members.domain.trail import Act
from services.members.use_cases.publish_calendar import EffectiveCalendar
from shared.events.members import Category, Measure, OrganisationKind, Post, Standing
from shared.kernel.trail import TrailEntry

_ACTS = (
    "registered 登记 · changed 变更 · moved 调整隶属关系 · go_live_set 设置启用日期 · span_declared 申报补录时段 · "
    "span_closed 结束补录时段 · enrolled 编入支部 · started 登记任职 · ended 终止或离任 · published 发布 · "
    "recorded 登记处置 · granted 批准 · withdrawn 撤回"
)


class TrailEntryView(BaseModel):
    """一条办理痕迹：谁在何时做了什么，形成哪一版；账号未对应人员时 by_person 为空"""

    revision: int
    what: Annotated[Act, Field(description=_ACTS)]
    by_account: str
    by_person: str | None
    at: datetime


Trail = Annotated[
    list[TrailEntryView] | None,
    Field(description="办理痕迹，先后为序；向组织委员、党委书记和县委组织部显示，其余为空"),
]


def trail_of(entries: Sequence[TrailEntry], *, traced: bool) -> list[TrailEntryView] | None:
    """The trail as people see it; nothing for who may not follow it."""
    return [TrailEntryView.model_validate(entry, from_attributes=True) for entry in entries] if traced else None


class OrganisationView(BaseModel):
    """一个党组织；path 为从县委到本组织的各级编号"""

    id: str
    kind: OrganisationKind
    title: str
    parent_id: str | None
    path: list[str]
    category: Category | None
    has_committee: bool
    has_groups: bool
    external_code: str | None
    registered_on: date
    revision: int

    @classmethod
    def of(cls, organisation: Organisation) -> Self:
        """The organisation as people see it."""
        features = organisation.features
        return cls(
            id=organisation.id,
            kind=organisation.kind,
            title=features.title,
            parent_id=organisation.parent_id,
            path=list(organisation.path.segments),
            category=features.category,
            has_committee=features.has_committee,
            has_groups=features.has_groups,
            external_code=features.external_code,
            registered_on=organisation.registered_on,
            revision=organisation.revision,
        )


class OrganisationInFull(OrganisationView):
    """一个党组织及其办理痕迹"""

    trail: Trail

    @classmethod
    def of(cls, organisation: Organisation, *, traced: bool = False) -> Self:
        """The same with who did what to it, for who may administer it."""
        return cls(**dict(OrganisationView.of(organisation)), trail=trail_of(organisation.trail, traced=traced))


class TreeNode(OrganisationView):
    """组织树的一个节点"""

    children: list["TreeNode"] = []

    @classmethod
    def forest(cls, organisations: Sequence[Organisation]) -> "list[TreeNode]":
        """The trees that organisations form, given the outermost first."""
        nodes: dict[str, TreeNode] = {}
        roots: list[TreeNode] = []
        for organisation in organisations:
            node = nodes[organisation.id] = cls.of(organisation)
            above = nodes.get(organisation.parent_id or "")
            (roots if above is None else above.children).append(node)
        return roots


class HistorySpanView(BaseModel):
    """一个补录时段；closed_on 为申报结束之日"""

    id: str
    from_on: date
    to_on: date
    closed_on: date | None


class TownshipView(BaseModel):
    """乡镇的启用日期和补录时段"""

    id: str
    go_live_on: date | None
    history_spans: list[HistorySpanView]
    revision: int
    trail: Trail

    @classmethod
    def of(cls, township: Township, *, traced: bool) -> Self:
        """The township's times as people see them."""
        spans = [
            HistorySpanView(id=span.id, from_on=span.from_on, to_on=span.to_on, closed_on=span.closed_on)
            for span in township.spans
        ]
        return cls(
            id=township.id,
            go_live_on=township.go_live_on,
            history_spans=spans,
            revision=township.revision,
            trail=trail_of(township.trail, traced=traced),
        )


class CalendarView(BaseModel):
    """在该组织生效的一年工作日历；provisional 为暂算（该年度尚未发布日历）；revision 为本组织自己发布的版本"""

    organisation_id: str
    year: int
    days_off: list[date]
    working_days: list[date]
    provisional: bool
    from_organisations: list[str]
    revision: int
    trail: Trail

    @classmethod
    def of(cls, calendar: EffectiveCalendar, *, traced: bool) -> Self:
        """The calendar as people see it."""
        return cls(
            organisation_id=calendar.published.organisation_id,
            year=calendar.published.year,
            days_off=sorted(calendar.days.days_off),
            working_days=sorted(calendar.days.working_days),
            provisional=calendar.provisional,
            from_organisations=list(calendar.from_organisations),
            revision=calendar.published.revision,
            trail=trail_of(calendar.published.trail, traced=traced),
        )


class MemberView(BaseModel):
    """一名党员；无权查看姓名时 name 为空"""

    id: str
    branch_id: str
    name: str | None
    standing: Standing
    joined_on: date
    ended_on: date | None
    person_id: str | None
    revision: int

    @classmethod
    def of(cls, member: Member, *, named: bool) -> Self:
        """The member as this reader sees him."""
        return cls(
            id=member.id,
            branch_id=member.branch_id,
            name=member.name if named else None,
            standing=member.standing,
            joined_on=member.joined_on,
            ended_on=member.ended_on,
            person_id=member.person_id,
            revision=member.revision,
        )


class MemberInFull(MemberView):
    """一名党员及其办理痕迹"""

    trail: Trail

    @classmethod
    def of(cls, member: Member, *, named: bool, traced: bool = False) -> Self:
        """The same with who did what to it, for who may administer it."""
        return cls(**dict(MemberView.of(member, named=named)), trail=trail_of(member.trail, traced=traced))


class PostingView(BaseModel):
    """一段任职；无权查看姓名时 name 为空"""

    id: str
    cadre_id: str
    name: str | None
    organisation_id: str
    post: Post
    starts_on: date
    ends_on: date | None
    revision: int

    @classmethod
    def of(cls, posting: Posting, *, named: bool) -> Self:
        """The posting as this reader sees it."""
        return cls(
            id=posting.id,
            cadre_id=posting.cadre_id,
            name=posting.name if named else None,
            organisation_id=posting.organisation_id,
            post=posting.post,
            starts_on=posting.starts_on,
            ends_on=posting.ends_on,
            revision=posting.revision,
        )


class PostingInFull(PostingView):
    """一段任职及其办理痕迹"""

    trail: Trail

    @classmethod
    def of(cls, posting: Posting, *, named: bool, traced: bool = False) -> Self:
        """The same with who did what to it, for who may administer it."""
        return cls(**dict(PostingView.of(posting, named=named)), trail=trail_of(posting.trail, traced=traced))


class DisposalView(BaseModel):
    """一份处置登记；每次查阅均留痕"""

    id: str
    member_id: str
    document_number: str
    decided_on: date
    measure: Measure
    revision: int

    @classmethod
    def of(cls, disposal: Disposal) -> Self:
        """The disposal as those allowed see it."""
        return cls(
            id=disposal.id,
            member_id=disposal.member_id,
            document_number=disposal.document_number,
            decided_on=disposal.decided_on,
            measure=disposal.measure,
            revision=disposal.revision,
        )


class DisposalInFull(DisposalView):
    """一份处置登记及其办理痕迹"""

    trail: Trail

    @classmethod
    def of(cls, disposal: Disposal, *, traced: bool = False) -> Self:
        """The same with who did what to it, for who may administer it."""
        return cls(**dict(DisposalView.of(disposal)), trail=trail_of(disposal.trail, traced=traced))
