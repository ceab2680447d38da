"""Enrol a member in a branch."""

from dataclasses import dataclass
from datetime import date

from services.members.domain.member import Member
from services.members.domain.refusals import (
    EnrolledAlready,
    EnrolledElsewhere,
    NotABranch,
    NotHappenedYet,
    UnknownBranch,
)
from services.members.domain.trail import noted
from services.members.use_cases.access import DESK, OVERSIGHT
from services.members.use_cases.ports import Ports
from shared.events.members import Standing
from shared.kernel.access import Caller
from shared.kernel.creation import created_once
from shared.kernel.ids import BranchId, MemberId, OrganisationId, PersonId, digest_of


@dataclass(frozen=True, slots=True)
class EnrolMember:
    """Who belongs to which branch since when."""

    by: Caller
    member_id: MemberId
    branch_id: BranchId
    name: str
    standing: Standing
    joined_on: date
    person_id: PersonId | None

    def digest(self) -> str:
        """What makes two requests the same enrolment."""
        return digest_of(
            {
                "branch": self.branch_id,
                "name": self.name,
                "standing": self.standing,
                "on": self.joined_on,
                "person": self.person_id,
            }
        )


async def enrol_member(command: EnrolMember, ports: Ports) -> Member:
    """Store the member once; the same request again gives the one that is there.

    Raises UnknownBranch, NotABranch, NotFound, Forbidden, NotHappenedYet, EnrolledAlready or EnrolledElsewhere when the
    person belongs to a branch, and AlreadyThere when the id names another member.
    """
    branch = await ports.organisations.find(OrganisationId(command.branch_id))
    if branch is None:
        raise UnknownBranch
    command.by.require(DESK, branch.path)
    if branch.kind != "branch":
        raise NotABranch

    async def enrol() -> Member:
        if command.joined_on > ports.clock.today():
            raise NotHappenedYet(field="joined_on")
        member = Member(
            id=command.member_id,
            branch_id=command.branch_id,
            path=branch.path,
            name=command.name,
            standing=command.standing,
            joined_on=command.joined_on,
            made_from=command.digest(),
            person_id=command.person_id,
        )
        member = noted(member, "enrolled", command.by, ports.clock.now())
        try:
            await ports.members.save(member, member.enrolled())
        except EnrolledElsewhere:
            await _name_the_branch(member, command.by, ports)
            raise
        return member

    member = await created_once(enrol, lambda: ports.members.find(command.member_id), digest=command.digest)
    await _follow_if_moved(member, ports)
    return member


async def _name_the_branch(member: Member, by: Caller, ports: Ports) -> None:
    """Raises EnrolledAlready, saying where the person belongs, if that is for the caller to know."""
    standing = await ports.members.standing(member)
    if standing is None or not by.may(OVERSIGHT, standing.path):
        return
    branch = await ports.organisations.find(OrganisationId(standing.branch_id))
    if branch is not None:
        raise EnrolledAlready(branch=branch.features.title, joined_on=standing.joined_on)


async def _follow_if_moved(member: Member, ports: Ports) -> None:
    """The branch may have moved between reading its place and storing the member there, now or the first time."""
    branch = await ports.organisations.find(OrganisationId(member.branch_id))
    if branch is not None and branch.path != member.path:
        await ports.members.moved(member.branch_id, branch.path)
