"""Enter a meeting a branch has held."""

from dataclasses import dataclass
from datetime import date

from services.duties.domain.attendance import Attendance, Statement
from services.duties.domain.branch import Branch
from services.duties.domain.meeting import Meeting
from services.duties.domain.refusals import HappensLater, UnknownBranch
from services.duties.use_cases.access import KEEPERS
from services.duties.use_cases.follow_if_moved import follow_if_moved
from services.duties.use_cases.ports import Ports
from shared.events.duties import MeetingKind
from shared.kernel.access import Caller
from shared.kernel.creation import created_once
from shared.kernel.ids import BranchId, MeetingId, TownshipId, digest_of
from shared.kernel.trail import TrailEntry


@dataclass(frozen=True, slots=True)
class HoldMeeting:
    """What the branch secretary, or the desk for him, says of a meeting."""

    by: Caller
    meeting_id: MeetingId
    branch_id: BranchId
    kind: MeetingKind
    held_on: date
    said: Statement
    note: str

    def digest(self) -> str:
        """What makes two requests the same meeting."""
        lists = (self.said.attended, self.said.absent, self.said.excused, self.said.expected)
        return digest_of(
            {
                "branch": self.branch_id,
                "kind": self.kind,
                "on": self.held_on,
                "lists": [None if listed is None else sorted(listed) for listed in lists],
                "note": self.note,
            }
        )


async def hold_meeting(command: HoldMeeting, ports: Ports) -> Meeting:
    """Store the meeting once; the same request again gives the one that is there.

    Raises UnknownBranch, NotFound and Forbidden by scope, HappensLater, NotLiveYet, HistoryClosed,
    BranchWithoutCommittee, BranchWithoutGroups, what `Attendance.of` raises, AlreadyHeld when the meeting is entered
    already, and AlreadyThere when the id names another meeting.
    """
    branch = await ports.directory.branch(command.branch_id)
    if branch is None:
        raise UnknownBranch
    command.by.require(KEEPERS, branch.path)

    async def hold() -> Meeting:
        meeting = await _held(command, branch, ports)
        await ports.meetings.save(meeting, meeting.held())
        return meeting

    meeting = await created_once(hold, lambda: ports.meetings.find(command.meeting_id), digest=command.digest)
    await follow_if_moved(meeting, ports)
    return meeting


async def _held(command: HoldMeeting, branch: Branch, ports: Ports) -> Meeting:
    now, today = ports.clock.now(), ports.clock.today()
    rule = ports.procedure.rules[command.kind]
    branch.require(rule.requires, on=command.held_on)
    if command.held_on > today:
        raise HappensLater
    township_id = TownshipId(branch.path.township_id)
    township = await ports.directory.township(township_id)
    late_after_days = ports.procedure.late_after_days
    entry = township.entry(command.held_on, today=today, late_after_days=late_after_days, field="held_on")
    roll = await ports.directory.roll(command.branch_id, command.held_on)
    return Meeting(
        id=command.meeting_id,
        branch_id=command.branch_id,
        path=branch.path,
        township_id=township_id,
        kind=command.kind,
        held_on=command.held_on,
        attendance=Attendance.of(command.said, roll, rule, on=command.held_on),
        entry=entry,
        made_from=command.digest(),
        note=command.note,
        trail=(TrailEntry.left_by(command.by, "held", at=now),),
    )
