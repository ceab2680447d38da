"""The working days the demo counts by: the public holidays, and the free week the township entered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import yaml

from shared.kernel.calendar import WorkingDays

_HOLIDAYS = Path(__file__).resolve().parents[2] / "services" / "members" / "procedures" / "holidays.yaml"
FREE_WEEK = 3
"""Which of the eight weeks the township is free (农忙): nobody owes a visit."""
_DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Year:
    """The table of one year, as a calendar form states it."""

    year: int
    days_off: tuple[date, ...]
    working_days: tuple[date, ...] = ()

    def form(self) -> dict[str, list[str]]:
        """The request that publishes it."""
        return {
            "days_off": [day.isoformat() for day in self.days_off],
            "working_days": [day.isoformat() for day in self.working_days],
        }


def public_holidays() -> tuple[Year, ...]:
    """The years the State Council has announced, as the members service keeps them."""
    years = yaml.safe_load(_HOLIDAYS.read_text(encoding="utf-8"))["years"]
    return tuple(
        Year(
            entry["year"],
            tuple(day for holiday in entry["holidays"] for day in holiday["days_off"]),
            tuple(day for holiday in entry["holidays"] for day in holiday.get("working_days", ())),
        )
        for entry in years
    )


def free_week(first_monday: date) -> Iterator[Year]:
    """The township's own entries: every day of the free week, by year."""
    monday = first_monday + timedelta(weeks=FREE_WEEK)
    days = [monday + timedelta(days=offset) for offset in range(_DAYS_A_WEEK)]
    for year in sorted({day.year for day in days}):
        yield Year(year, tuple(day for day in days if day.year == year))


def working_days(first_monday: date) -> WorkingDays:
    """What holds in the township."""
    found = WorkingDays()
    for table in (*public_holidays(), *free_week(first_monday)):
        found = found.overlaid(
            WorkingDays(frozenset(table.days_off), frozenset(table.working_days), frozenset({table.year}))
        )
    return found
