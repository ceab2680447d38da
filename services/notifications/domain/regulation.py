"""The regulation library: what is owed, by whom, until when, as data with a source, in versions.

The operators are closed: a regulation may only say what these models can say, and is refused when it is loaded if it
says anything else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Annotated, Literal, Self, assert_never

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from shared.events.base import Event
from shared.events.duties import MeetingKind
from shared.events.members import Category, Post
from shared.kernel.calendar import Period, month_of, quarter_of

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Covering = Literal["every_day", "first_day", "any_day"]
"""Which days of a period a posting must cover for the period to be owed."""
Per = Literal["month", "quarter"]
"""How often branches meet."""
_SHORTEST: dict[Per, int] = {"month": 28, "quarter": 90}
"""Days every period has, whichever it is."""
SourceFrom = Literal["report", "article"]
"""Whose words a source gives: the report's, which a test holds to its text, or an article's; people are shown which."""
_PLATFORM = "xianfeng."
OVERDUE = "overdue"
MISSED = "missed"


class UnusableLibrary(ValueError):
    """The regulations contradict one another: the service refuses to start."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Effective(_Strict):
    """The local days on which a version is in force; `to` is the last of them."""

    first: date = Field(alias="from")
    last: date | None = Field(default=None, alias="to")

    def __contains__(self, day: date) -> bool:
        """Whether the version is in force on the day."""
        return self.first <= day and (self.last is None or day <= self.last)


class WeekdayTime(_Strict):
    """A local time on a day of the week."""

    weekday: Weekday
    at: time

    @property
    def offset(self) -> int:
        """Days after Monday."""
        return weekday_offset(self.weekday)


class WeekdayWarning(WeekdayTime):
    """Warn on this day of the week at this local time; `step` names it in events and messages."""

    step: str = Field(pattern=r"^[a-z][a-z0-9-]*$")


class WorkingDayWarning(_Strict):
    """Warn so many working days before the deadline at this local time."""

    step: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    working_days_before: int = Field(ge=1, le=30)
    at: time


class PeriodDayWarning(_Strict):
    """Warn on the so manieth day of a month or quarter, the first being 1, at this local time."""

    step: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    on_day: int = Field(ge=1, le=90)
    at: time


class OwedBy(_Strict):
    """The holders of a post owe it; one obligation a person and week, however many postings."""

    post: Post
    covering: Covering


class OwedByBranches(_Strict):
    """Branches owe it: all, or those of these categories, with a committee, with groups; one a branch and period."""

    kinds: Annotated[tuple[Literal["branch"], ...], Field(min_length=1)]
    categories: tuple[Category, ...] = ()
    has_committee: Literal[True] | None = None
    has_groups: Literal[True] | None = None


class MeetingCriteria(_Strict):
    """Which meetings count: of this kind, when enough came."""

    kind: MeetingKind
    quorate: Literal[True]


class _Regulation(_Strict):
    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    version: str = Field(pattern=r"^\d{4}\.\d+$")
    title: str = Field(min_length=1)
    source: str = Field(min_length=1)
    source_from: SourceFrom
    effective: Effective
    grace_days: int = Field(ge=0, le=60)

    def refuse_name(self, name: str) -> None:
        """Refuse a file that is not named after what it holds: nobody should edit one version looking for another."""
        if name != f"{self.id}.{self.version}":
            raise UnusableLibrary(f"{name} holds {self.id} {self.version}")


class WeeklyQuota(_Regulation):
    """So many visits between Monday and Sunday (周调研走访1次).

    `satisfied_by` has one value: a visit counts as it stands after all corrections, whatever else is known of it.
    """

    kind: Literal["weekly_quota"]
    owed_by: OwedBy
    quota: int = Field(ge=1, le=7)
    satisfied_by: Literal["visits.visit.logged.v1"]
    opens: WeekdayTime
    due: Weekday
    warn: tuple[WeekdayWarning, ...]
    paused_below_working_days: int = Field(ge=0, le=7)

    @model_validator(mode="after")
    def _steps_are_in_order(self) -> Self:
        _refuse_twice([warning.step for warning in self.warn])
        last = weekday_offset(self.due)
        if self.opens.offset > last or any(warning.offset > last for warning in self.warn):
            raise ValueError("nothing of a week may come after its due day")
        return self


class ProblemDeadline(_Regulation):
    """A problem is to be solved by the day its own fact carries (四有民情服务处理机制).

    Of the facts about a problem those that the regulation names decide, each as it is named; any other says nothing.
    """

    kind: Literal["problem_deadline"]
    opened_by: Literal["visits.problem.raised.v1"]
    satisfied_by: Literal["visits.problem.resolved.v1"]
    taken_back_by: Annotated[
        tuple[Literal["visits.resolution.withdrawn.v1", "visits.problem.reopened.v1"], ...], Field(min_length=1)
    ]
    superseded_by: Literal["visits.problem.assigned.v1"]
    warn: tuple[WorkingDayWarning, ...]

    @property
    def quota(self) -> int:
        """One resolution is enough."""
        return 1

    @model_validator(mode="after")
    def _nothing_is_named_twice(self) -> Self:
        _refuse_twice([warning.step for warning in self.warn])
        _refuse_twice([*self.taken_back_by])
        return self


class PeriodicMeeting(_Regulation):
    """A branch meets once a month or quarter (三会一课、主题党日), by the last day of the period.

    `satisfied_by` has one value: a meeting counts as it stands after all corrections.
    """

    kind: Literal["periodic_meeting"]
    owed_by: OwedByBranches
    per: Per
    satisfied_by: Literal["duties.meeting.held.v1"]
    where: MeetingCriteria
    warn: tuple[PeriodDayWarning | WorkingDayWarning, ...]

    @property
    def quota(self) -> int:
        """One meeting is enough."""
        return 1

    @model_validator(mode="after")
    def _steps_lie_in_every_period(self) -> Self:
        _refuse_twice([warning.step for warning in self.warn])
        for warning in self.warn:
            if isinstance(warning, PeriodDayWarning) and warning.on_day > _SHORTEST[self.per]:
                raise ValueError("not every period has such a day")
        return self

    def period_of(self, day: date) -> Period:
        """The period the day lies in."""
        match self.per:
            case "month":
                return month_of(day)
            case "quarter":
                return quarter_of(day)
            case _:
                assert_never(self.per)

    def after(self, period: Period) -> Period:
        """The period that follows."""
        return self.period_of(period.last + timedelta(days=1))

    def before(self, period: Period) -> Period:
        """The period that went before."""
        return self.period_of(period.first - timedelta(days=1))


AnyRegulation = WeeklyQuota | ProblemDeadline | PeriodicMeeting
_ADAPTER: TypeAdapter[AnyRegulation] = TypeAdapter(Annotated[AnyRegulation, Field(discriminator="kind")])


def read_regulation(document: object) -> AnyRegulation:
    """A regulation from its data; raises pydantic's ValidationError naming each place that cannot be."""
    return _ADAPTER.validate_python(document)


@dataclass(frozen=True, slots=True)
class Library:
    """All versions of all regulations; what is opened under a version is finished under it."""

    regulations: tuple[AnyRegulation, ...]

    def __post_init__(self) -> None:
        """Refuse two versions with one name, or two in force on one day."""
        _refuse_twice([f"{regulation.id} {regulation.version}" for regulation in self.regulations])
        for one in self.regulations:
            for other in self.regulations:
                if one is not other and one.id == other.id and other.effective.first in one.effective:
                    raise UnusableLibrary(f"{one.id}: {one.version} and {other.version} are in force on one day")

    def weekly(self, day: date) -> tuple[WeeklyQuota, ...]:
        """The weekly quotas in force on the day (the Monday of a week)."""
        return tuple(found for found in self._in_force(day) if isinstance(found, WeeklyQuota))

    def problem_deadlines(self, day: date) -> tuple[ProblemDeadline, ...]:
        """The problem deadlines in force on the day (the day a problem was raised)."""
        return tuple(found for found in self._in_force(day) if isinstance(found, ProblemDeadline))

    def meetings_from(self, day: date) -> tuple[tuple[PeriodicMeeting, Period], ...]:
        """The meetings owed in periods that begin on the day, with these; none but on the first of a month."""
        meetings = [found for found in self._in_force(day) if isinstance(found, PeriodicMeeting)]
        begun = ((regulation, regulation.period_of(day)) for regulation in meetings)
        return tuple((regulation, period) for regulation, period in begun if period.first == day)

    def counting(self, kind: MeetingKind) -> tuple[PeriodicMeeting, ...]:
        """Every version that ever asked for meetings of the kind."""
        return tuple(
            found for found in self.regulations if isinstance(found, PeriodicMeeting) and found.where.kind == kind
        )

    def version(self, regulation_id: str, version: str) -> AnyRegulation:
        """The version something was opened under; raises UnusableLibrary when its file is gone."""
        for regulation in self.regulations:
            if (regulation.id, regulation.version) == (regulation_id, version):
                return regulation
        raise UnusableLibrary(f"{regulation_id} {version} was opened under once and must stay in the library")

    def _in_force(self, day: date) -> Iterable[AnyRegulation]:
        return (regulation for regulation in self.regulations if day in regulation.effective)


def word_for(event: type[Event]) -> str:
    """How a regulation names such a fact: by its type, without the platform's name."""
    return event.TYPE.removeprefix(_PLATFORM)


def weekday_offset(weekday: Weekday) -> int:
    """Days after Monday."""
    return _WEEKDAYS.index(weekday)


def _refuse_twice(names: list[str]) -> None:
    twice = {name for name in names if names.count(name) > 1} | ({OVERDUE, MISSED} & set(names))
    if twice:
        raise UnusableLibrary(f"used twice or reserved: {', '.join(sorted(twice))}")
