"""What the service knows of a township: postings, go-live, history spans, free days, visits. Projections, all of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from services.notifications.domain.grounds import Act
from shared.events.base import Entry
from shared.events.members import Category, OrganisationKind, Post
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import Period, WorkingDays, month_of, week_of
from shared.kernel.ids import (
    BranchId,
    CadreId,
    EventId,
    LeaveId,
    OrganisationId,
    PostingId,
    SpanId,
    TownshipId,
    VisitId,
)

_DAYS_A_WEEK = 7
_TOWNSHIP_DEPTH = 1


def township_path(path: OrganisationPath) -> OrganisationPath | None:
    """The township of a place in the tree (county ▸ township ▸ …); None above townships."""
    return OrganisationPath(path.segments[: _TOWNSHIP_DEPTH + 1]) if len(path.segments) > _TOWNSHIP_DEPTH else None


def township_of(path: OrganisationPath) -> TownshipId | None:
    """The id of the township of a place in the tree."""
    found = township_path(path)
    return None if found is None else TownshipId(found.organisation_id)


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation's title, place and structure, and the day since which all of it is so."""

    id: OrganisationId
    kind: OrganisationKind
    title: str
    path: OrganisationPath
    since: date
    revision: int
    category: Category | None = None
    has_committee: bool = False
    has_groups: bool = False


@dataclass(frozen=True, slots=True)
class Posting:
    """A person's post at an organisation, from day to day; the path is that of the organisation."""

    id: PostingId
    cadre_id: CadreId
    organisation_id: OrganisationId
    path: OrganisationPath
    post: Post
    starts_on: date
    ends_on: date | None
    revision: int

    def covers(self, day: date) -> bool:
        """Whether the post is held on the day."""
        return self.starts_on <= day <= self.last_day

    def changed_from(self, before: "Posting | None") -> date | None:
        """The first day that is covered now and was not before, or the reverse; None when there is none."""
        if before is None:
            return self.starts_on
        starts = {self.starts_on, before.starts_on}
        last_days = {self.last_day, before.last_day}
        changed = [min(starts)] if len(starts) > 1 else []
        changed += [min(last_days) + timedelta(days=1)] if len(last_days) > 1 else []
        return min(changed, default=None)

    def covers_more_than(self, before: "Posting | None") -> bool:
        """Whether it may make somebody owe what he did not owe before."""
        return before is None or self.starts_on < before.starts_on or self.last_day > before.last_day

    @property
    def last_day(self) -> date:
        """The last day of the post; the end of time while that is not known."""
        return self.ends_on or date.max


@dataclass(frozen=True, slots=True)
class Leave:
    """One version of a person's leave (请假), from day to day; `stands` is False in the one that withdrew it.

    `organisation_id` granted it, and lets off from what is owed below it alone.
    """

    id: LeaveId
    cadre_id: CadreId
    organisation_id: OrganisationId
    starts_on: date
    ends_on: date
    stands: bool
    revision: int

    def __contains__(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.starts_on <= day <= self.ends_on


def standing_leaves(versions: Iterable[Leave]) -> tuple[Leave, ...]:
    """Of each leave the newest version, unless that withdrew it."""
    newest = {leave.id: leave for leave in sorted(versions, key=lambda leave: leave.revision)}
    return tuple(leave for leave in newest.values() if leave.stands)


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One organisation's table of one year."""

    organisation_id: OrganisationId
    year: int
    table: WorkingDays
    revision: int


def working_days_at(path: OrganisationPath, tables: Iterable[CalendarYear]) -> WorkingDays:
    """The working days that hold at a place: every table of the path, a nearer organisation's entries winning."""
    days = WorkingDays()
    known = [table for table in tables if table.organisation_id in path.segments]
    for table in sorted(known, key=lambda table: (path.segments.index(table.organisation_id), table.year)):
        days = days.overlaid(table.table)
    return days


Pace = Literal["week", "month"]
"""What an agenda goes on by: weeks that cadres owe, or months with which periods of branches begin."""


@dataclass(frozen=True, slots=True)
class Agenda:
    """From which Monday on the weeks of a township, or those of one cadre alone, are still to be opened.

    Of the pace `month`: from which first of a month on the months and quarters of a township's branches.

    A township's never ends. A cadre's is for weeks that his township had opened before he was known to owe them, and
    ends with the present one. `asked` counts the requests to look again, so that one made during a run is not lost
    when the run ends.
    """

    open_from: date
    asked: int
    township_id: TownshipId | None = None
    cadre_id: CadreId | None = None
    pace: Pace = "week"


@dataclass(frozen=True, slots=True)
class HistorySpan:
    """Days of the past whose facts a township enters afterwards (补录).

    `judging` is set before its judgement begins, so that a fact arriving meanwhile is judged by whoever handles it.
    """

    id: SpanId
    township_id: TownshipId
    first: date
    last: date
    closed_at: datetime | None = None
    judging: bool = False

    def weeks(self) -> tuple[Period, ...]:
        """The weeks that lie in the span from Monday to Sunday; a week cut by its edge is not owed."""
        week = first_whole_week(self.first)
        found = []
        while week.last <= self.last:
            found.append(week)
            week = next_week(week)
        return tuple(found)

    def months(self) -> tuple[Period, ...]:
        """The months that lie in the span from the first to the last day."""
        month = first_whole_month(self.first)
        found = []
        while month.last <= self.last:
            found.append(month)
            month = next_month(month)
        return tuple(found)

    def __contains__(self, day: date) -> bool:
        """Whether the day is history of this span."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit as it stands now; `stands` is False once it was withdrawn."""

    id: VisitId
    cadre_id: CadreId
    branch_id: BranchId
    happened_at: datetime
    day: date
    event_id: EventId
    entry: Entry
    stands: bool
    revision: int

    def act(self) -> Act:
        """What it contributes to the week it lies in."""
        return Act(self.happened_at, self.event_id, self.day, self.entry)


def first_whole_week(day: date) -> Period:
    """The first week whose Monday is not before the day."""
    return week_of(day + timedelta(days=-day.weekday() % _DAYS_A_WEEK))


def next_week(week: Period) -> Period:
    """The week after."""
    return week_of(week.first + timedelta(days=_DAYS_A_WEEK))


def first_whole_month(day: date) -> Period:
    """The first month whose first day is not before the day."""
    month = month_of(day)
    return month if month.first == day else next_month(month)


def next_month(month: Period) -> Period:
    """The month after."""
    return month_of(month.last + timedelta(days=1))
