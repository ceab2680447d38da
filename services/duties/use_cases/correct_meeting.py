"""Correct a meeting: say when it really was held, who came, and what about."""

from dataclasses import dataclass
from datetime import date

from services.duties.domain.attendance import Attendance, Statement
from services.duties.domain.meeting import Meeting
from services.duties.domain.refusals import HappensLater
from services.duties.use_cases.access import KEEPERS, visible_meeting
from services.duties.use_cases.ports import Ports
from shared.events.base import Entry
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.ids import MeetingId
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class CorrectMeeting:
    """What was really so; `seen_revision` is the one the person corrected from. Its branch and kind stay."""

    by: Caller
    meeting_id: MeetingId
    seen_revision: int
    held_on: date
    said: Statement
    note: str


@repeatable
async def correct_meeting(command: CorrectMeeting, ports: Ports) -> Meeting:
    """Store the correction; saying again what stands changes nothing.

    Who was expected is told anew from the members known now. A meeting that keeps its day keeps how it came in.

    Raises UnknownMeeting, Forbidden, MeetingIsWithdrawn, HappensLater, NotLiveYet, HistoryClosed, Stale, AlreadyHeld
    when another meeting stands for what it is corrected to, and what `Attendance.of` raises.
    """
    meeting = await visible_meeting(ports, command.by, command.meeting_id)
    command.by.require(KEEPERS, meeting.path)
    meeting.refuse_if_withdrawn()
    if command.held_on > ports.clock.today():
        raise HappensLater
    roll = await ports.directory.roll(meeting.branch_id, command.held_on)
    attendance = Attendance.of(command.said, roll, ports.procedure.rules[meeting.kind], on=command.held_on)
    if meeting.says(command.held_on, attendance, command.note):
        return meeting
    if meeting.revision != command.seen_revision:
        raise Stale
    meeting, corrected = meeting.correct(
        held_on=command.held_on,
        attendance=attendance,
        note=command.note,
        entry=await _entry(command, meeting, ports),
        by=command.by,
        at=ports.clock.now(),
    )
    await ports.meetings.save(meeting, corrected)
    return meeting


async def _entry(command: CorrectMeeting, meeting: Meeting, ports: Ports) -> Entry:
    """How it comes in on the day it is moved to; what is closed is not left for another day either."""
    township = await ports.directory.township(meeting.township_id)
    township.refuse_closed(meeting.held_on, field="held_on")
    if command.held_on == meeting.held_on:
        return meeting.entry
    late_after_days = ports.procedure.late_after_days
    today = ports.clock.today()
    return township.entry(command.held_on, today=today, late_after_days=late_after_days, field="held_on")
