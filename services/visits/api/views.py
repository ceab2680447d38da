"""What people get to see."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field

from services.visits.domain.problem import Problem, State
from services.visits.domain.trail import What
from services.visits.domain.visit import Visit
from shared.events.base import Entry
from shared.events.visits import ProblemClass
from shared.kernel.trail import TrailEntry

_WHAT = (
    "logged 登记走访 · corrected 更正 · withdrawn 撤回 · raised 登记问题 · assigned 改派 · resolved 办结 · "
    "resolution_withdrawn 撤回办结 · confirmed 核实属实 · reopened 答复不属实 · unreached 未联系上"
)


class TrailEntryView(BaseModel):
    """一条办理痕迹：谁在何时做了什么，改动前是什么；账号未对应人员时 by_person 为空"""

    revision: int
    what: Annotated[What, Field(description=_WHAT)]
    by_account: str
    by_person: str | None
    at: datetime
    before: Annotated[dict[str, str | None], Field(description="被改动的内容，按字段；走访情况只记改动过，不留原文")]


Trail = Annotated[
    list[TrailEntryView] | None,
    Field(description="办理痕迹，先后为序；向本人、支部书记、组织委员、党委书记和县委组织部显示，其余为空"),
]


def _trail(entries: Sequence[TrailEntry]) -> list[TrailEntryView] | None:
    """The trail as people see it; every thing has one, so where there is none it is not for this reader."""
    return [TrailEntryView.model_validate(entry, from_attributes=True) for entry in entries] or None


class VisitView(BaseModel):
    """一次调研走访；entry：live 正常 · late 迟报 · history 补录"""

    id: str
    cadre_id: str
    branch_id: str
    occurred_at: datetime
    household_ref: str | None
    note: str
    entry: Entry
    withdrawn: bool
    revision: int

    @classmethod
    def of(cls, visit: Visit) -> Self:
        """The visit as people see it."""
        return cls(
            id=visit.id,
            cadre_id=visit.cadre_id,
            branch_id=visit.branch_id,
            occurred_at=visit.occurred_at,
            household_ref=visit.household_ref,
            note=visit.note,
            entry=visit.entry,
            withdrawn=visit.withdrawn,
            revision=visit.revision,
        )


class VisitInFull(VisitView):
    """一次调研走访及其办理痕迹"""

    trail: Trail

    @classmethod
    def of(cls, visit: Visit) -> Self:
        """The visit with its trail."""
        return cls(**dict(VisitView.of(visit)), trail=_trail(visit.trail))


class ResolutionView(BaseModel):
    """办结情况"""

    cadre_id: str
    resolved_on: date
    measure: str
    helper_ids: Annotated[list[str], Field(description="帮办的党员编号")]
    confirmed_on: date | None
    entry: Entry


class ProblemView(BaseModel):
    """一条民情问题；state：open 办理中 · resolved 待回访核实 · confirmed 已核实"""

    id: str
    branch_id: str
    cadre_id: str
    visit_id: str | None
    raised_on: date
    due_on: date
    due_provisional: Annotated[bool, Field(description="期限为暂算：登记时所在年度的工作日历尚未发布")]
    problem_class: ProblemClass
    content: str
    household_ref: str | None
    entry: Entry
    state: State
    escalated: Annotated[bool, Field(description="群众两次答复不属实，待组织委员或党委书记决定如何办理")]
    resolution: ResolutionView | None
    attempts: int
    reopened: int
    revision: int

    @classmethod
    def of(cls, problem: Problem) -> Self:
        """The problem as people see it."""
        resolution = problem.resolution
        return cls(
            id=problem.id,
            branch_id=problem.branch_id,
            cadre_id=problem.cadre_id,
            visit_id=problem.visit_id,
            raised_on=problem.raised_on,
            due_on=problem.due_on,
            due_provisional=problem.due_provisional,
            problem_class=problem.problem_class,
            content=problem.content,
            household_ref=problem.household_ref,
            entry=problem.entry,
            state=problem.state,
            escalated=problem.escalated,
            resolution=None
            if resolution is None
            else ResolutionView(
                cadre_id=resolution.cadre_id,
                resolved_on=resolution.resolved_on,
                measure=resolution.measure,
                helper_ids=list(resolution.helper_ids),
                confirmed_on=resolution.confirmed_on,
                entry=resolution.entry,
            ),
            attempts=problem.attempts,
            reopened=problem.reopened,
            revision=problem.revision,
        )


class ProblemInFull(ProblemView):
    """一条民情问题及其办理痕迹；已转给他人负责的，提出人看不到痕迹"""

    trail: Trail

    @classmethod
    def of(cls, problem: Problem) -> Self:
        """The problem with its trail, as far as its reader may follow it."""
        return cls(**dict(ProblemView.of(problem)), trail=_trail(problem.trail))
