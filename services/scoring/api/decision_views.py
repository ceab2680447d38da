"""What people send and get to see of rankings and signed grades."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from services.scoring.api.record_views import RecordTrailView
from services.scoring.api.views import STATES
from services.scoring.domain.points import decimal_points
from services.scoring.domain.ranking import PermitState, RankingPermit
from services.scoring.domain.signed_grade import SignedGrade
from services.scoring.use_cases.read_ranking import RankedSubject, ScopeRanking
from shared.events.members import Category
from shared.events.scoring import ScoreState, Standard

_TRAIL = "办理痕迹"


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class PermitForm(_Form):
    """排名依据登记"""

    basis: Annotated[str, Field(min_length=4, max_length=2000, description="依据的文件名称、文号，以及为什么需要排名")]


class GradeForm(_Form):
    """等次审定"""

    grade: Annotated[str, Field(min_length=1, max_length=50, description="考评细则中的等次名称，或“不评”")]
    reason: Annotated[
        str, Field(max_length=2000, description="与参考等次不同、有不评定等次的情形或更正原等次的，必须写明")
    ] = ""


class PermitView(BaseModel):
    """排名依据：对该组织及其下级有效，直至撤回"""

    id: str
    standard: Standard
    organisation_id: str
    basis: Annotated[str, Field(description="依据的文件和理由")]
    granted_by: Annotated[str, Field(description="登记人")]
    granted_on: date
    state: Annotated[PermitState, Field(description="on 已开启 · off 已关闭")]
    revision: int

    @classmethod
    def of(cls, permit: RankingPermit) -> Self:
        """The permit as people see it beside a list."""
        return cls(**{name: getattr(permit, name) for name in PermitView.model_fields})


class PermitInFullView(PermitView):
    """排名依据及其办理痕迹"""

    trail: Annotated[list[RecordTrailView], Field(description=f"{_TRAIL}：granted 开启 · withdrawn 关闭")]

    @classmethod
    def of(cls, permit: RankingPermit) -> Self:
        """All of the permit."""
        return cls(**dict(PermitView.of(permit)), trail=_trail(permit))


class PlacedView(BaseModel):
    """一个支部的名次和得分；待评的没有名次"""

    place: Annotated[int | None, Field(description="名次：同分并列，其后顺延；待评的为空")]
    subject_id: str
    title: str | None
    category: Category | None
    points: Decimal | None
    state: ScoreState
    state_title: str
    vetoed_by: Annotated[list[str], Field(description="不评定等次的情形")]

    @classmethod
    def of(cls, ranked: RankedSubject) -> Self:
        """The place as people see it."""
        subject, score, state = ranked.found.subject, ranked.found.score, ranked.found.state
        return cls(
            place=ranked.place,
            subject_id=subject.id,
            title=subject.title,
            category=subject.category,
            points=None if score.points is None else decimal_points(score.points),
            state=state,
            state_title=STATES[state],
            vetoed_by=[lasts.circumstance.title for lasts in score.vetoed_by],
        )


class RankingView(BaseModel):
    """支部得分排名：只在登记了依据的范围内提供，依据随名单一并显示"""

    standard: Standard
    period: str
    organisation_id: str
    category: Category | None
    generation: str = Field(description="测算版本")
    permit: PermitView = Field(description="排名依据")
    items: list[PlacedView]

    @classmethod
    def of(cls, found: ScopeRanking, generation: str) -> Self:
        """The list as people see it."""
        return cls(
            standard=found.standard,
            period=found.period,
            organisation_id=found.organisation_id,
            category=found.category,
            generation=generation,
            permit=PermitView.of(found.permit),
            items=[PlacedView.of(each) for each in found.ranked],
        )


class SignedGradeView(BaseModel):
    """审定的等次：由人签字确定，参考等次和得分为审定时所见"""

    id: str
    standard: Standard
    subject_id: str
    period: str
    grade: str
    reference: Annotated[str, Field(description="审定时的参考等次")]
    points: Annotated[Decimal | None, Field(description="审定时的归档得分")]
    reason: str | None
    signed_by: Annotated[str, Field(description="审定人")]
    signed_on: date
    revision: int
    trail: Annotated[list[RecordTrailView], Field(description=f"{_TRAIL}：signed 审定 · corrected 更正")]

    @classmethod
    def of(cls, signed: SignedGrade) -> Self:
        """The grade as people see it."""
        fields: dict[str, Any] = {name: getattr(signed, name) for name in SignedGradeView.model_fields}
        fields["points"] = None if signed.points is None else decimal_points(signed.points)
        return cls(**{**fields, "reason": signed.reason or None, "trail": _trail(signed)})


def _trail(thing: RankingPermit | SignedGrade) -> list[RecordTrailView]:
    return [RecordTrailView.model_validate(entry, from_attributes=True) for entry in thing.trail]
