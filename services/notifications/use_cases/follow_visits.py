"""Follow the visits service: what was visited, what was asked for, what was solved."""

from services.notifications.domain.grounds import instant_of
from services.notifications.domain.problem_case import ProblemFact
from services.notifications.domain.regulation import word_for
from services.notifications.domain.township import Visit
from services.notifications.domain.week_terms import week_obligation_id
from services.notifications.use_cases.open_problem import open_problem
from services.notifications.use_cases.ports import Ports
from services.notifications.use_cases.refresh_obligation import refresh_obligation
from shared.events import visits
from shared.events.base import Event, Fact
from shared.kernel.calendar import week_of
from shared.kernel.ids import BranchId, CadreId, ProblemId, VisitId

VisitEvent = visits.VisitLogged | visits.VisitCorrected | visits.VisitWithdrawn
ProblemEvent = (
    visits.ProblemRaised
    | visits.ProblemAssigned
    | visits.ProblemResolved
    | visits.ResolutionWithdrawn
    | visits.ProblemReopened
)


async def follow_visits(fact: Fact[Event], ports: Ports) -> None:
    """Learn what the fact says and see what it does to the obligations; repeated or out of order it ends the same."""
    event = fact.event
    match event:
        case visits.VisitLogged() | visits.VisitCorrected() | visits.VisitWithdrawn():
            await _visit(fact, event, ports)
        case (
            visits.ProblemRaised()
            | visits.ProblemAssigned()
            | visits.ProblemResolved()
            | visits.ResolutionWithdrawn()
            | visits.ProblemReopened()
        ):
            await _problem(fact, event, ports)
        case _:
            pass


async def _visit(fact: Fact[Event], event: VisitEvent, ports: Ports) -> None:
    """Touch the week the visit lies in, and the weeks it lay in before: as remembered, and as the fact itself says."""
    visit_id, cadre_id = VisitId(event.visit_id), CadreId(event.cadre_id)
    before = await ports.acts.visit(visit_id)
    await ports.acts.learn_visit(
        Visit(
            id=visit_id,
            cadre_id=cadre_id,
            branch_id=BranchId(event.branch_id),
            happened_at=event.occurred_at,
            day=event.day,
            event_id=fact.id,
            entry=event.entry,
            stands=not isinstance(event, visits.VisitWithdrawn),
            revision=fact.revision,
        )
    )
    touched = {(cadre_id, week_of(event.day))}
    if before is not None:
        touched.add((before.cadre_id, week_of(before.day)))
    if not isinstance(event, visits.VisitLogged):
        touched |= {(cadre_id, week_of(correction.day)) for correction in event.corrects}
    for whose, week in touched:
        for regulation in ports.library.weekly(week.first):
            await refresh_obligation(week_obligation_id(regulation.id, whose, week), fact.recorded_at, ports)


async def _problem(fact: Fact[Event], event: ProblemEvent, ports: Ports) -> None:
    """Remember the fact whatever it is; what it does to the deadline the regulation says."""
    problem_id = ProblemId(event.problem_id)
    known = ProblemFact(
        revision=fact.revision,
        event_id=fact.id,
        type=word_for(type(event)),
        cadre_id=CadreId(event.cadre_id),
        day=event.occurred_on,
        happened_at=instant_of(event.occurred_on, fact.recorded_at),
        due_on=event.due_on,
        entry=event.entry,
        path=fact.path,
    )
    await ports.acts.learn_problem(problem_id, BranchId(event.branch_id), known)
    await open_problem(problem_id, fact.recorded_at, ports)
