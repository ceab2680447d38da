"""The whole demo from its first Monday: the same Monday gives the same requests, to the letter."""

from collections.abc import Iterator
from datetime import date, time, timedelta

from deploy.demo.actions import Plan, Step
from deploy.demo.calendars import working_days
from deploy.demo.closing import lived_closing, lived_objection, past_reviews
from deploy.demo.deeds import lived_deeds, past_deeds
from deploy.demo.diary import Diary
from deploy.demo.meetings import lived_meetings, past_meetings
from deploy.demo.registering import HISTORY, closing_history, registering
from deploy.demo.visiting import WEEKS, eight_weeks, last_day_of, past_quarter
from shared.kernel.calendar import week_of
from shared.kernel.clock import at_local_time

_MORNING, _AFTERNOON, _EVENING = time(9), time(16), time(19)
_SATURDAY = 5


def first_monday_before(today: date) -> date:
    """Eight whole weeks before this week's Monday."""
    return week_of(today).first - timedelta(weeks=WEEKS)


def plan(first_monday: date) -> Plan:
    """Set up on the Thursday before, enter the history on the Friday, then live each day until its evening."""
    return Plan(tuple(_steps(first_monday)))


def _steps(first_monday: date) -> Iterator[Step]:
    calendar = working_days(first_monday)
    thursday, friday = first_monday - timedelta(days=4), first_monday - timedelta(days=3)
    yield Step(at_local_time(thursday, _MORNING), "登记党组织、党员、任职和工作日历", registering(first_monday))
    past = Diary()
    past_quarter(past, friday, HISTORY, calendar)
    past_meetings(past, friday, HISTORY)
    past_deeds(past, friday, HISTORY)
    past_reviews(past, friday)
    yield Step(at_local_time(friday, _MORNING), "补录 2023 年第四季度", past.waves(friday))
    yield Step(at_local_time(friday, _AFTERNOON), "补录结束，一次结算", ((closing_history(),),))
    lived = Diary()
    eight_weeks(lived, first_monday, calendar)
    last_day = last_day_of(first_monday)
    lived_meetings(lived, first_monday, last_day)
    lived_deeds(lived, first_monday, last_day, calendar)
    lived_objection(lived, calendar)
    lived_closing(lived, first_monday, last_day, calendar)
    # What would be entered after the last day is left to do.
    days = (last_day - first_monday).days + 1
    for day in (first_monday + timedelta(days=offset) for offset in range(days)):
        waves = lived.waves(day)
        # On a Saturday nothing falls due: it is lived only where people worked.
        if waves or day.weekday() != _SATURDAY:
            yield Step(at_local_time(day, _EVENING), f"{day:%m 月 %d 日}", waves)
