"""Correct a visit: say when it really happened and whom it concerned."""

from dataclasses import dataclass
from datetime import datetime

from services.visits.domain.refusals import HappensLater
from services.visits.domain.visit import Visit
from services.visits.use_cases.access import require_own_visit, visible_visit
from services.visits.use_cases.ports import Ports
from services.visits.use_cases.require_posted import require_posted
from shared.events.base import Entry
from shared.kernel.access import Caller
from shared.kernel.clock import local_day
from shared.kernel.errors import Stale
from shared.kernel.ids import HouseholdRef, VisitId
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class CorrectVisit:
    """What was really so; `seen_revision` is the one the person corrected from."""

    by: Caller
    visit_id: VisitId
    seen_revision: int
    occurred_at: datetime
    household_ref: HouseholdRef | None
    note: str


@repeatable
async def correct_visit(command: CorrectVisit, ports: Ports) -> Visit:
    """Store the correction; saying again what stands changes nothing.

    A visit that keeps its day keeps how it came in, however late the note is put right.

    Raises UnknownVisit, VisitOfAnother, VisitIsWithdrawn, HappensLater, UnknownCadre, NotPostedThen, NotLiveYet,
    HistoryClosed, Stale.
    """
    visit = await visible_visit(ports, command.by, command.visit_id)
    require_own_visit(command.by, visit.cadre_id, visit.path)
    said = (command.occurred_at, command.household_ref, command.note)
    if not visit.withdrawn and said == (visit.occurred_at, visit.household_ref, visit.note):
        return visit
    if visit.revision != command.seen_revision:
        raise Stale
    if command.occurred_at > ports.clock.now():
        raise HappensLater
    visit, corrected = visit.correct(
        occurred_at=command.occurred_at,
        household_ref=command.household_ref,
        note=command.note,
        entry=await _entry(command, visit, ports),
        by=command.by,
        at=ports.clock.now(),
    )
    await ports.visits.save(visit, corrected)
    return visit


async def _entry(command: CorrectVisit, visit: Visit, ports: Ports) -> Entry:
    """How it comes in on the day it is moved to; what is closed is not left for another day either.

    Both days are those of the township where it was recorded, also after its branch moved to another.
    """
    township = await ports.directory.township(visit.township_id)
    township.refuse_closed(visit.day, field="occurred_at")
    day = local_day(command.occurred_at)
    if day == visit.day:
        return visit.entry
    await require_posted(ports, visit.cadre_id, visit.path, on=day, field="occurred_at")
    late_after_days = ports.deadlines.late_after_days
    return township.entry(day, today=ports.clock.today(), late_after_days=late_after_days, field="occurred_at")
