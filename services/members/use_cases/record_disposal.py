"""Record a disposal that was decided elsewhere; nothing is decided here."""

from dataclasses import dataclass
from datetime import date

from services.members.domain.disposal import Disposal
from services.members.domain.member import Member
from services.members.domain.refusals import NotHappenedYet, UnknownMember
from services.members.domain.trail import noted
from services.members.use_cases.access import DESK
from services.members.use_cases.ports import Ports
from shared.events.members import Measure, MembershipEnded
from shared.kernel.access import Caller, OrganisationPath
from shared.kernel.creation import created_once
from shared.kernel.ids import CaseId, MemberId, digest_of

_TOWNSHIP_DEPTH = 2


@dataclass(frozen=True, slots=True)
class RecordDisposal:
    """What was decided about whom, when, under which document number (文号)."""

    by: Caller
    case_id: CaseId
    member_id: MemberId
    document_number: str
    decided_on: date
    measure: Measure

    def digest(self) -> str:
        """What makes two requests the same disposal."""
        return digest_of(
            {"member": self.member_id, "number": self.document_number, "on": self.decided_on, "measure": self.measure}
        )


async def record_disposal(command: RecordDisposal, ports: Ports) -> Disposal:
    """Store the disposal once and end the membership where the measure does; both or neither.

    Raises UnknownMember, Forbidden, NotHappenedYet, MembershipIsOver, DecidedBeforeJoining, Stale, and AlreadyThere
    when the id names another disposal.
    """
    member = await ports.members.find(command.member_id)
    if member is None or not command.by.may(DESK, _township(member)):
        raise UnknownMember

    async def record() -> Disposal:
        if command.decided_on > ports.clock.today():
            raise NotHappenedYet(field="decided_on")
        disposal = Disposal(
            id=command.case_id,
            member_id=member.id,
            path=_township(member),
            document_number=command.document_number,
            decided_on=command.decided_on,
            measure=command.measure,
            made_from=command.digest(),
        )
        now = ports.clock.now()
        disposal = noted(disposal, "recorded", command.by, now)
        ended: tuple[Member, MembershipEnded] | None = None
        if disposal.ends_membership:
            former, left = member.end(disposal.decided_on)
            ended = noted(former, "ended", command.by, now), left
        await ports.disposals.record(disposal, disposal.disposed(member), ended)
        return disposal

    return await created_once(record, lambda: ports.disposals.find(command.case_id), digest=command.digest)


def _township(member: Member) -> OrganisationPath:
    return OrganisationPath(member.path.segments[:_TOWNSHIP_DEPTH])
