"""What people get to see."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Self

from pydantic import BaseModel

from services.notifications.domain.history import Line, What
from services.notifications.domain.obligation import Obligation
from services.notifications.domain.regulation import AnyRegulation, Library, SourceFrom
from services.notifications.domain.state import State
from services.notifications.domain.wording import Wording
from services.notifications.use_cases.read_inbox import Inbox
from services.notifications.use_cases.read_obligations import Item
from shared.events.base import Entry
from shared.events.notifications import SubjectKind
from shared.web.pages import Page


class ObligationView(BaseModel):
    """一项应办事项；entry：live 正常 · late 迟报 · history 补录"""

    id: str
    own: bool
    regulation_id: str
    regulation_version: str
    title: str
    subject_kind: SubjectKind
    subject_id: str
    cadre_id: str | None
    branch_id: str | None
    organisation_id: str
    organisation_title: str | None
    period: str
    due_on: date
    state: State
    state_text: str
    text: str
    entry: Entry
    revision: int

    @classmethod
    def of(
        cls, obligation: Obligation, *, own: bool, titles: Mapping[str, str], wording: Wording, library: Library
    ) -> Self:
        """The obligation as people see it."""
        terms = obligation.terms
        return cls(
            id=obligation.id,
            own=own,
            regulation_id=terms.regulation_id,
            regulation_version=terms.regulation_version,
            title=library.version(terms.regulation_id, terms.regulation_version).title,
            subject_kind=terms.subject_kind,
            subject_id=terms.subject_id,
            cadre_id=terms.cadre_id,
            branch_id=terms.branch_id,
            organisation_id=terms.organisation_id,
            organisation_title=titles.get(terms.organisation_id),
            period=terms.period,
            due_on=terms.due_on,
            state=obligation.state,
            state_text=wording.state(obligation),
            text=wording.sentence(obligation),
            entry=terms.entry,
            revision=obligation.revision,
        )


class LineView(BaseModel):
    """一条记录；taken_back_in 为更正它的版本号"""

    what: What
    revision: int
    occurred_at: datetime
    recorded_at: datetime
    step: str | None
    satisfied_by: list[str]
    taken_back_in: int | None

    @classmethod
    def of(cls, line: Line) -> Self:
        """One line of the history."""
        return cls(
            what=line.what,
            revision=line.revision,
            occurred_at=line.occurred_at,
            recorded_at=line.recorded_at,
            step=line.step,
            satisfied_by=list(line.standing.satisfied_by) if line.standing is not None else [],
            taken_back_in=line.taken_back_in,
        )


class WaiverView(BaseModel):
    """免办：reason 为依据；decision 为决定的原因代码，仅对组织委员、党委书记和本人显示；decided_by 为作出决定的人"""

    reason: str
    decision: str | None
    decided_by: str | None
    decided_at: datetime | None


class ObligationDetail(BaseModel):
    """一项应办事项及其经过"""

    obligation: ObligationView
    source: str
    source_from: SourceFrom
    missed_on: date
    next_step: str | None
    next_step_at: datetime | None
    waiver: WaiverView | None
    superseded_by: str | None
    history: list[LineView]

    @classmethod
    def of(cls, view: ObligationView, obligation: Obligation, library: Library, *, with_why: bool) -> Self:
        """The obligation with all that was published about it; why it need not be done is not for everybody."""
        step, waiver, decision = obligation.next_step, obligation.grounds.waiver, obligation.decision
        regulation = library.version(view.regulation_id, view.regulation_version)
        return cls(
            obligation=view,
            source=regulation.source,
            source_from=regulation.source_from,
            missed_on=obligation.schedule.missed_on,
            next_step=None if step is None else step.name,
            next_step_at=None if step is None else step.at,
            waiver=None
            if waiver is None
            else WaiverView(
                reason=waiver,
                decision=decision.reason if decision is not None and with_why else None,
                decided_by=(decision.by_person or decision.by_account) if decision is not None else None,
                decided_at=decision.at if decision is not None else None,
            ),
            superseded_by=obligation.grounds.superseded_by,
            history=[LineView.of(line) for line in obligation.lines],
        )


class InboxEntryView(BaseModel):
    """消息中心的一条：一项应办事项的当前情况；read 表示本人已读到最新情况"""

    obligation: ObligationView
    changed_at: datetime
    read: bool

    @classmethod
    def of(cls, item: Item, inbox: Inbox, *, wording: Wording, library: Library) -> Self:
        """The entry as its reader sees it."""
        part, obligation = item
        return cls(
            obligation=ObligationView.of(
                obligation, own=part != "scope", titles=inbox.found.titles, wording=wording, library=library
            ),
            changed_at=max(line.recorded_at for line in obligation.lines),
            read=inbox.read.get(obligation.id, 0) >= (obligation.noticed or 0),
        )


class InboxPage(Page[InboxEntryView]):
    """消息中心；unread 为全部未读条数"""

    unread: int


class RegulationView(BaseModel):
    """一条应办规定的一个版本"""

    id: str
    version: str
    title: str
    source: str
    source_from: SourceFrom
    effective_from: date
    effective_to: date | None
    grace_days: int
    content: AnyRegulation

    @classmethod
    def of(cls, regulation: AnyRegulation) -> Self:
        """The regulation as it stands in the library."""
        return cls(
            id=regulation.id,
            version=regulation.version,
            title=regulation.title,
            source=regulation.source,
            source_from=regulation.source_from,
            effective_from=regulation.effective.first,
            effective_to=regulation.effective.last,
            grace_days=regulation.grace_days,
            content=regulation,
        )
