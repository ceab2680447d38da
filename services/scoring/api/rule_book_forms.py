"""What people hand in on a rule book's way to publication."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.kernel.ids import UUID_PATTERN

_EARLIEST = date(1949, 10, 1)
_LONGEST = 40_000
"""Characters: ten times the longest standard shipped, and read in a fraction of a second."""

Id = Annotated[str, Field(pattern=UUID_PATTERN, description="由客户端生成的 UUID（小写）")]
Day = Annotated[date, Field(ge=_EARLIEST)]
RuleText = Annotated[str, Field(min_length=1, max_length=_LONGEST, description="考评细则全文（YAML）")]
Account = Annotated[str, Field(min_length=1, max_length=5000, description="概述即可，请勿填写个人信息")]


class _Form(BaseModel):
    """Texts are taken as they are: a stripped line would move all faults by one."""

    model_config = ConfigDict(extra="forbid")


class RuleTextForm(_Form):
    """考评细则文本"""

    text: RuleText


class DraftForm(_Form):
    """起草考评细则；可以先存未改好的文本，校验意见随草稿显示"""

    id: Id
    organisation_id: Annotated[str, Field(pattern=UUID_PATTERN, description="发布细则的县级组织")]
    text: RuleText


class ConsultationForm(_Form):
    """征求意见情况"""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    from_on: Annotated[Day, Field(description="征求意见开始日期")]
    to_on: Annotated[Day, Field(description="征求意见截止日期，须已到期")]
    participants: Annotated[Account, Field(description="征求了谁的意见：范围和人数，请勿填写姓名")]
    opinions: Annotated[Account, Field(description="意见概述；没有意见的写“无”")]
    changes: Annotated[Account, Field(description="采纳和修改情况；没有修改的写“无”")]


class PublicationForm(_Form):
    """发布"""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    basis: Annotated[str, Field(min_length=2, max_length=100, description="发布依据：文号或文件名")]
