"""What this service remembers of calendars, go-live days and history spans, over any store of projections."""

from datetime import date

from services.scoring.domain.township import HistorySpan, Township
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import WorkingDays
from shared.mongo.projections import Projection


class ProjectedTimes:
    """The part of the directory that speaks of days; they are kept as ISO text."""

    def __init__(self, calendars: Projection, go_lives: Projection, spans: Projection) -> None:
        self._calendars = calendars
        self._go_lives = go_lives
        self._spans = spans

    async def learn_calendar(self, organisation_id: str, year: int, revision: int, days: WorkingDays) -> None:
        """Remember a year's table of an organisation."""
        table = {
            "organisation_id": organisation_id,
            "year": year,
            "days_off": sorted(day.isoformat() for day in days.days_off),
            "working_days": sorted(day.isoformat() for day in days.working_days),
        }
        await self._calendars.put(f"{organisation_id}:{year}", revision, table)

    async def learn_go_live(self, township_id: str, revision: int, go_live_on: date) -> None:
        """Remember since when a township works live."""
        await self._go_lives.put(township_id, revision, {"go_live_on": go_live_on.isoformat()})

    async def learn_span(
        self, township_id: str, span_id: str, revision: int, *, from_on: date, to_on: date, closed: bool
    ) -> None:
        """Remember a history span of a township."""
        span = {
            "township_id": township_id,
            "from_on": from_on.isoformat(),
            "to_on": to_on.isoformat(),
            "closed": closed,
        }
        await self._spans.put(span_id, revision, span)

    async def township(self, path: OrganisationPath) -> Township:
        """The times of the township the path lies in; without a go-live day while none is known."""
        went_live = await self._go_lives.find(path.township_id)
        spans = await self._spans.list({"township_id": path.township_id})
        return Township(
            None if went_live is None else date.fromisoformat(went_live["go_live_on"]),
            tuple(
                HistorySpan(date.fromisoformat(span["from_on"]), date.fromisoformat(span["to_on"]), span["closed"])
                for span in spans
            ),
        )

    async def working_days(self, path: OrganisationPath) -> WorkingDays:
        """The calendar that holds at the path: the county's, overlaid by nearer ones."""
        days = WorkingDays()
        for segment in path.segments:
            for table in await self._calendars.list({"organisation_id": segment}):
                days = days.overlaid(
                    WorkingDays(
                        frozenset(date.fromisoformat(day) for day in table["days_off"]),
                        frozenset(date.fromisoformat(day) for day in table["working_days"]),
                        frozenset({table["year"]}),
                    )
                )
        return days
