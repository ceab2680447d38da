"""Withdraw a leave that is none after all."""

from dataclasses import dataclass

from services.members.domain.leave import Leave
from services.members.domain.trail import noted
from services.members.use_cases.access import require_leave_desk, visible_leave
from services.members.use_cases.ports import Ports
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

    Raises UnknownLeave, Forbidden, OwnAbsence, Stale.
    """
    leave = await visible_leave(ports, command.by, command.leave_id)
    require_leave_desk(command.by, leave.cadre_id, leave.path)
    if leave.withdrawn:
        return leave
    if leave.revision != command.seen_revision:
        raise Stale
    leave, withdrawn = leave.withdraw(today=ports.clock.today())
    leave = noted(leave, "withdrawn", command.by, ports.clock.now())
    await ports.leaves.save(leave, withdrawn)
    return leave
