"""What the use cases need of the world."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from services.notifications.domain.meeting_terms import Meeting
from services.notifications.domain.obligation import Obligation
from services.notifications.domain.problem_case import ProblemCase, ProblemFact
from services.notifications.domain.regulation import Library
from services.notifications.domain.state import State
from services.notifications.domain.township import (
    Agenda,
    CalendarYear,
    HistorySpan,
    Leave,
    Organisation,
    Posting,
    Visit,
)
from shared.events.base import Entry, Event
from shared.events.duties import MeetingKind
from shared.events.members import Post
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import Period
from shared.kernel.clock import Clock
from shared.kernel.ids import (
    BranchId,
    CadreId,
    ObligationId,
    OrganisationId,
    ProblemId,
    SpanId,
    TownshipId,
    VisitId,
)


@dataclass(frozen=True, slots=True)
class Listing:
    """Part of the obligations, the last due first, after a sort key (due day, id), so many.

    Those of `owner` alone; or those below the scopes, of branches themselves alone if `of_branches`, without those of
    `not_of` and without what the branches below `not_below` owe themselves.
    """

    limit: int
    owner: str | None = None
    scopes: frozenset[str] = frozenset()
    of_branches: bool = False
    not_of: str | None = None
    not_below: frozenset[str] = frozenset()
    states: frozenset[State] = frozenset()
    regulation_id: str | None = None
    organisation_id: str | None = None
    noticed: bool = False
    escalated: bool = False
    after: tuple[str, str] | None = None


class Obligations(Protocol):
    """The obligations, and who has read what of them."""

    async def find(self, obligation_id: ObligationId) -> Obligation | None:
        """The obligation, if there is one."""
        ...

    async def save(self, obligation: Obligation, *events: Event) -> None:
        """Store it and what happened to it in one write; raises AlreadyThere or Stale."""
        ...

    async def due(self, until: datetime, limit: int) -> Sequence[tuple[ObligationId, datetime]]:
        """Those whose next step is due by then, with its instant, earliest first."""
        ...

    async def weeks_of(self, cadre_id: CadreId, since: date, until: date = date.max) -> Sequence[ObligationId]:
        """A cadre's weekly obligations due between the days."""
        ...

    async def weeks_below(self, organisation_id: OrganisationId, first: date, last: date) -> Sequence[ObligationId]:
        """Weekly obligations at or below an organisation, due between the days."""
        ...

    async def moved(self, organisation_id: OrganisationId, path: OrganisationPath) -> None:
        """The organisation hangs elsewhere now, and what is owed there with it."""
        ...

    async def list(self, listing: Listing) -> Sequence[Obligation]:
        """Part of the obligations."""
        ...

    async def unread(self, listing: Listing, reader: str) -> int:
        """How many of the listing the reader has news of that he has not read; the limit does not count."""
        ...

    async def read_by(self, reader: str, obligation_ids: Sequence[ObligationId]) -> Mapping[ObligationId, int]:
        """The revision up to which the reader has read each; those never read are left out."""
        ...

    async def mark_read(self, obligation_id: ObligationId, reader: str, revision: int) -> None:
        """The reader has read it as it was in that revision; an earlier one changes nothing."""
        ...


class Directory(Protocol):
    """What this service has learnt from the members service's facts; an older revision changes nothing."""

    async def learn_organisation(self, organisation: Organisation) -> OrganisationPath:
        """Remember it; returns where it hangs, for an older revision changes nothing."""
        ...

    async def place(self, organisation_id: OrganisationId) -> OrganisationPath | None:
        """Where the organisation hangs; None while it is unknown."""
        ...

    async def titles(self, organisation_ids: Sequence[str]) -> Mapping[str, str]:
        """The titles of those that are known."""
        ...

    async def learn_posting(self, posting: Posting) -> Posting | None:
        """Remember a posting as it is now, and say what was remembered before.

        None when nothing was, and when this is no news: who learnt it may have died before he could act on it.
        """
        ...

    async def postings_of(self, cadre_id: CadreId, day: date) -> Sequence[Posting]:
        """All postings of a person, each where its organisation hung when the day began."""
        ...

    async def holders(self, township_id: TownshipId, post: Post) -> Sequence[CadreId]:
        """Whoever holds or held the post at an organisation that hangs or once hung in the township."""
        ...

    async def live_since(self, cadre_id: CadreId) -> date | None:
        """Since when the first of the townships a person is or was posted in works live; None while none does."""
        ...

    async def branches(self, township_id: TownshipId, day: date, entry: Entry) -> Sequence[Organisation]:
        """The branches that hung in the township when the day began, each as it stood then.

        One registered on the day itself stands as it was registered; one registered later is none yet, save for
        history, which is older than the platform: there it stands as it was registered.
        """
        ...

    async def learn_leave(self, leave: Leave) -> Sequence[Leave]:
        """Add a version of a leave; returns all that are known of it, for each may have decided a week."""
        ...

    async def leaves_of(self, cadre_id: CadreId) -> Sequence[Leave]:
        """All leaves of a person that stand."""
        ...

    async def learn_calendar(self, calendar: CalendarYear) -> None:
        """Remember a year's table of an organisation."""
        ...

    async def calendars(self, path: OrganisationPath) -> Sequence[CalendarYear]:
        """All tables of the organisations on the path."""
        ...

    async def learn_go_live(self, township_id: TownshipId, go_live_on: date, revision: int) -> None:
        """Remember since when a township works live."""
        ...

    async def go_live_on(self, township_id: TownshipId) -> date | None:
        """Since when a township works live; None while it does not, or nobody said so yet."""
        ...

    async def learn_span(self, span: HistorySpan, revision: int) -> None:
        """Remember a history span; its judgement is remembered apart."""
        ...

    async def spans_of(self, township_id: TownshipId) -> Sequence[HistorySpan]:
        """All history spans of a township."""
        ...

    async def spans_to_judge(self, until: datetime) -> Sequence[HistorySpan]:
        """Spans closed by then whose judgement is not finished."""
        ...

    async def begin_judging(self, span_id: SpanId) -> None:
        """From now on whoever learns a fact of the span judges it himself."""
        ...

    async def finish_judging(self, span_id: SpanId) -> None:
        """Everything known when judging began is judged."""
        ...


class Acts(Protocol):
    """What this service has learnt from the facts of the visits and the duties service."""

    async def learn_visit(self, visit: Visit) -> bool:
        """Remember a visit as it stands now; returns whether that was news."""
        ...

    async def visit(self, visit_id: VisitId) -> Visit | None:
        """What is known of a visit."""
        ...

    async def visits_in(self, cadre_id: CadreId, week: Period) -> Sequence[Visit]:
        """What is known of a cadre's visits in a week, withdrawn ones included."""
        ...

    async def learn_problem(self, problem_id: ProblemId, branch_id: BranchId, fact: ProblemFact) -> None:
        """Add a fact to what is known of a problem; one that is known already changes nothing."""
        ...

    async def problem(self, problem_id: ProblemId) -> ProblemCase | None:
        """All that is known of a problem."""
        ...

    async def raised_in(self, span: HistorySpan) -> Sequence[ProblemId]:
        """The problems known to be history of the span."""
        ...

    async def learn_meeting(self, meeting: Meeting) -> Sequence[Meeting]:
        """Add a version of a meeting; returns all that are known of it, for each may have decided a period."""
        ...

    async def meetings_in(self, branch_id: BranchId, kind: MeetingKind, period: Period) -> Sequence[Meeting]:
        """A branch's meetings of the kind in a period, each as it stands now, withdrawn ones included."""
        ...


class Agendas(Protocol):
    """Which weeks and months of which township, and which weeks of which cadre alone, are still to be opened."""

    async def ask(self, township_id: TownshipId, open_from: date) -> None:
        """Have the township's weeks from this Monday on looked at (again)."""
        ...

    async def ask_months(self, township_id: TownshipId, open_from: date) -> None:
        """Have the periods of the township's branches from this first of a month on looked at (again)."""
        ...

    async def ask_for(self, cadre_id: CadreId, open_from: date) -> None:
        """Have one cadre's weeks from this Monday up to the present one looked at (again)."""
        ...

    async def due(self, until: date) -> Sequence[Agenda]:
        """Those that go on on or before the day."""
        ...

    async def advance(self, agenda: Agenda, open_from: date) -> None:
        """Go on from this day, unless somebody asked again since the agenda was read; `date.max` ends it."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything a use case may reach."""

    obligations: Obligations
    directory: Directory
    acts: Acts
    agendas: Agendas
    clock: Clock
    library: Library
