"""Grant an exemption: a member need not attend meetings (免于考勤)."""

from dataclasses import dataclass
from datetime import date

from services.members.domain.exemption import Exemption, Ground
from services.members.domain.refusals import UnknownMember
from services.members.domain.trail import noted
from services.members.use_cases.access import EXEMPTERS, require_exempter, require_recent
from services.members.use_cases.ports import Ports
from services.members.use_cases.refuse_closed_days import refuse_closed_days
from shared.kernel.access import Caller
from shared.kernel.creation import created_once
from shared.kernel.ids import ExemptionId, MemberId, OrganisationId, TownshipId, digest_of


@dataclass(frozen=True, slots=True)
class GrantExemption:
    """Which member need not attend from when on, to when if that is known, and on what ground."""

    by: Caller
    exemption_id: ExemptionId
    member_id: MemberId
    starts_on: date
    ends_on: date | None
    ground: Ground

    def digest(self) -> str:
        """What makes two requests the same exemption."""
        return digest_of({"member": self.member_id, "from": self.starts_on, "to": self.ends_on, "ground": self.ground})


async def grant_exemption(command: GrantExemption, ports: Ports) -> Exemption:
    """Store the exemption once; the same request again gives the one that is there.

    Raises UnknownMember, OwnAbsence, PersonNotKnown, LastDayBeforeFirst, ExemptBeforeJoining, ExemptAfterLeaving,
    ExemptionReachesFarBack, HistoryClosed, ExemptionOverlaps when the member is exempt on one of the days, and
    AlreadyThere when the id names another exemption.
    """
    member = await ports.members.find(command.member_id)
    if member is None or not command.by.may(EXEMPTERS, member.path):
        raise UnknownMember
    require_exempter(command.by, member.person_id, member.path)

    async def grant() -> Exemption:
        exemption = Exemption(
            id=command.exemption_id,
            member_id=member.id,
            branch_id=member.branch_id,
            path=member.path,
            township_id=TownshipId(member.path.township_id),
            starts_on=command.starts_on,
            ground=command.ground,
            made_from=command.digest(),
            ends_on=command.ends_on,
            person_id=member.person_id,
        )
        today, field = ports.clock.today(), "starts_on"
        granted = exemption.granted(member, today=today)
        require_recent(command.by, exemption.path, exemption.starts_on, today=today, field=field)
        await refuse_closed_days(ports, exemption.townships, before=None, after=exemption.days, field=field)
        exemption = noted(exemption, "granted", command.by, ports.clock.now())
        await ports.exemptions.save(exemption, granted)
        return exemption

    exemption = await created_once(grant, lambda: ports.exemptions.find(command.exemption_id), digest=command.digest)
    await _follow_if_moved(exemption, ports)
    return exemption


async def _follow_if_moved(exemption: Exemption, ports: Ports) -> None:
    """The branch may have moved between reading its place and storing the exemption there, or the first time."""
    branch = await ports.organisations.find(OrganisationId(exemption.branch_id))
    if branch is not None and branch.path != exemption.path:
        await ports.exemptions.moved(exemption.branch_id, branch.path)
