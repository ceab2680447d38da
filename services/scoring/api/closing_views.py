"""What people get to see of the closing of periods."""

from datetime import date
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field

from services.scoring.api.record_views import RecordTrailView
from services.scoring.domain.closing import Closing, ClosingState
from services.scoring.use_cases.read_closings import ClosingInFull
from shared.events.scoring import Standard


class ClosingView(BaseModel):
    """一个乡镇一个考评周期的公示与归档"""

    id: str
    standard: Annotated[Standard, Field(description="branch 支部 · cadre 联村干部 · member 党员")]
    township_id: str
    period: str
    state: Annotated[ClosingState, Field(description="notice 公示 · sealing 归档中 · sealed 已归档")]
    opened_on: date
    opened_by: Annotated[str, Field(description="开始公示的人")]
    notice_until: Annotated[date, Field(description="公示到该日为止（含当日）")]
    notice_provisional: Annotated[bool, Field(description="公示期为暂算：所在年度的工作日历尚未发布")]
    sealed_by: Annotated[str | None, Field(description="确认归档的人")]
    sealed_on: date | None
    subjects: Annotated[int | None, Field(description="归档的考评对象数；归档完成之前为空")]
    revision: int

    @classmethod
    def of(cls, closing: Closing) -> Self:
        """The closing as people see it."""
        return cls(**_fields(closing))


class ClosingInFullView(ClosingView):
    """公示与归档情况，以及归档之前还缺什么"""

    open_objections: Annotated[int, Field(description="本周期尚未答复的异议数")]
    reviews_awaited: Annotated[int, Field(description="评议待评的党支部数")]
    reviews_awaited_of: Annotated[list[str], Field(description="评议待评的党支部，至多列 10 个")]
    earlier_period_open: Annotated[str | None, Field(description="须先归档的上一个考评周期")]
    sealed_so_far: Annotated[int, Field(description="已归档的考评对象数")]
    trail: Annotated[list[RecordTrailView], Field(description="办理痕迹：opened 开始公示 · confirmed 确认归档")]

    @classmethod
    def of_found(cls, found: ClosingInFull) -> Self:
        """All of the closing as people see it."""
        closing, hindrances = found.closing, found.hindrances
        return cls(
            **_fields(closing),
            open_objections=hindrances.objections,
            reviews_awaited=hindrances.reviews,
            reviews_awaited_of=list(hindrances.reviews_of),
            earlier_period_open=hindrances.earlier,
            sealed_so_far=found.sealed,
            trail=[RecordTrailView.model_validate(entry, from_attributes=True) for entry in closing.trail],
        )


def _fields(closing: Closing) -> dict[str, Any]:
    return {name: getattr(closing, name) for name in ClosingView.model_fields}
