"""Open a week for whoever owes it."""

from services.notifications.domain.obligation import Obligation
from services.notifications.domain.regulation import WeeklyQuota
from services.notifications.domain.schedule import week_opens_at, week_schedule
from services.notifications.domain.terms import Terms
from services.notifications.domain.week_terms import home_of, week_obligation_id, week_terms
from services.notifications.use_cases.open_obligation import open_obligation
from services.notifications.use_cases.ports import Ports
from services.notifications.use_cases.read_postings import read_postings
from shared.events.base import Entry
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import Period
from shared.kernel.ids import CadreId, TownshipId


async def open_week(township_id: TownshipId, week: Period, entry: Entry, ports: Ports) -> None:
    """One obligation a regulation and cadre of the township, dated by the moment it should have been opened at."""
    for regulation in ports.library.weekly(week.first):
        for cadre_id in await ports.directory.holders(township_id, regulation.owed_by.post):
            home = home_of(regulation, await read_postings(cadre_id, week, entry, ports), week)
            if home is not None and home.organisation_id == township_id:
                await _open(regulation, week_terms(regulation, cadre_id, home, week, entry), home, week, ports)


async def open_week_for(cadre_id: CadreId, week: Period, ports: Ports) -> None:
    """The same for one cadre alone, in whichever live township he owes it."""
    for regulation in ports.library.weekly(week.first):
        home = home_of(regulation, await read_postings(cadre_id, week, "live", ports), week)
        if home is not None:
            await _open(regulation, week_terms(regulation, cadre_id, home, week), home, week, ports)


async def _open(regulation: WeeklyQuota, terms: Terms, home: OrganisationPath, week: Period, ports: Ports) -> None:
    obligation_id = week_obligation_id(regulation.id, CadreId(terms.subject_id), week)
    opens_at = week_opens_at(regulation, week)
    blank = Obligation(obligation_id, terms, home, week_schedule(regulation, week), opens_at)
    await open_obligation(blank, opens_at, ports)
