"""What people send, checked field by field."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.members.domain.exemption import Ground
from shared.events.base import YEARS
from shared.events.members import Category, Measure, OrganisationKind, Post, Standing
from shared.kernel.ids import UUID_PATTERN

_EARLIEST = date(1921, 7, 1)
_LATEST = date(YEARS.stop - 1, 12, 31)
_DAYS_A_YEAR = 366

Id = Annotated[str, Field(pattern=UUID_PATTERN, description="由客户端生成的 UUID（小写）")]
Day = Annotated[date, Field(ge=_EARLIEST, le=_LATEST)]
Title = Annotated[str, Field(min_length=1, max_length=100, description="党组织名称")]
Name = Annotated[str, Field(min_length=1, max_length=50, description="姓名，只向本支部书记、组织委员、书记和本人显示")]
Code = Annotated[str, Field(min_length=1, max_length=50, description="上级统一编制的组织代码，县内唯一")]
CategoryOf = Annotated[Category | None, Field(description="党支部类别：village 村 · office 机关 · enterprise 非公")]
Days = Annotated[list[Day], Field(max_length=_DAYS_A_YEAR)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class _Features(_Form):
    title: Title
    parent_id: Annotated[Id | None, Field(description="上级党组织；县委没有上级")] = None
    category: CategoryOf = None
    has_committee: Annotated[bool, Field(description="是否设支委会")] = False
    has_groups: Annotated[bool, Field(description="是否设党小组")] = False
    external_code: Code | None = None


class OrganisationForm(_Features):
    """党组织登记"""

    id: Id
    kind: Annotated[
        OrganisationKind,
        Field(description="county 县委 · township 乡镇党委 · general_branch 党总支 · branch 党支部"),
    ]


class OrganisationChangeForm(_Features):
    """党组织变更；parent_id 改变即调整隶属关系"""


class GoLiveForm(_Form):
    """启用日期"""

    go_live_on: Annotated[Day, Field(description="从这一天起按日常登记计分")]


class HistorySpanForm(_Form):
    """补录时段"""

    id: Id
    from_on: Annotated[Day, Field(description="起始日期")]
    to_on: Annotated[Day, Field(description="截止日期，含当天")]


class MemberForm(_Form):
    """党员编入支部"""

    id: Id
    branch_id: Id
    name: Name
    standing: Annotated[Standing, Field(description="full 正式党员 · probationary 预备党员")]
    joined_on: Annotated[Day, Field(description="编入本支部的日期")]
    person_id: Annotated[Id | None, Field(description="与登录账号对应的人员编号")] = None


class PostingForm(_Form):
    """任职登记"""

    id: Id
    cadre_id: Annotated[Id, Field(description="任职人的人员编号")]
    organisation_id: Id
    post: Annotated[
        Post,
        Field(
            description="village_cadre 联村干部 · first_secretary 第一书记 · branch_secretary 支部书记 · leader 领导"
        ),
    ]
    starts_on: Annotated[Day, Field(description="到任日期，可早于今天")]
    ends_on: Annotated[Day | None, Field(description="离任日期（含当天），未定则不填")] = None
    name: Name | None = None


class PostingEndForm(_Form):
    """离任登记"""

    ends_on: Annotated[Day, Field(description="任职的最后一天")]


class LeaveDaysForm(_Form):
    """请假日期更改"""

    starts_on: Annotated[Day, Field(description="第一天，可早于今天")]
    ends_on: Annotated[Day, Field(description="最后一天（含当天）；一次最多 400 天")]


class LeaveForm(LeaveDaysForm):
    """请假登记"""

    id: Id
    cadre_id: Annotated[Id, Field(description="请假干部的人员编号")]
    organisation_id: Annotated[Id, Field(description="批准请假的党组织：干部在该组织或其下级任职")]
    reason: Annotated[str, Field(max_length=500, description="事由，只保存在本服务，只向组织委员和党委书记显示")] = ""


class ExemptionEndForm(_Form):
    """免于考勤结束日期更改"""

    ends_on: Annotated[Day | None, Field(description="最后一天（含当天），未定则填空")]


class ExemptionForm(_Form):
    """免于考勤登记"""

    id: Id
    member_id: Id
    starts_on: Annotated[Day, Field(description="第一天，可早于今天；由党支部书记登记的最多早 30 天")]
    ends_on: Annotated[Day | None, Field(description="最后一天（含当天），未定则不填")] = None
    ground: Annotated[
        Ground,
        Field(
            description=(
                "age 年满七十 · illness 因病 · mobile 流动党员；只保存在本服务，只向组织委员、党委书记和本支部书记显示"
            )
        ),
    ]


class CalendarForm(_Form):
    """一年的工作日历（整表）"""

    days_off: Annotated[Days, Field(description="休息的日子（周末以外的休息日必填）")]
    working_days: Annotated[Days, Field(description="调休上班的周末")]


class DisposalForm(_Form):
    """不合格党员组织处置登记；只登记已作出的决定"""

    id: Annotated[Id, Field(description="处置案件编号")]
    member_id: Id
    document_number: Annotated[str, Field(min_length=1, max_length=100, description="处置决定文号")]
    decided_on: Annotated[Day, Field(description="处置决定日期")]
    measure: Annotated[Measure, Field(description="rectify 限期改正 · dissuaded 劝退 · expelled 除名")]
