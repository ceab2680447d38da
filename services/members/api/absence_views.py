"""What people get to see of leaves and exemptions."""

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, Field

from services.members.api.views import Trail, trail_of
from services.members.domain.exemption import Exemption, Ground
from services.members.domain.leave import Leave


class LeaveView(BaseModel):
    """一次请假；withdrawn 为已撤回"""

    id: str
    cadre_id: str
    organisation_id: str
    starts_on: date
    ends_on: date
    reason: Annotated[str | None, Field(description="事由；只向组织委员和党委书记显示，其余为空")]
    withdrawn: bool
    revision: int

    @classmethod
    def of(cls, leave: Leave, *, reasoned: bool) -> Self:
        """The leave as this reader sees it."""
        return cls(
            id=leave.id,
            cadre_id=leave.cadre_id,
            organisation_id=leave.organisation_id,
            starts_on=leave.starts_on,
            ends_on=leave.ends_on,
            reason=leave.reason if reasoned else None,
            withdrawn=leave.withdrawn,
            revision=leave.revision,
        )


class LeaveInFull(LeaveView):
    """一次请假及其办理痕迹"""

    trail: Trail

    @classmethod
    def of(cls, leave: Leave, *, reasoned: bool, traced: bool = False) -> Self:
        """The same with who did what to it, for who may administer it."""
        return cls(**dict(LeaveView.of(leave, reasoned=reasoned)), trail=trail_of(leave.trail, traced=traced))


class ExemptionView(BaseModel):
    """一名党员的免于考勤；ends_on 为空即未定；withdrawn 为已撤回"""

    id: str
    member_id: str
    branch_id: str
    starts_on: date
    ends_on: date | None
    ground: Annotated[
        Ground | None,
        Field(description="age 年满七十 · illness 因病 · mobile 流动党员；只向组织委员、党委书记和本支部书记显示"),
    ]
    withdrawn: bool
    revision: int

    @classmethod
    def of(cls, exemption: Exemption, *, grounded: bool) -> Self:
        """The exemption as this reader sees it."""
        return cls(
            id=exemption.id,
            member_id=exemption.member_id,
            branch_id=exemption.branch_id,
            starts_on=exemption.starts_on,
            ends_on=exemption.ends_on,
            ground=exemption.ground if grounded else None,
            withdrawn=exemption.withdrawn,
            revision=exemption.revision,
        )


class ExemptionInFull(ExemptionView):
    """一名党员的免于考勤及其办理痕迹"""

    trail: Trail

    @classmethod
    def of(cls, exemption: Exemption, *, grounded: bool, traced: bool = False) -> Self:
        """The same with who did what to it, for who may administer it."""
        trail = trail_of(exemption.trail, traced=traced)
        return cls(**dict(ExemptionView.of(exemption, grounded=grounded)), trail=trail)
