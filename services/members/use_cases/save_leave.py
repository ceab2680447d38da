"""Save a leave, and tell of another in its way no more than the caller may know."""

from services.members.domain.absence_refusals import LeaveOverlaps, LeaveOverlapsElsewhere
from services.members.domain.leave import Leave
from services.members.use_cases.access import DESK
from services.members.use_cases.ports import Ports
from shared.events.base import Event
from shared.kernel.access import Caller
from shared.kernel.ids import LeaveId


async def save_leave(leave: Leave, fact: Event, by: Caller, ports: Ports) -> None:
    """Store the leave with what happened.

    Raises AlreadyThere, Stale, LeaveOverlaps, and LeaveOverlapsElsewhere when the other is not the caller's to read.
    """
    try:
        await ports.leaves.save(leave, fact)
    except LeaveOverlaps as overlap:
        other = await ports.leaves.find(LeaveId(str(overlap.facts["leave_id"])))
        if other is None or not by.may(DESK, other.path):
            raise LeaveOverlapsElsewhere from None
        raise
