"""Who may do what with organisations, members, postings, leaves, exemptions and disposals."""

from datetime import date, timedelta

from services.members.domain.absence_refusals import (
    ExemptionReachesFarBack,
    OwnAbsence,
    PersonNotKnown,
    UnknownExemption,
    UnknownLeave,
)
from services.members.domain.exemption import Exemption
from services.members.domain.leave import Leave
from services.members.domain.member import Member
from services.members.domain.organisation import Organisation
from services.members.domain.posting import Posting
from services.members.domain.refusals import NotATownship, UnknownMember, UnknownOrganisation, UnknownPosting
from services.members.use_cases.ports import Ports
from shared.events.members import OrganisationKind
from shared.kernel.access import BUSINESS, Caller, OrganisationPath, Role
from shared.kernel.ids import ExemptionId, LeaveId, MemberId, OrganisationId, PostingId

DESK = (Role.ORGANISER, Role.SECRETARY)
"""Who keeps a township's records."""
OVERSIGHT = (*DESK, Role.COUNTY_ORGANISER, Role.BRANCH_SECRETARY)
"""Who reads all members and postings in scope."""
TRAIL_READERS = (*DESK, Role.COUNTY_ORGANISER)
"""Who administers records, and so reads who did what to them."""
NAME_READERS = (*DESK, Role.BRANCH_SECRETARY)
"""Who reads names: the county sees ids and dates."""
EXEMPTERS = (*DESK, Role.BRANCH_SECRETARY)
"""Who grants exemptions, and reads on what ground."""
FAR_BACK_DAYS = 30
"""So far back a branch's secretary lets off alone: a month of meetings, not what was judged before [P]."""


def keepers_of(kind: OrganisationKind) -> tuple[Role, ...]:
    """Who registers and changes an organisation of that kind."""
    if kind in {"county", "township"}:
        return (Role.COUNTY_ORGANISER,)
    return (Role.COUNTY_ORGANISER, Role.ORGANISER)


async def visible_organisation(ports: Ports, caller: Caller, organisation_id: OrganisationId) -> Organisation:
    """The organisation, if it lies in the caller's part of the tree. Raises UnknownOrganisation."""
    organisation = await _visible(ports, caller, organisation_id)
    if organisation is None:
        raise UnknownOrganisation
    return organisation


async def visible_township(ports: Ports, caller: Caller, township_id: OrganisationId) -> Organisation:
    """The township, if it lies in the caller's part of the tree. Raises UnknownOrganisation, NotATownship."""
    organisation = await _visible(ports, caller, township_id)
    if organisation is None:
        raise UnknownOrganisation(field="township_id")
    if organisation.kind != "township":
        raise NotATownship
    return organisation


async def visible_member(ports: Ports, caller: Caller, member_id: MemberId) -> Member:
    """The member, if it is the caller himself or in the scope he oversees. Raises UnknownMember."""
    member = await ports.members.find(member_id)
    if member is None or not (caller.is_person(member.person_id) or caller.may(OVERSIGHT, member.path)):
        raise UnknownMember
    return member


async def visible_posting(ports: Ports, caller: Caller, posting_id: PostingId) -> Posting:
    """The posting, if it is the caller's own or in the scope he oversees. Raises UnknownPosting."""
    posting = await ports.postings.find(posting_id)
    if posting is None or not (caller.is_person(posting.cadre_id) or caller.may(OVERSIGHT, posting.path)):
        raise UnknownPosting
    return posting


async def visible_leave(ports: Ports, caller: Caller, leave_id: LeaveId) -> Leave:
    """The leave, if it is the caller's own or in the scope of his desk. Raises UnknownLeave."""
    leave = await ports.leaves.find(leave_id)
    if leave is None or not (caller.is_person(leave.cadre_id) or caller.may(DESK, leave.path)):
        raise UnknownLeave
    return leave


async def visible_exemption(ports: Ports, caller: Caller, exemption_id: ExemptionId) -> Exemption:
    """The exemption, if it is the caller's own or he might have granted it. Raises UnknownExemption."""
    exemption = await ports.exemptions.find(exemption_id)
    if exemption is None or not (caller.is_person(exemption.person_id) or caller.may(EXEMPTERS, exemption.path)):
        raise UnknownExemption
    return exemption


def require_leave_desk(caller: Caller, cadre_id: str, path: OrganisationPath) -> None:
    """Only the desk, and never for himself. Raises Forbidden, NotFound, OwnAbsence."""
    caller.require(DESK, path)
    if caller.is_person(cadre_id):
        raise OwnAbsence(field="cadre_id")


def require_exempter(caller: Caller, person_id: str | None, path: OrganisationPath) -> None:
    """Only the desk or the branch's secretary, and never for himself; whose person is unknown only the desk lets off.

    Raises Forbidden, NotFound, OwnAbsence, PersonNotKnown.
    """
    caller.require(EXEMPTERS, path)
    if person_id is None and not caller.may(DESK, path):
        raise PersonNotKnown
    if caller.is_person(person_id):
        raise OwnAbsence(field="member_id")


def require_recent(caller: Caller, path: OrganisationPath, day: date, *, today: date, field: str) -> None:
    """What lets off from an earlier day on, or no more, is for the desk. Raises ExemptionReachesFarBack."""
    if day < today - timedelta(days=FAR_BACK_DAYS) and not caller.may(DESK, path):
        raise ExemptionReachesFarBack(field=field, most=FAR_BACK_DAYS)


def may_read_name(caller: Caller, person_id: str | None, path: OrganisationPath) -> bool:
    """Whether a person's name is shown: to himself, his branch secretary, the organiser and the secretary."""
    return caller.is_person(person_id) or caller.may(NAME_READERS, path)


def may_read_trail(caller: Caller, path: OrganisationPath) -> bool:
    """Whether the caller is told who did what to a record hanging there: who may administer it is."""
    return caller.may(TRAIL_READERS, path)


async def _visible(ports: Ports, caller: Caller, organisation_id: OrganisationId) -> Organisation | None:
    organisation = await ports.organisations.find(organisation_id)
    return organisation if organisation is not None and caller.may(BUSINESS, organisation.path) else None
