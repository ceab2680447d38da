"""Withdraw a visit that did not happen."""

from dataclasses import dataclass

from services.visits.domain.visit import Visit
from services.visits.use_cases.access import require_own_visit, visible_visit
from services.visits.use_cases.ports import Ports
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.ids import VisitId
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class WithdrawVisit:
    """Who takes back which visit, as he saw it."""

    by: Caller
    visit_id: VisitId
    seen_revision: int


@repeatable
async def withdraw_visit(command: WithdrawVisit, ports: Ports) -> Visit:
    """Take the visit back; taking it back again changes nothing.

    Raises UnknownVisit, VisitOfAnother, HistoryClosed, Stale.
    """
    visit = await visible_visit(ports, command.by, command.visit_id)
    require_own_visit(command.by, visit.cadre_id, visit.path)
    if visit.withdrawn:
        return visit
    if visit.revision != command.seen_revision:
        raise Stale
    township = await ports.directory.township(visit.township_id)
    township.refuse_closed(visit.day, field="occurred_at")
    visit, withdrawn = visit.withdraw(by=command.by, at=ports.clock.now())
    await ports.visits.save(visit, withdrawn)
    return visit
