"""Bring an obligation up to date with all facts known."""

from contextlib import suppress
from datetime import datetime

from services.notifications.domain.grounds import Grounds
from services.notifications.domain.obligation import Obligation
from services.notifications.domain.problem_case import tenures
from services.notifications.domain.regulation import WeeklyQuota
from services.notifications.domain.township import working_days_at
from services.notifications.domain.week_terms import KnownWeek, week_grounds
from services.notifications.use_cases.ports import Ports
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import Period
from shared.kernel.errors import AlreadyThere, Stale
from shared.kernel.ids import CadreId, ObligationId, ProblemId


async def refresh_obligation(obligation_id: ObligationId, at: datetime, ports: Ports) -> None:
    """Gather its grounds afresh and save what follows; nothing happens when there is no such obligation.

    `at` is when the fact that gave rise to it was recorded.

    Whoever remembers a fact refreshes after it; whoever opens an obligation refreshes after that. The obligation is
    read before its grounds are gathered, and the save fails if anybody saved in between: so of two who work at the same
    time, the later one has seen everything, and no fact is lost between them.
    """
    while True:
        obligation = await ports.obligations.find(obligation_id)
        if obligation is None:
            return
        learnt, events = obligation.learn(await _grounds(obligation, ports), at=at, now=ports.clock.now())
        if not events:
            return
        try:
            await ports.obligations.save(learnt, *events)
        except Stale:
            continue
        return


async def open_obligation(blank: Obligation, grounds: Grounds, at: datetime, ports: Ports) -> None:
    """Bring an obligation into being unless it is there, then refresh it.

    Its id is derived from what is owed, so that it exists once however often and by however many it is opened.
    """
    if await ports.obligations.find(blank.id) is None:
        opened, events = blank.learn(grounds, at=at, now=ports.clock.now())
        with suppress(AlreadyThere):
            await ports.obligations.save(opened, *events)
    await refresh_obligation(blank.id, at, ports)


async def known_week(cadre_id: CadreId, home: OrganisationPath, week: Period, ports: Ports) -> KnownWeek:
    """All that is known about a cadre's week."""
    return KnownWeek(
        postings=tuple(await ports.directory.postings_of(cadre_id)),
        visits=tuple(await ports.acts.visits_in(cadre_id, week)),
        working_days=working_days_at(home, await ports.directory.calendars(home)),
    )


async def _grounds(obligation: Obligation, ports: Ports) -> Grounds:
    terms = obligation.terms
    regulation = ports.library.version(terms.regulation_id, terms.regulation_version)
    if isinstance(regulation, WeeklyQuota):
        week = Period.parse(terms.period)
        known = await known_week(CadreId(terms.subject_id), obligation.path, week, ports)
        return week_grounds(regulation, week, known)
    case = await ports.acts.problem(ProblemId(terms.subject_id))
    found = tenures(regulation, case) if case is not None else ()
    return next((tenure.grounds for tenure in found if tenure.obligation_id == obligation.id), obligation.grounds)
