"""What people hand in to the laboratory."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.scoring.api.rule_book_forms import Id, RuleText
from shared.kernel.ids import UUID_PATTERN

PeriodText = Annotated[str, Field(min_length=4, max_length=20)]


class TrialForm(BaseModel):
    """细则测算；文本须合规定，施行日期不限，可以早于今日"""

    model_config = ConfigDict(extra="forbid")

    id: Id
    text: Annotated[RuleText | None, Field(description="要测算的细则全文（YAML）；与 draft_id 只填其一")] = None
    draft_id: Annotated[str | None, Field(pattern=UUID_PATTERN, description="要测算的草稿；与 text 只填其一")] = None
    organisation_id: Annotated[
        str | None, Field(pattern=UUID_PATTERN, description="测算哪个组织之内的考评对象；管理范围只有一个组织的可不填")
    ] = None
    first_period: Annotated[PeriodText, Field(description="首个周期：2023（年）或 2023-Q1（季）")]
    last_period: Annotated[PeriodText | None, Field(description="末个周期；不填为只测算首个周期")] = None
