"""Facts of the scoring service: scores, deeds, review marks, objections, closed periods, published rule books."""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.events.base import Correction, Entry, Event
from shared.events.members import Category

Standard = Literal["branch", "cadre", "member"]
ScoreState = Literal["live", "notice", "sealed"]
DeedKind = Literal["voluntary", "helped", "post", "emergency", "proposal"]


class ScoreChanged(Event):
    """The score of a subject in a period is now this (实时 / 公示 / 归档).

    Told whenever a card says another thing than it told last; the revision numbers the news of a card, whatever build
    they come from. `points` is absent while it cannot be known (评议待评, nothing attainable yet).
    """

    TYPE: ClassVar[str] = "xianfeng.scoring.score.changed.v1"
    KEY: ClassVar[str | None] = "organisation_id"

    standard: Standard
    subject_id: str
    organisation_id: str
    period: str
    generation: str
    book_version: str
    state: ScoreState
    card_digest: str
    points: Decimal | None = None
    items: Decimal
    """Branch: base less deductions; cadre: earned points."""
    attainable: Decimal | None = None
    corrections: Decimal | None = None
    """What corrections of sealed periods (更正记录) added or took off."""
    occurred_on: date


class _Deed(Event):
    deed_id: str
    member_id: str
    branch_id: str
    kind: DeedKind
    occurred_on: date
    """The day the deed was done."""
    entry: Entry = "live"


class DeedReported(_Deed):
    """A member, or the branch for him, put a deed (记实事项) on record. Source: 深入推进党员记实管理和积分考核工作."""

    TYPE: ClassVar[str] = "xianfeng.scoring.deed.reported.v1"


class DeedConfirmed(_Deed):
    """The branch says it is so; it is on public notice until the end of `notice_until`."""

    TYPE: ClassVar[str] = "xianfeng.scoring.deed.confirmed.v1"

    notice_until: date
    notice_provisional: bool = False


class DeedEffective(_Deed):
    """The notice ended without a word against it: it counts for the day it was done."""

    TYPE: ClassVar[str] = "xianfeng.scoring.deed.effective.v1"


class DeedWithdrawn(_Deed):
    """It is taken back or was found not to be so; `corrects` names the effective one, if it was."""

    TYPE: ClassVar[str] = "xianfeng.scoring.deed.withdrawn.v1"

    corrects: tuple[Correction, ...] = ()


class ReviewMarked(Event):
    """The review (评议) of a branch gave this mark for a year; `corrects` names the mark it replaces."""

    TYPE: ClassVar[str] = "xianfeng.scoring.review.marked.v1"

    branch_id: str
    period: str
    mark: Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]
    counts_on: date
    """The last day of the year it is about."""
    occurred_on: date
    corrects: tuple[Correction, ...] = ()


class _Objection(Event):
    KEY: ClassVar[str | None] = "organisation_id"

    objection_id: str
    organisation_id: str
    standard: Standard
    subject_id: str
    period: str
    award_id: str
    occurred_on: date


class ObjectionFiled(_Objection):
    """The subject says an award is wrong (异议); the words stay in this service."""

    TYPE: ClassVar[str] = "xianfeng.scoring.objection.filed.v1"


class ObjectionUpheld(_Objection):
    """The objection was right (成立): the award named counts for nothing from now on."""

    TYPE: ClassVar[str] = "xianfeng.scoring.objection.upheld.v1"

    rule_id: str
    counts_on: date
    """The day the award counted for."""


class ObjectionRejected(_Objection):
    """The objection was answered and the award stands (不成立)."""

    TYPE: ClassVar[str] = "xianfeng.scoring.objection.rejected.v1"


class NoticeOpened(Event):
    """The scores of a township's period are on public notice (公示) until the end of `notice_until`."""

    TYPE: ClassVar[str] = "xianfeng.scoring.notice.opened.v1"
    KEY: ClassVar[str | None] = "organisation_id"

    organisation_id: str
    standard: Standard
    period: str
    notice_until: date
    notice_provisional: bool = False
    occurred_on: date


class PeriodSealed(Event):
    """A subject's score of a period is closed (确认归档) under this version and never changes.

    `entries` are the short names of the ledger entries it is made of (the first 16 hexadecimal digits of each id, in
    order), so that a replay of the topic alone tells what is inside the seal; `digest` is over them and the points.
    `category` is that of a branch when it was sealed: what is learnt later of the period is judged by its rules,
    whatever the branch became. Absent for others, and from older facts.
    """

    TYPE: ClassVar[str] = "xianfeng.scoring.period.sealed.v1"
    KEY: ClassVar[str | None] = "organisation_id"

    organisation_id: str
    standard: Standard
    subject_id: str
    period: str
    book_version: str
    points: Decimal | None = None
    items: Decimal
    attainable: Decimal | None = None
    digest: str
    entries: tuple[str, ...] = ()
    category: Category | None = None
    occurred_on: date


class RuleBookPublished(Event):
    """A version of a standard was published after consultation and is in force from `effective_from` on.

    `book` is the whole book as JSON, so that who replays the topic needs nothing else. Source: 考核评价和激励约束机制.
    """

    TYPE: ClassVar[str] = "xianfeng.scoring.rule_book.published.v1"
    KEY: ClassVar[str | None] = "organisation_id"

    organisation_id: str
    standard: Standard
    version: str
    effective_from: date
    basis: str
    """The document that says so (文号 or title)."""
    digest: str
    book: str
    occurred_on: date
