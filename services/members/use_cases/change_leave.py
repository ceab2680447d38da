"""Change a leave: it lasts from another day, or to another."""

from dataclasses import dataclass
from datetime import date

from services.members.domain.leave import Leave
from services.members.domain.trail import noted
from services.members.use_cases.access import require_leave_desk, visible_leave
from services.members.use_cases.ports import Ports
from services.members.use_cases.refuse_closed_days import refuse_closed_days
from services.members.use_cases.save_leave import save_leave
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.ids import LeaveId
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class ChangeLeave:
    """From when to when the leave is really, as the person saw it before."""

    by: Caller
    leave_id: LeaveId
    seen_revision: int
    starts_on: date
    ends_on: date


@repeatable
async def change_leave(command: ChangeLeave, ports: Ports) -> Leave:
    """Store the days; saying again what stands changes nothing.

    Raises UnknownLeave, Forbidden, OwnAbsence, LeaveIsWithdrawn, LastDayBeforeFirst, LeaveTooLong,
    NotPostedDuringLeave, LeaveOverlaps, LeaveOverlapsElsewhere, HistoryClosed, Stale.
    """
    leave = await visible_leave(ports, command.by, command.leave_id)
    require_leave_desk(command.by, leave.cadre_id, leave.path)
    if not leave.withdrawn and (leave.starts_on, leave.ends_on) == (command.starts_on, command.ends_on):
        return leave
    if leave.revision != command.seen_revision:
        raise Stale
    before = leave.days
    leave, changed = leave.change(starts_on=command.starts_on, ends_on=command.ends_on, today=ports.clock.today())
    postings = await ports.postings.of_person(leave.cadre_id)
    leave.refuse_without_post(postings)
    await refuse_closed_days(ports, leave.townships(postings), before=before, after=leave.days, field="starts_on")
    leave = noted(leave, "changed", command.by, ports.clock.now())
    await save_leave(leave, changed, command.by, ports)
    return leave
