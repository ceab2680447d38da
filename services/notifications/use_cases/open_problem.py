"""Open what a problem's facts say is owed, and bring it up to date."""

from datetime import datetime

from services.notifications.domain.obligation import Obligation
from services.notifications.domain.problem_case import ProblemCase, Tenure, judged_in, tenures
from services.notifications.domain.regulation import ProblemDeadline
from services.notifications.domain.schedule import problem_schedule
from services.notifications.domain.township import township_of, working_days_at
from services.notifications.use_cases.open_obligation import open_obligation
from services.notifications.use_cases.ports import Ports
from shared.kernel.ids import OrganisationId, ProblemId


async def open_problem(problem_id: ProblemId, at: datetime, ports: Ports) -> None:
    """One obligation for each cadre who had the problem in turn.

    A problem of a history span waits until the span's judgement has begun; then every fact of it is judged at once.
    """
    case = await ports.acts.problem(problem_id)
    if case is None or case.raised is None:
        return
    for regulation in ports.library.problem_deadlines(case.raised.day):
        for tenure in await _owed(regulation, case, ports):
            await open_obligation(await _blank(regulation, case, tenure, ports), at, ports)
    await _follow_the_branch(case, ports)


async def _follow_the_branch(case: ProblemCase, ports: Ports) -> None:
    """The branch may have moved since the facts were recorded, or while the obligations were opened."""
    place = await ports.directory.place(OrganisationId(case.branch_id))
    if place is not None and place != case.path:
        await ports.obligations.moved(OrganisationId(case.branch_id), place)


async def _owed(regulation: ProblemDeadline, case: ProblemCase, ports: Ports) -> tuple[Tenure, ...]:
    if case.raised is None or case.raised.entry != "history":
        return tenures(regulation, case)
    township_id = township_of(case.raised.path)  # whose span it is, wherever the branch went since
    spans = await ports.directory.spans_of(township_id) if township_id is not None else ()
    return next((judged_in(case, regulation, span) for span in spans if span.judging and case.raised.day in span), ())


async def _blank(regulation: ProblemDeadline, case: ProblemCase, tenure: Tenure, ports: Ports) -> Obligation:
    days = working_days_at(case.path, await ports.directory.calendars(case.path))
    return Obligation(
        id=tenure.obligation_id,
        terms=tenure.terms,
        path=case.path,
        schedule=problem_schedule(regulation, tenure.terms.due_on, tenure.since, days),
        opened_at=tenure.since,
    )
