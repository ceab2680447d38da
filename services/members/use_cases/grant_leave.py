"""Grant a leave: a cadre is away from day to day (请假)."""

from dataclasses import dataclass
from datetime import date

from services.members.domain.leave import Leave
from services.members.domain.refusals import UnknownOrganisation
from services.members.domain.trail import noted
from services.members.use_cases.access import require_leave_desk
from services.members.use_cases.ports import Ports
from services.members.use_cases.refuse_closed_days import refuse_closed_days
from services.members.use_cases.save_leave import save_leave
from shared.kernel.access import Caller
from shared.kernel.creation import created_once
from shared.kernel.ids import CadreId, LeaveId, OrganisationId, TownshipId, digest_of


@dataclass(frozen=True, slots=True)
class GrantLeave:
    """Who is away from which post's organisation, from when to when, and why; the days may lie behind or ahead."""

    by: Caller
    leave_id: LeaveId
    cadre_id: CadreId
    organisation_id: OrganisationId
    starts_on: date
    ends_on: date
    reason: str

    def digest(self) -> str:
        """What makes two requests the same leave."""
        return digest_of(
            {
                "cadre": self.cadre_id,
                "organisation": self.organisation_id,
                "from": self.starts_on,
                "to": self.ends_on,
                "reason": self.reason,
            }
        )


async def grant_leave(command: GrantLeave, ports: Ports) -> Leave:
    """Store the leave once; the same request again gives the one that is there.

    Raises UnknownOrganisation, NotFound, Forbidden, OwnAbsence, LastDayBeforeFirst, LeaveTooLong, NotPostedDuringLeave,
    LeaveOverlaps or LeaveOverlapsElsewhere when the person is on leave on one of the days, HistoryClosed, and
    AlreadyThere when the id names another leave.
    """
    organisation = await ports.organisations.find(command.organisation_id)
    if organisation is None:
        raise UnknownOrganisation
    require_leave_desk(command.by, command.cadre_id, organisation.path)

    async def grant() -> Leave:
        leave = Leave(
            id=command.leave_id,
            cadre_id=command.cadre_id,
            organisation_id=command.organisation_id,
            path=organisation.path,
            township_id=TownshipId(organisation.path.township_id),
            starts_on=command.starts_on,
            ends_on=command.ends_on,
            reason=command.reason,
            made_from=command.digest(),
        )
        granted = leave.granted(today=ports.clock.today())
        postings = await ports.postings.of_person(leave.cadre_id)
        leave.refuse_without_post(postings)
        await refuse_closed_days(ports, leave.townships(postings), before=None, after=leave.days, field="starts_on")
        leave = noted(leave, "granted", command.by, ports.clock.now())
        await save_leave(leave, granted, command.by, ports)
        return leave

    leave = await created_once(grant, lambda: ports.leaves.find(command.leave_id), digest=command.digest)
    await _follow_if_moved(leave, ports)
    return leave


async def _follow_if_moved(leave: Leave, ports: Ports) -> None:
    """The organisation may have moved between reading its place and storing the leave there, or the first time."""
    organisation = await ports.organisations.find(leave.organisation_id)
    if organisation is not None and organisation.path != leave.path:
        await ports.leaves.moved(leave.organisation_id, organisation.path)
