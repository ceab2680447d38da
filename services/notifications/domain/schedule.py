"""When something about an obligation is due to happen: instants computed once, when it is opened.

They are stored with the obligation, so that neither a new version of the regulation nor a later calendar moves the
deadlines of what is already open.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from services.notifications.domain.regulation import (
    MISSED,
    OVERDUE,
    PeriodDayWarning,
    PeriodicMeeting,
    ProblemDeadline,
    WeeklyQuota,
    WorkingDayWarning,
    weekday_offset,
)
from shared.kernel.calendar import Period, WorkingDays
from shared.kernel.clock import at_local_time, local_day, start_of_day

StepKind = Literal["warn", "overdue", "missed"]


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """Something the passing of time does to an obligation that is not done: warn, run over, be missed."""

    at: datetime
    name: str
    kind: StepKind


@dataclass(frozen=True, slots=True)
class Schedule:
    """The steps of one obligation in the order in which they are due."""

    steps: tuple[Step, ...]

    @property
    def missed_on(self) -> date:
        """The first local day after the grace."""
        return next(local_day(step.at) for step in self.steps if step.kind == MISSED)

    def step(self, name: str) -> Step:
        """The step of this name."""
        return next(step for step in self.steps if step.name == name)

    def following(self, fired: tuple[str, ...]) -> Step | None:
        """The next step after the last one that fired; steps that were jumped over stay silent."""
        positions = [position for position, step in enumerate(self.steps) if step.name in fired]
        start = max(positions, default=-1) + 1
        return self.steps[start] if start < len(self.steps) else None


def week_opens_at(regulation: WeeklyQuota, week: Period) -> datetime:
    """When the obligation of a week comes into being."""
    return at_local_time(week.first + timedelta(days=regulation.opens.offset), regulation.opens.at)


def week_due_on(regulation: WeeklyQuota, week: Period) -> date:
    """The last day of the week on which it is in time."""
    return week.first + timedelta(days=weekday_offset(regulation.due))


def week_schedule(regulation: WeeklyQuota, week: Period) -> Schedule:
    """The steps of one week: the warnings, then overdue once the due day has passed, then missed after the grace."""
    warnings = [
        Step(at_local_time(week.first + timedelta(days=warning.offset), warning.at), warning.step, "warn")
        for warning in regulation.warn
    ]
    return _ordered(warnings, week_due_on(regulation, week), regulation.grace_days)


def problem_schedule(
    regulation: ProblemDeadline, due_on: date, opened_at: datetime, working_days: WorkingDays
) -> Schedule:
    """The steps of one problem; a warning that would have come before it was opened is left out."""
    warnings = [
        Step(at_local_time(working_days.before(due_on, warning.working_days_before), warning.at), warning.step, "warn")
        for warning in regulation.warn
    ]
    return _ordered([step for step in warnings if step.at > opened_at], due_on, regulation.grace_days)


def meeting_schedule(regulation: PeriodicMeeting, period: Period, working_days: WorkingDays) -> Schedule:
    """The steps of a branch's month or quarter: its last day is the last in time."""
    warnings = [
        Step(at_local_time(_warned_on(warning, period, working_days), warning.at), warning.step, "warn")
        for warning in regulation.warn
    ]
    opens_at = start_of_day(period.first)
    return _ordered([step for step in warnings if step.at > opens_at], period.last, regulation.grace_days)


def _warned_on(warning: PeriodDayWarning | WorkingDayWarning, period: Period, working_days: WorkingDays) -> date:
    if isinstance(warning, PeriodDayWarning):
        return period.first + timedelta(days=warning.on_day - 1)
    return working_days.before(period.last, warning.working_days_before)


def _ordered(warnings: list[Step], due_on: date, grace_days: int) -> Schedule:
    overdue_on = due_on + timedelta(days=1)
    missed_on = overdue_on + timedelta(days=grace_days)
    last = [Step(start_of_day(overdue_on), OVERDUE, "overdue"), Step(start_of_day(missed_on), MISSED, "missed")]
    return Schedule((*sorted(warnings), *last))
