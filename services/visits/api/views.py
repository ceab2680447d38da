"""What people get to see."""

from datetime import date, datetime
from typing import Self

from pydantic import BaseModel

from services.visits.domain.problem import Problem, State
from services.visits.domain.visit import Visit
from shared.events.base import Entry
from shared.events.visits import ProblemClass


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


class ResolutionView(BaseModel):
    """办结情况"""

    cadre_id: str
    resolved_on: date
    measure: str
    confirmed_on: date | None


class ProblemView(BaseModel):
    """一条民情问题；state：open 办理中 · resolved 待回访核实 · confirmed 已核实"""

    id: str
    branch_id: str
    cadre_id: str
    visit_id: str | None
    raised_on: date
    due_on: date
    problem_class: ProblemClass
    content: str
    household_ref: str | None
    entry: Entry
    state: State
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
            problem_class=problem.problem_class,
            content=problem.content,
            household_ref=problem.household_ref,
            entry=problem.entry,
            state=problem.state,
            resolution=None
            if resolution is None
            else ResolutionView(
                cadre_id=resolution.cadre_id,
                resolved_on=resolution.resolved_on,
                measure=resolution.measure,
                confirmed_on=resolution.confirmed_on,
            ),
            attempts=problem.attempts,
            reopened=problem.reopened,
            revision=problem.revision,
        )
