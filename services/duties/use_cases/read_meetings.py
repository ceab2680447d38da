"""Read meetings: one, or a list of one's scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.duties.domain.meeting import Meeting
from services.duties.use_cases.access import OVERSIGHT, may_see_people, visible_meeting
from services.duties.use_cases.ports import MeetingListing, Ports
from shared.events.duties import MeetingKind
from shared.kernel.access import Caller
from shared.kernel.ids import BranchId, MeetingId


@dataclass(frozen=True, slots=True)
class ListMeetings:
    """Which meetings; nobody sees any outside the scope he oversees."""

    by: Caller
    limit: int
    branch_id: BranchId | None = None
    kind: MeetingKind | None = None
    from_on: date | None = None
    to_on: date | None = None
    after: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ReadMeeting:
    """A meeting as its reader may see it: with the people who came and the note, or in figures alone."""

    meeting: Meeting
    with_people: bool


async def read_meeting(meeting_id: MeetingId, by: Caller, ports: Ports) -> ReadMeeting:
    """One meeting, and whether the reader sees who came. Raises UnknownMeeting, Forbidden."""
    meeting = await visible_meeting(ports, by, meeting_id)
    return ReadMeeting(meeting, may_see_people(by, meeting.path))


async def list_meetings(wanted: ListMeetings, ports: Ports) -> Sequence[Meeting]:
    """Meetings of the reader's scope, the latest first."""
    listing = MeetingListing(
        scopes=wanted.by.scopes(OVERSIGHT),
        limit=wanted.limit,
        branch_id=wanted.branch_id,
        kind=wanted.kind,
        from_on=wanted.from_on,
        to_on=wanted.to_on,
        after=wanted.after,
    )
    return await ports.meetings.list(listing)
