"""Weeks, quarters, years and working days as the township counts them (Mon–Sun, Asia/Shanghai)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

_SUNDAY_OFFSET = 6
_THURSDAY_OFFSET = 3
_SATURDAY = 5
_DAYS_A_WEEK = 7
_MONTHS_A_QUARTER = 3
_QUARTERS = 4
_PERIOD = re.compile(r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|W(?P<week>\d{2})|(?P<month>\d{2})))?", re.ASCII)
NAMED_YEARS = range(1900, 3000)
"""Years a person may mean: at the edges of the calendar a period would begin or end where no date exists."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A closed span of local days with the name people use: `2023`, `2023-Q4`, `2023-11`, `2023-W47`."""

    first: date
    last: date
    name: str

    def __contains__(self, day: date) -> bool:
        """Whether the local day lies in the period."""
        return self.first <= day <= self.last

    def __str__(self) -> str:
        """The name."""
        return self.name

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a period's name; raises ValueError when it names none."""
        found = _PERIOD.fullmatch(text)
        if found is None or int(found["year"]) not in NAMED_YEARS:
            message = f"{text!r} names no year, quarter, month or week"
            raise ValueError(message)
        year = int(found["year"])
        if found["quarter"]:
            return cls._of(quarter_of(date(year, int(found["quarter"]) * _MONTHS_A_QUARTER, 1)))
        if found["week"]:
            return cls._of(week_of(date.fromisocalendar(year, int(found["week"]), 1)))
        if found["month"]:
            return cls._of(month_of(date(year, int(found["month"]), 1)))
        return cls._of(year_of(date(year, 1, 1)))

    @classmethod
    def _of(cls, period: "Period") -> Self:
        return cls(period.first, period.last, period.name)


def week_of(day: date) -> Period:
    """The Monday-to-Sunday week of the day, named by ISO week."""
    monday = day - timedelta(days=day.weekday())
    year, week, _ = monday.isocalendar()
    return Period(monday, monday + timedelta(days=_SUNDAY_OFFSET), f"{year:04d}-W{week:02d}")


def month_of(day: date) -> Period:
    """The calendar month of the day."""
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return Period(first, following - timedelta(days=1), f"{day.year:04d}-{day.month:02d}")


def quarter_of(day: date) -> Period:
    """The calendar quarter of the day."""
    number = (day.month - 1) // _MONTHS_A_QUARTER + 1
    first = date(day.year, (number - 1) * _MONTHS_A_QUARTER + 1, 1)
    last = month_of(date(day.year, number * _MONTHS_A_QUARTER, 1)).last
    return Period(first, last, f"{day.year:04d}-Q{number}")


def year_of(day: date) -> Period:
    """The calendar year of the day."""
    return Period(date(day.year, 1, 1), date(day.year, 12, 31), f"{day.year:04d}")


def quarters_of(year: Period) -> tuple[Period, ...]:
    """The four quarters of a year."""
    starts = (date(year.first.year, number * _MONTHS_A_QUARTER + 1, 1) for number in range(_QUARTERS))
    return tuple(quarter_of(start) for start in starts)


def thursday_of(week: Period) -> date:
    """The day that decides in which quarter or year a week lies."""
    return week.first + timedelta(days=_THURSDAY_OFFSET)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Which local days are working days: weekends are free, adjusted by the published table (调休).

    `years` are those a table was published for; a date computed in any other year is provisional (暂算).
    """

    days_off: frozenset[date] = frozenset()
    working_days: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Whether people are expected at work on the day."""
        if day in self.days_off:
            return False
        return day in self.working_days or day.weekday() < _SATURDAY

    def after(self, day: date, count: int) -> date:
        """The working day `count` working days after the given day (a limit of 3 working days from that day)."""
        left = count
        while left > 0:
            day += timedelta(days=1)
            left -= self.is_working_day(day)
        return day

    def before(self, day: date, count: int) -> date:
        """The working day `count` working days before the given day."""
        left = count
        while left > 0:
            day -= timedelta(days=1)
            left -= self.is_working_day(day)
        return day

    def count_in(self, period: Period) -> int:
        """How many working days the period has."""
        length = (period.last - period.first).days + 1
        return sum(self.is_working_day(period.first + timedelta(days=offset)) for offset in range(length))

    def is_provisional(self, day: date) -> bool:
        """Whether the day lies in a year nobody published a table for."""
        return day.year not in self.years

    def overlaid(self, other: "WorkingDays") -> "WorkingDays":
        """This table with a nearer organisation's entries winning day by day."""
        return WorkingDays(
            days_off=(self.days_off - other.working_days) | other.days_off,
            working_days=(self.working_days - other.days_off) | other.working_days,
            years=self.years | other.years,
        )
