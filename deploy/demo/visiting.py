"""What the cadres did: a quarter of history, then eight weeks day by day; not all of it in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from deploy.demo.absences import ON_LEAVE, leaves
from deploy.demo.accounts import BRANCH_SECRETARY, CADRE, NEIGHBOUR_ORGANISER, ORGANISER, SECRETARY
from deploy.demo.calendars import FREE_WEEK
from deploy.demo.chance import between, one_of, share
from deploy.demo.diary import Diary, Hands, Problem, Visit, Wave
from deploy.demo.townships import CADRES, HOUSEHOLDS, cadre_branches, cadre_id, demo_id, neighbouring_posting
from shared.events.visits import ProblemClass
from shared.kernel.calendar import Period, WorkingDays, week_of
from shared.kernel.clock import at_local_time, local_day

WEEKS = 8
MISSED = frozenset({(5, 2), (5, 5), (9, 4), (13, 6), (17, 7), (18, 7)})
"""(cadre, week) without any visit; the last two are still inside the grace when the demo ends."""
SYNCED_LATE = (11, 1)
"""Happened in its week, reached the platform two weeks later."""
WITHDRAWN = (7, 5)
"""Logged by mistake and taken back: that week counts as missed."""
VISITS_IN_THE_FREE_WEEK = frozenset({2})
RESOLUTION_WITHDRAWN, ANSWERED_NO, UNREACHED = (3, 2), (4, 2), (6, 2)
"""(cadre, week) whose first problem goes another way than most."""

# domain.md section 6: simple 3, ordinary 5, complex 15 working days.
LIMITS: dict[ProblemClass, int] = {"simple": 3, "ordinary": 5, "complex": 15}
_CLASSES: tuple[ProblemClass, ...] = ("simple",) * 5 + ("ordinary",) * 4 + ("complex",)
_PROBLEMS_A_VISIT = (3, 3, 3, 3, 3, 3, 2, 2, 4, 1)
_PROBLEMS_A_PAST_VISIT = (0, 0, 0, 0, 0, 1, 1, 1, 1, 2)
_PAST_MISSES = 0.06
_LATE, _VERY_LATE, _NEVER = 0.03, 0.045, 0.065
_PAST_GRACE_DAYS = 9
_DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Season:
    """The days that count, and the day on which the telling ends."""

    calendar: WorkingDays
    last_day: date

    def working_days(self, week: Period) -> list[date]:
        """The working days of a week."""
        days = [week.first + timedelta(days=offset) for offset in range(_DAYS_A_WEEK)]
        return [day for day in days if self.calendar.is_working_day(day)]


def past_quarter(diary: Diary, entered_on: date, span: Sequence[date], calendar: WorkingDays) -> None:
    """Enter the visits and problems of the history span, all on one day, all solved inside the span."""
    first, last = span
    season = Season(calendar, last)
    places = cadre_branches()
    week = week_of(first + timedelta(days=-first.weekday() % _DAYS_A_WEEK))
    while week.last <= last:
        for number in range(CADRES):
            # Number 0 held the place that number 20 took over after the span.
            name = ("past", number, week.name)
            days = season.working_days(week)
            if not days or share("past miss", *name) < _PAST_MISSES:
                continue
            visit = _visit(name, cadre_id(number), places[number - 1].id, one_of(days, "day", *name))
            hands = _desks(number)
            diary.note(entered_on, Wave.VISITS, visit.logged(hands.enters))
            for problem in _problems(visit, hands, _PROBLEMS_A_PAST_VISIT):
                resolved_on = min(_in_time(problem, calendar), last)
                diary.note(entered_on, Wave.PROBLEMS, problem.raised())
                diary.note(entered_on, Wave.RESOLUTIONS, problem.resolved(resolved_on))
                diary.note(entered_on, Wave.ANSWERS, problem.answered(min(calendar.after(resolved_on, 1), last)))
        week = week_of(week.last + timedelta(days=1))


def eight_weeks(diary: Diary, first_monday: date, calendar: WorkingDays) -> None:
    """Enter what was lived, each thing on the day it happened."""
    season = Season(calendar, last_day_of(first_monday))
    for granted_on, leave in leaves(first_monday):
        diary.note(granted_on, Wave.LEAVES, leave)
    for number in range(WEEKS):
        week = week_of(first_monday + timedelta(weeks=number))
        for cadre in range(1, CADRES + 1):
            _cadres_week(diary, cadre, number, week, season)
        _neighbours_week(diary, week, number, season)


def last_day_of(first_monday: date) -> date:
    """The Sunday on which the eight weeks end."""
    return first_monday + timedelta(weeks=WEEKS, days=-1)


def _cadres_week(diary: Diary, cadre: int, number: int, week: Period, season: Season) -> None:
    this = (cadre, number)
    days = season.working_days(week)
    if number == FREE_WEEK:
        days = [week.first + timedelta(days=1)] if cadre in VISITS_IN_THE_FREE_WEEK else []
    if not days or this in MISSED or this in ON_LEAVE:
        return
    hands = Hands(CADRE, BRANCH_SECRETARY) if cadre == 1 else _desks(cadre)
    name = ("lived", *this)
    day = one_of(days, "day", *name)
    visit = _visit(name, cadre_id(cadre), cadre_branches()[cadre - 1].id, day)
    if this == SYNCED_LATE:
        diary.note(week.first + timedelta(days=15), Wave.VISITS, visit.logged(hands.enters))
        return
    diary.note(day, Wave.VISITS, visit.logged(hands.enters))
    if this == WITHDRAWN:
        diary.note(day + timedelta(days=1), Wave.SECOND_THOUGHTS, visit.withdrawn(hands.enters))
        return
    for problem in _problems(visit, hands, _PROBLEMS_A_VISIT):
        diary.note(day, Wave.PROBLEMS, problem.raised())
        _live_through(diary, problem, this, season)


def _live_through(diary: Diary, problem: Problem, this: tuple[int, int], season: Season) -> None:
    """What became of a problem, as far as the eight weeks reach."""
    calendar, last_day = season.calendar, season.last_day
    first = problem.number == 0
    special = first and this in {RESOLUTION_WITHDRAWN, ANSWERED_NO, UNREACHED}
    resolved_on = _in_time(problem, calendar) if special else _fate(problem, calendar)
    if resolved_on is None or resolved_on > last_day:
        return
    diary.note(resolved_on, Wave.RESOLUTIONS, problem.resolved(resolved_on))
    asked_on = calendar.after(resolved_on, between(1, 2, "asked", problem.id))
    if asked_on > last_day:
        return
    if special and this == ANSWERED_NO:
        diary.note(asked_on, Wave.ANSWERS, problem.answered(asked_on, "no"))
        resolved_on = calendar.after(asked_on, 1)
        diary.note(resolved_on, Wave.RESOLUTIONS, problem.resolved(resolved_on))
        asked_on = calendar.after(resolved_on, 1)
    if special and this == UNREACHED:
        diary.note(asked_on, Wave.ANSWERS, problem.answered(asked_on, "unreached"))
        asked_on = calendar.after(asked_on, 1)
    diary.note(asked_on, Wave.ANSWERS, problem.answered(asked_on))
    if special and this == RESOLUTION_WITHDRAWN:
        diary.note(calendar.after(asked_on, 1), Wave.SECOND_THOUGHTS, problem.resolution_withdrawn())


def _neighbours_week(diary: Diary, week: Period, number: int, season: Season) -> None:
    days = season.working_days(week)
    posting = neighbouring_posting()
    if not days:
        return
    name = ("neighbour", number)
    visit = _visit(name, posting.person_id, posting.organisation_id, one_of(days, "day", *name))
    diary.note(local_day(visit.at), Wave.VISITS, visit.logged(NEIGHBOUR_ORGANISER))


def _desks(cadre: int) -> Hands:
    """The two desks enter for the cadres by turns; who entered does not ask."""
    return Hands(ORGANISER, SECRETARY) if cadre % 2 == 0 else Hands(SECRETARY, ORGANISER)


def _visit(name: tuple[object, ...], cadre: str, branch: str, day: date) -> Visit:
    """Some time in the working day, written with its zone."""
    minutes = between(0, 8 * 60, "time", *name)
    at = at_local_time(day, time(8 + minutes // 60, minutes % 60))
    household = demo_id("household", between(1, HOUSEHOLDS, "household", *name))
    return Visit(name, cadre, branch, at, household)


def _problems(visit: Visit, hands: Hands, how_many: Sequence[int]) -> list[Problem]:
    count = one_of(how_many, "problems", *visit.name)
    day = local_day(visit.at)
    return [
        Problem(visit, number, day, one_of(_CLASSES, "class", *visit.name, number), hands) for number in range(count)
    ]


def _in_time(problem: Problem, calendar: WorkingDays) -> date:
    most = LIMITS[problem.problem_class] - 1
    return calendar.after(problem.raised_on, between(0, most, "solved", problem.id))


def _fate(problem: Problem, calendar: WorkingDays) -> date | None:
    """When it was solved: mostly in time, now and then late, past the grace, or not at all."""
    drawn = share("fate", problem.id)
    due_on = calendar.after(problem.raised_on, LIMITS[problem.problem_class])
    if drawn < _LATE:
        return calendar.after(due_on, 2)
    if drawn < _VERY_LATE:
        return calendar.after(due_on + timedelta(days=_PAST_GRACE_DAYS), 1)
    return None if drawn < _NEVER else _in_time(problem, calendar)
