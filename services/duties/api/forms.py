"""What people send, checked field by field."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.duties.domain.attendance import Statement
from shared.events.duties import MeetingKind
from shared.kernel.ids import UUID_PATTERN, MemberId

_EARLIEST = date(1949, 10, 1)
_LARGEST_BRANCH = 1000

Id = Annotated[str, Field(pattern=UUID_PATTERN, description="由客户端生成的 UUID（小写）")]
Day = Annotated[date, Field(ge=_EARLIEST)]
Ids = Annotated[list[Annotated[str, Field(pattern=UUID_PATTERN)]], Field(max_length=_LARGEST_BRANCH)]
Note = Annotated[str, Field(max_length=2000, description="议题、议程等；不进入任何统计")]
_KINDS = "general_meeting 支部党员大会 · committee 支委会 · group 党小组会 · lecture 党课 · theme_day 主题党日"
Kind = Annotated[MeetingKind, Field(description=_KINDS)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class _Attendance(_Form):
    attended: Annotated[Ids | None, Field(description="到会党员；与 absent 只填其一")] = None
    absent: Annotated[Ids | None, Field(description="无故缺席党员（无人缺席填空名单）；其余应到未请假的均视为到会")] = (
        None
    )
    excused: Annotated[Ids, Field(description="请假党员")] = []
    expected: Annotated[Ids | None, Field(description="应到人员：仅支委会、党小组会填写；其他会议由系统计算")] = None

    def said(self) -> Statement:
        """What is said of who came."""
        return Statement(
            attended=_members(self.attended),
            absent=_members(self.absent),
            excused=_members(self.excused) or frozenset(),
            expected=_members(self.expected),
        )


class MeetingForm(_Attendance):
    """会议登记：只需填写请假和缺席人员"""

    id: Id
    branch_id: Annotated[Id, Field(description="召开会议的党支部")]
    kind: Kind
    held_on: Annotated[Day, Field(description="实际召开日期")]
    note: Note = ""


class CorrectionForm(_Attendance):
    """会议更正：按实际情况重新填写；党支部和会议类别有误的请撤回后重新登记"""

    held_on: Annotated[Day, Field(description="实际召开日期")]
    note: Note = ""


class WeakOrganisationForm(_Form):
    """列入软弱涣散整顿"""

    id: Id
    organisation_id: Annotated[Id, Field(description="党支部或党总支")]
    listed_on: Annotated[Day, Field(description="列入日期")]
    ground: Annotated[str, Field(min_length=1, max_length=2000, description="列入原因")]


class AcceptanceForm(_Form):
    """整顿验收"""

    accepted_on: Annotated[Day, Field(description="验收日期")]


def _members(ids: list[str] | None) -> frozenset[MemberId] | None:
    return None if ids is None else frozenset(MemberId(id_) for id_ in ids)
