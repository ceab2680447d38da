"""The working-day calendar of one year, as a county or a township publishes it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from services.members.domain.refusals import CalendarContradicts, CalendarOfAnotherYear
from shared.events.members import CalendarPublished
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import WorkingDays
from shared.kernel.ids import OrganisationId, derived_id
from shared.kernel.trail import TrailEntry


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """Which days of the year are off and which weekend days are worked (调休) for an organisation and all below it."""

    organisation_id: OrganisationId
    year: int
    path: OrganisationPath
    days_off: frozenset[date] = frozenset()
    working_days: frozenset[date] = frozenset()
    revision: int = 0
    trail: tuple[TrailEntry, ...] = ()

    @property
    def id(self) -> str:
        """One table an organisation and year."""
        return calendar_id(self.organisation_id, self.year)

    @property
    def table(self) -> WorkingDays:
        """The table as one counts with it."""
        return WorkingDays(self.days_off, self.working_days, frozenset({self.year}))

    def publish(
        self, *, days_off: Iterable[date], working_days: Iterable[date], on: date
    ) -> tuple[Self, CalendarPublished]:
        """State the whole table anew. Raises CalendarOfAnotherYear, CalendarContradicts."""
        off, worked = frozenset(days_off), frozenset(working_days)
        for field, days in (("days_off", off), ("working_days", worked)):
            for day in sorted(days):
                if day.year != self.year:
                    raise CalendarOfAnotherYear(field=field, day=day, year=self.year)
        for day in sorted(off & worked):
            raise CalendarContradicts(day=day)
        published = replace(self, days_off=off, working_days=worked, revision=self.revision + 1)
        return published, CalendarPublished(
            organisation_id=self.organisation_id,
            year=self.year,
            days_off=tuple(sorted(off)),
            working_days=tuple(sorted(worked)),
            occurred_on=on,
        )


def calendar_id(organisation_id: str, year: int) -> str:
    """The id under which a year's table is kept; derived, so it names nothing else."""
    return derived_id("calendar", organisation_id, year)


def effective(tables: Iterable[CalendarYear]) -> WorkingDays:
    """What holds at the end of a path: the county's table, overlaid by nearer ones. Tables come outermost first."""
    days = WorkingDays()
    for table in tables:
        days = days.overlaid(table.table)
    return days
