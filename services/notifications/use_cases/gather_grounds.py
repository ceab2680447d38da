"""Gather the grounds of an obligation afresh from all facts known."""

from services.notifications.domain.grounds import Grounds
from services.notifications.domain.meeting_terms import meeting_grounds
from services.notifications.domain.obligation import Obligation
from services.notifications.domain.problem_case import tenures
from services.notifications.domain.regulation import PeriodicMeeting, WeeklyQuota
from services.notifications.domain.terms import Terms
from services.notifications.domain.township import working_days_at
from services.notifications.domain.week_terms import KnownWeek, week_grounds
from services.notifications.use_cases.ports import Ports
from services.notifications.use_cases.read_postings import read_postings
from shared.kernel.calendar import Period
from shared.kernel.ids import BranchId, CadreId, ProblemId


async def gather_grounds(obligation: Obligation, ports: Ports) -> Grounds:
    """All that decides its state, save the steps that fired; of one that is opened already or about to be."""
    terms = obligation.terms
    regulation = ports.library.version(terms.regulation_id, terms.regulation_version)
    if isinstance(regulation, WeeklyQuota):
        week = Period.parse(terms.period)
        return week_grounds(regulation, week, await _known_week(obligation, week, ports))
    if isinstance(regulation, PeriodicMeeting):
        return await _meetings(regulation, terms, ports)
    case = await ports.acts.problem(ProblemId(terms.subject_id))
    found = tenures(regulation, case) if case is not None else ()
    return next((tenure.grounds for tenure in found if tenure.obligation_id == obligation.id), obligation.grounds)


async def _meetings(regulation: PeriodicMeeting, terms: Terms, ports: Ports) -> Grounds:
    """What was held in the period and in the next one, where it may have been made up for."""
    period = Period.parse(terms.period)
    both = Period(period.first, regulation.after(period).last, period.name)
    held = await ports.acts.meetings_in(BranchId(terms.subject_id), regulation.where.kind, both)
    return meeting_grounds(regulation, period, held, entry=terms.entry)


async def _known_week(obligation: Obligation, week: Period, ports: Ports) -> KnownWeek:
    cadre_id = CadreId(obligation.terms.subject_id)
    return KnownWeek(
        home=obligation.path,
        postings=tuple(await read_postings(cadre_id, week, obligation.terms.entry, ports)),
        visits=tuple(await ports.acts.visits_in(cadre_id, week)),
        working_days=working_days_at(obligation.path, await ports.directory.calendars(obligation.path)),
        leaves=tuple(await ports.directory.leaves_of(cadre_id)),
    )
