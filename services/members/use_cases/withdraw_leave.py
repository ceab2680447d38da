"""Withdraw a leave that is none after all."""

from dataclasses import dataclass

from services.members.domain.leave import Leave
from services.members.domain.trail import noted
from services.members.use_cases.access import require_leave_desk, visible_leave
from services.members.use_cases.ports import Ports
from services.members.use_cases.refuse_closed_days import refuse_closed_days
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.ids import LeaveId
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class WithdrawLeave:
    """Who takes back which leave, as he saw it."""

    by: Caller
    leave_id: LeaveId
    seen_revision: int


@repeatable
async def withdraw_leave(command: WithdrawLeave, ports: Ports) -> Leave:
    """Take the leave back; taking it back again changes nothing.

    Raises UnknownLeave, Forbidden, OwnAbsence, HistoryClosed, Stale.
    """
    leave = await visible_leave(ports, command.by, command.leave_id)
    require_leave_desk(command.by, leave.cadre_id, leave.path)
    if leave.withdrawn:
        return leave
    if leave.revision != command.seen_revision:
        raise Stale
    townships = leave.townships(await ports.postings.of_person(leave.cadre_id))
    await refuse_closed_days(ports, townships, before=leave.days, after=None, field="starts_on")
    leave, withdrawn = leave.withdraw(today=ports.clock.today())
    leave = noted(leave, "withdrawn", command.by, ports.clock.now())
    await ports.leaves.save(leave, withdrawn)
    return leave
