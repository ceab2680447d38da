"""Withdraw a meeting that was not held."""

from dataclasses import dataclass

from services.duties.domain.meeting import Meeting
from services.duties.use_cases.access import KEEPERS, visible_meeting
from services.duties.use_cases.ports import Ports
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.ids import MeetingId
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class WithdrawMeeting:
    """Who takes back which meeting, as he saw it."""

    by: Caller
    meeting_id: MeetingId
    seen_revision: int


@repeatable
async def withdraw_meeting(command: WithdrawMeeting, ports: Ports) -> Meeting:
    """Take the meeting back; taking it back again changes nothing.

    Raises UnknownMeeting, Forbidden, HistoryClosed, Stale.
    """
    meeting = await visible_meeting(ports, command.by, command.meeting_id)
    command.by.require(KEEPERS, meeting.path)
    if meeting.withdrawn:
        return meeting
    if meeting.revision != command.seen_revision:
        raise Stale
    township = await ports.directory.township(meeting.township_id)
    township.refuse_closed(meeting.held_on, field="held_on")
    meeting, withdrawn = meeting.withdraw(by=command.by, at=ports.clock.now())
    await ports.meetings.save(meeting, withdrawn)
    return meeting
