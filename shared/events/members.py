"""Facts of the members service: the organisation tree, members, postings, the working-day calendar."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.events.base import YEARS, Correction, Event

OrganisationKind = Literal["county", "township", "general_branch", "branch"]
Category = Literal["village", "office", "enterprise"]
Post = Literal["village_cadre", "first_secretary", "branch_secretary", "leader"]
Standing = Literal["full", "probationary"]
Measure = Literal["rectify", "dissuaded", "expelled"]


class _Organisation(Event):
    KEY: ClassVar[str | None] = "organisation_id"

    organisation_id: str
    kind: OrganisationKind
    title: str
    parent_id: str | None = None
    category: Category | None = None
    has_committee: bool = False
    has_groups: bool = False
    external_code: str | None = None
    occurred_on: date


class OrganisationRegistered(_Organisation):
    """An organisation entered the tree (county ▸ township ▸ general branch ▸ branch); title and structure, no people.

    `category` (村 / 机关 / 非公) decides which rules apply to a branch; `has_committee` and `has_groups` which meetings
    it owes. Source: 规范支部管理.
    """

    TYPE: ClassVar[str] = "xianfeng.members.organisation.registered.v1"


class OrganisationChanged(_Organisation):
    """An organisation's title, category, structure or place in the tree is now this."""

    TYPE: ClassVar[str] = "xianfeng.members.organisation.changed.v1"


class GoLiveSet(Event):
    """From this day on a township works live; facts of earlier days belong to declared history spans."""

    TYPE: ClassVar[str] = "xianfeng.members.go_live.set.v1"
    KEY: ClassVar[str | None] = "township_id"

    township_id: str
    go_live_on: date
    occurred_on: date


class _HistorySpan(Event):
    KEY: ClassVar[str | None] = "township_id"

    township_id: str
    span_id: str
    from_on: date
    to_on: date
    occurred_on: date


class HistorySpanDeclared(_HistorySpan):
    """A township will enter facts of these past days (补录): scored, silent, never noticed."""

    TYPE: ClassVar[str] = "xianfeng.members.history_span.declared.v1"


class HistorySpanClosed(_HistorySpan):
    """The history of these days is complete: its obligations are judged now, once and silently."""

    TYPE: ClassVar[str] = "xianfeng.members.history_span.closed.v1"


class MemberEnrolled(Event):
    """A member belongs to a branch from this day on; `person_id` is whose account reads the own record, if known."""

    TYPE: ClassVar[str] = "xianfeng.members.member.enrolled.v1"

    member_id: str
    branch_id: str
    person_id: str | None = None
    standing: Standing
    occurred_on: date


class MembershipEnded(Event):
    """A membership ended; the open topic never says why. `occurred_on` is its last day: a member still on that day."""

    TYPE: ClassVar[str] = "xianfeng.members.membership.ended.v1"

    member_id: str
    branch_id: str
    occurred_on: date


class MemberDisposed(Event):
    """A disposal took effect: measure, date and case id only; on the restricted topic; it never scores.

    Keyed by the township of its path, so that not even the branch is named. Source: 今年处置了4名党员.
    """

    TYPE: ClassVar[str] = "xianfeng.members.member.disposed.v1"
    KEY: ClassVar[str | None] = None

    case_id: str
    measure: Measure
    occurred_on: date


class _Posting(Event):
    KEY: ClassVar[str | None] = "organisation_id"

    posting_id: str
    cadre_id: str
    organisation_id: str
    post: Post
    starts_on: date
    ends_on: date | None = None
    occurred_on: date


class PostingStarted(_Posting):
    """A person holds a post at an organisation from `starts_on` on (联村干部, 第一书记, …)."""

    TYPE: ClassVar[str] = "xianfeng.members.posting.started.v1"


class PostingEnded(_Posting):
    """The post ended with the day `ends_on`."""

    TYPE: ClassVar[str] = "xianfeng.members.posting.ended.v1"


class _Leave(Event):
    KEY: ClassVar[str | None] = "organisation_id"

    leave_id: str
    cadre_id: str
    organisation_id: str
    """The township (or other organisation) that granted it."""
    starts_on: date
    ends_on: date
    occurred_on: date


class LeaveGranted(_Leave):
    """A cadre is on leave from day to day; quotas pause. The fact never says why."""

    TYPE: ClassVar[str] = "xianfeng.members.leave.granted.v1"


class LeaveChanged(_Leave):
    """The leave is from day to day as said here; `corrects` names what no longer stands."""

    TYPE: ClassVar[str] = "xianfeng.members.leave.changed.v1"

    corrects: tuple[Correction, ...]


class LeaveWithdrawn(_Leave):
    """There is no such leave after all."""

    TYPE: ClassVar[str] = "xianfeng.members.leave.withdrawn.v1"

    corrects: tuple[Correction, ...]


class _Exemption(Event):
    exemption_id: str
    member_id: str
    branch_id: str
    starts_on: date
    ends_on: date | None = None
    occurred_on: date


class ExemptionGranted(_Exemption):
    """A member need not attend meetings from `starts_on` on, to `ends_on` if that is known. The fact never says why.

    Source: 党员记实管理 (age 70, illness and absence as 流动党员 exempt; which of them stays in members).
    """

    TYPE: ClassVar[str] = "xianfeng.members.exemption.granted.v1"


class ExemptionChanged(_Exemption):
    """The exemption lasts from day to day as said here; `corrects` names what no longer stands."""

    TYPE: ClassVar[str] = "xianfeng.members.exemption.changed.v1"

    corrects: tuple[Correction, ...]


class ExemptionWithdrawn(_Exemption):
    """There is no such exemption after all."""

    TYPE: ClassVar[str] = "xianfeng.members.exemption.withdrawn.v1"

    corrects: tuple[Correction, ...]


class CalendarPublished(Event):
    """The working-day table of one year for an organisation and all below it; a nearer organisation's entries win."""

    TYPE: ClassVar[str] = "xianfeng.members.calendar.published.v1"
    KEY: ClassVar[str | None] = "organisation_id"

    organisation_id: str
    year: Annotated[int, Field(ge=YEARS.start, lt=YEARS.stop)]
    days_off: tuple[date, ...] = ()
    working_days: tuple[date, ...] = ()
    occurred_on: date
