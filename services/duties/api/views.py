"""What people get to see."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field

from services.duties.domain.meeting import Meeting
from services.duties.domain.trail import What
from services.duties.domain.weak_organisation import WeakOrganisation
from services.duties.use_cases.read_meetings import ReadMeeting
from services.duties.use_cases.read_roll import Expected
from shared.events.base import Entry
from shared.events.duties import MeetingKind
from shared.kernel.trail import TrailEntry

_WHAT = "held 登记会议 · corrected 更正 · withdrawn 撤回 · listed 列入整顿 · accepted 验收"


class TrailEntryView(BaseModel):
    """一条办理痕迹：谁在何时做了什么，改动前是什么；账号未对应人员时 by_person 为空"""

    revision: int
    what: Annotated[What, Field(description=_WHAT)]
    by_account: str
    by_person: str | None
    at: datetime
    before: Annotated[dict[str, str | None], Field(description="被改动的内容，按字段；备注只记改动过，不留原文")]


def _trail(entries: Sequence[TrailEntry]) -> list[TrailEntryView]:
    return [TrailEntryView.model_validate(entry, from_attributes=True) for entry in entries]


class MeetingView(BaseModel):
    """一次会议（人数）；entry：live 正常 · late 迟报 · history 补录"""

    id: str
    branch_id: str
    kind: MeetingKind
    held_on: date
    expected: Annotated[int, Field(description="应到人数，不含当日免于参会的")]
    attended: Annotated[int, Field(description="到会人数")]
    excused: Annotated[int, Field(description="请假人数")]
    absent: Annotated[int, Field(description="无故缺席人数")]
    quorum_needed: Annotated[int, Field(description="会议有效所需到会人数（党员大会按有表决权的党员计）")]
    quorum_present: Annotated[int, Field(description="计入有效人数的到会人数")]
    quorate: Annotated[bool, Field(description="到会人数是否达到规定；未达到的，不计为已召开")]
    entry: Entry
    withdrawn: bool
    revision: int

    @classmethod
    def of(cls, meeting: Meeting) -> Self:
        """The meeting in figures."""
        attendance = meeting.attendance
        return cls(
            id=meeting.id,
            branch_id=meeting.branch_id,
            kind=meeting.kind,
            held_on=meeting.held_on,
            expected=len(attendance.expected),
            attended=len(attendance.attended),
            excused=len(attendance.excused),
            absent=len(attendance.absent),
            quorum_needed=attendance.needed,
            quorum_present=attendance.present,
            quorate=attendance.quorate,
            entry=meeting.entry,
            withdrawn=meeting.withdrawn,
            revision=meeting.revision,
        )


class PeopleView(BaseModel):
    """会议人员名单（党员编号）"""

    expected: list[str]
    attended: list[str]
    excused: list[str]
    absent: list[str]


class MeetingInFull(MeetingView):
    """一次会议及其人员名单、备注、办理痕迹；这三项只向本支部书记、组织委员和党委书记显示，其余为空"""

    people: PeopleView | None
    note: str | None
    trail: list[TrailEntryView] | None

    @classmethod
    def read(cls, found: ReadMeeting) -> Self:
        """The meeting as far as its reader may see it."""
        meeting = found.meeting
        attendance = meeting.attendance
        people = PeopleView(
            expected=list(attendance.expected),
            attended=list(attendance.attended),
            excused=list(attendance.excused),
            absent=list(attendance.absent),
        )
        return cls(
            **dict(MeetingView.of(meeting)),
            people=people if found.with_people else None,
            note=meeting.note if found.with_people else None,
            trail=_trail(meeting.trail) if found.with_people else None,
        )


class RollView(BaseModel):
    """应到名册：登记会议前先看谁应到、谁当日免于参会"""

    branch_id: str
    kind: MeetingKind
    held_on: date
    expected: Annotated[list[str], Field(description="应到党员；支委会、党小组会为可选人员，由登记人从中列出应到人员")]
    exempt: Annotated[list[str], Field(description="当日免于参会的党员：可以到会，不计应到、不计缺席")]
    quorum_needed: Annotated[
        int | None, Field(description="会议有效所需到会人数；支委会、党小组会按登记的应到人员计算，此处为空")
    ]

    @classmethod
    def of(cls, branch_id: str, kind: MeetingKind, found: Expected) -> Self:
        """The roll as people see it."""
        return cls(
            branch_id=branch_id,
            kind=kind,
            held_on=found.held_on,
            expected=sorted(found.roll.expected),
            exempt=sorted(found.roll.exempt),
            quorum_needed=found.needed,
        )


class WeakOrganisationView(BaseModel):
    """一条软弱涣散整顿记录；未撤回且 accepted_on 为空即整顿中"""

    id: str
    organisation_id: str
    listed_on: date
    accepted_on: date | None
    withdrawn: bool
    ground: str
    revision: int

    @classmethod
    def of(cls, weak: WeakOrganisation) -> Self:
        """The listing as people see it."""
        return cls(
            id=weak.id,
            organisation_id=weak.organisation_id,
            listed_on=weak.listed_on,
            accepted_on=weak.accepted_on,
            withdrawn=weak.withdrawn,
            ground=weak.ground,
            revision=weak.revision,
        )


class WeakOrganisationInFull(WeakOrganisationView):
    """一条软弱涣散整顿记录及其办理痕迹"""

    trail: list[TrailEntryView]

    @classmethod
    def of(cls, weak: WeakOrganisation) -> Self:
        """The listing with its trail."""
        return cls(**dict(WeakOrganisationView.of(weak)), trail=_trail(weak.trail))
