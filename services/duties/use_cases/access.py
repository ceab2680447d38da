"""Who may do what with meetings and weak organisations."""

from services.duties.domain.meeting import Meeting
from services.duties.domain.refusals import UnknownListing, UnknownMeeting
from services.duties.domain.weak_organisation import WeakOrganisation
from services.duties.use_cases.ports import Ports
from shared.kernel.access import BUSINESS, Caller, OrganisationPath, Role
from shared.kernel.errors import Forbidden
from shared.kernel.ids import ListingId, MeetingId

KEEPERS = (Role.BRANCH_SECRETARY, Role.ORGANISER, Role.SECRETARY)
"""Who enters a branch's meetings, and sees who came: the branch itself and the township's desk."""
OVERSIGHT = (*KEEPERS, Role.COUNTY_ORGANISER, Role.SUPERVISOR)
"""Who reads that a branch met, in figures."""
LISTERS = (Role.COUNTY_ORGANISER,)
"""Who lists weak organisations, accepts their rectification and withdraws what was wrong."""
WEAK_READERS = (*KEEPERS, *LISTERS)


async def visible_meeting(ports: Ports, caller: Caller, meeting_id: MeetingId) -> Meeting:
    """The meeting, if it is in the scope the caller oversees.

    Raises UnknownMeeting outside every scope of his, Forbidden inside with another role.
    """
    meeting = await ports.meetings.find(meeting_id)
    if meeting is None:
        raise UnknownMeeting
    if caller.may(OVERSIGHT, meeting.path):
        return meeting
    raise Forbidden if caller.may(BUSINESS, meeting.path) else UnknownMeeting


async def visible_weak_organisation(ports: Ports, caller: Caller, listing_id: ListingId) -> WeakOrganisation:
    """The listing, if it is in the scope the caller oversees.

    Raises UnknownListing outside every scope of his, Forbidden inside with another role.
    """
    weak = await ports.weak_organisations.find(listing_id)
    if weak is None:
        raise UnknownListing
    if caller.may(WEAK_READERS, weak.path):
        return weak
    raise Forbidden if caller.may(BUSINESS, weak.path) else UnknownListing


def may_see_people(caller: Caller, path: OrganisationPath) -> bool:
    """Whether he sees who came and what was noted, or figures alone."""
    return caller.may(KEEPERS, path)
