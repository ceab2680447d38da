"""A member: who belongs to a branch, since when."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from services.members.domain.refusals import MembershipIsOver
from shared.events.members import MemberEnrolled, MembershipEnded, Standing
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import BranchId, MemberId, PersonId
from shared.kernel.trail import TrailEntry


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who belongs to a branch since `joined_on`; the name stays in this service."""

    id: MemberId
    branch_id: BranchId
    path: OrganisationPath
    name: str
    standing: Standing
    joined_on: date
    made_from: str
    person_id: PersonId | None = None
    ended_on: date | None = None
    revision: int = 1
    trail: tuple[TrailEntry, ...] = ()

    def enrolled(self) -> MemberEnrolled:
        """The fact that begins it: ids only."""
        return MemberEnrolled(
            member_id=self.id,
            branch_id=self.branch_id,
            person_id=self.person_id,
            standing=self.standing,
            occurred_on=self.joined_on,
        )

    def end(self, on: date) -> tuple[Self, MembershipEnded]:
        """The membership ended; the fact never says why. Raises MembershipIsOver."""
        self.refuse_if_over()
        ended = replace(self, ended_on=on, revision=self.revision + 1)
        return ended, MembershipEnded(member_id=self.id, branch_id=self.branch_id, occurred_on=on)

    def refuse_if_over(self) -> None:
        """Raises MembershipIsOver for who is no member any more."""
        if self.ended_on is not None:
            raise MembershipIsOver(ended_on=self.ended_on)
