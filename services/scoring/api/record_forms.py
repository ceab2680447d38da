"""What people send about deeds, review marks and objections, checked field by field."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.events.scoring import DeedKind, Standard
from shared.kernel.ids import UUID_PATTERN

_EARLIEST = date(1949, 10, 1)
_RULE_ID = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
_KINDS = "voluntary 志愿服务 · helped 帮扶群众 · post 设岗履职 · emergency 急难险重 · proposal 建议被采纳"

Id = Annotated[str, Field(pattern=UUID_PATTERN, description="由客户端生成的 UUID（小写）")]
Day = Annotated[date, Field(ge=_EARLIEST)]
Words = Annotated[str, Field(min_length=1, max_length=2000)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class DeedForm(_Form):
    """记实事项登记"""

    id: Id
    member_id: Annotated[Id, Field(description="当事党员")]
    kind: Annotated[
        DeedKind,
        Field(description=_KINDS),
    ]
    done_on: Annotated[Day, Field(description="实际办理日期")]
    note: Annotated[Words, Field(description="具体事项，请勿填写群众个人信息；公示时不显示")]


class DeedWithdrawalForm(_Form):
    """记实事项撤回"""

    reason: Annotated[str, Field(max_length=2000, description="撤回理由；撤回他人登记的或已生效的记实事项必须写明")] = (
        ""
    )


class ReviewForm(_Form):
    """评议分录入"""

    mark: Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2, description="评议分，0—100")]
    basis: Annotated[Words, Field(description="评议依据，如会议和文件")]


class ObjectionForm(_Form):
    """异议"""

    id: Id
    standard: Annotated[Standard, Field(description="branch 支部 · cadre 联村干部 · member 党员")]
    subject_id: Id
    period: Annotated[str, Field(max_length=20, description="考评周期：2023（年）或 2023-Q1（季）")]
    award_id: Annotated[Id, Field(description="计分记录编号，见得分明细")]
    rule_id: Annotated[str, Field(pattern=_RULE_ID, max_length=100, description="该计分记录所按的规则")]
    text: Annotated[Words, Field(description="异议内容")]


class AnswerForm(_Form):
    """异议答复"""

    upheld: Annotated[bool, Field(description="true 成立：该计分记录不再计分 · false 不成立")]
    answer: Annotated[Words, Field(description="答复内容")]
