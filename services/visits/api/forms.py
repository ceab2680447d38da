"""What people send, checked field by field."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from shared.events.visits import ProblemClass
from shared.kernel.clock import to_milliseconds
from shared.kernel.ids import UUID_PATTERN

_EARLIEST = date(1949, 10, 1)
_EARLIEST_MOMENT = datetime(1949, 10, 1, tzinfo=UTC)

Id = Annotated[str, Field(pattern=UUID_PATTERN, description="由客户端生成的 UUID（小写）")]
Moment = Annotated[AwareDatetime, Field(ge=_EARLIEST_MOMENT), AfterValidator(to_milliseconds)]
"""The store keeps milliseconds; what is compared later must be what was stored."""
Day = Annotated[date, Field(ge=_EARLIEST)]
Text = Annotated[str, Field(max_length=2000)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class VisitForm(_Form):
    """调研走访登记"""

    id: Id
    cadre_id: Annotated[Id, Field(description="走访的联村干部")]
    branch_id: Annotated[Id, Field(description="走访的村党支部")]
    occurred_at: Annotated[Moment, Field(description="实际走访时间，须带时区")]
    household_ref: Annotated[Id | None, Field(description="走访户的匿名编号；不登记群众姓名")] = None
    note: Annotated[Text, Field(description="走访情况，请勿填写群众个人信息")] = ""


class CorrectionForm(_Form):
    """走访更正"""

    occurred_at: Annotated[Moment, Field(description="实际走访时间，须带时区")]
    household_ref: Id | None = None
    note: Text = ""


class ProblemForm(_Form):
    """民情问题登记"""

    id: Id
    branch_id: Id
    cadre_id: Annotated[Id, Field(description="负责办理的联村干部")]
    visit_id: Annotated[Id | None, Field(description="在哪次走访中发现")] = None
    raised_on: Day
    problem_class: Annotated[ProblemClass, Field(description="simple 简易 · ordinary 一般 · complex 复杂")]
    content: Annotated[str, Field(min_length=1, max_length=2000, description="问题内容，请勿填写群众个人信息")]
    household_ref: Id | None = None


class AssignmentForm(_Form):
    """改派"""

    cadre_id: Id


class ResolutionForm(_Form):
    """办结登记"""

    resolved_on: Annotated[Day, Field(description="实际办结日期")]
    measure: Annotated[str, Field(min_length=1, max_length=2000, description="采取的措施")]
    helper_ids: Annotated[
        list[Id],
        Field(
            max_length=10,
            json_schema_extra={"uniqueItems": True},
            description="帮办的党员编号，至多十名，不重复；限本乡镇党员，不填负责办理的干部本人",
        ),
    ] = []


class ConfirmationForm(_Form):
    """回访核实"""

    answer: Annotated[
        Literal["yes", "no", "unreached"], Field(description="群众答复：yes 属实 · no 不属实 · unreached 未联系上")
    ]
    confirmed_on: Annotated[Day, Field(description="回访日期")]
