"""Open a week for everybody who owes it."""

from services.notifications.domain.obligation import Obligation
from services.notifications.domain.regulation import WeeklyQuota
from services.notifications.domain.schedule import week_opens_at, week_schedule
from services.notifications.domain.terms import Terms
from services.notifications.domain.week_terms import home_of, week_grounds, week_obligation_id, week_terms
from services.notifications.use_cases.ports import Ports
from services.notifications.use_cases.refresh_obligation import known_week, open_obligation
from shared.events.base import Entry
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import Period
from shared.kernel.ids import CadreId, TownshipId


async def open_week(township_id: TownshipId, week: Period, entry: Entry, ports: Ports) -> None:
    """One obligation a regulation and cadre, dated by the moment it should have been opened at."""
    for regulation in ports.library.weekly(week.first):
        for cadre_id in await ports.directory.holders(township_id, regulation.owed_by.post):
            home = home_of(regulation, await ports.directory.postings_of(cadre_id), week)
            if home is not None and home.organisation_id == township_id:
                await _open_for(week_terms(regulation, cadre_id, home, week, entry), home, regulation, week, ports)


async def _open_for(terms: Terms, home: OrganisationPath, regulation: WeeklyQuota, week: Period, ports: Ports) -> None:
    """Open it or, if it is there, bring it up to date: whoever opened it may have died before he could."""
    cadre_id = CadreId(terms.subject_id)
    obligation_id = week_obligation_id(regulation.id, cadre_id, week)
    opens_at = week_opens_at(regulation, week)
    blank = Obligation(obligation_id, terms, home, week_schedule(regulation, week), opens_at)
    grounds = week_grounds(regulation, week, await known_week(cadre_id, home, week, ports))
    await open_obligation(blank, grounds, opens_at, ports)
