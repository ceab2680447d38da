"""A disposal: a decision about a member that was taken elsewhere and is recorded here (今年处置了4名党员)."""

from dataclasses import dataclass
from datetime import date

from services.members.domain.member import Member
from services.members.domain.refusals import DecidedBeforeJoining
from shared.events.members import Measure, MemberDisposed
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import CaseId, MemberId
from shared.kernel.trail import TrailEntry

_ENDING: frozenset[Measure] = frozenset({"dissuaded", "expelled"})


@dataclass(frozen=True, slots=True)
class Disposal:
    """What was decided about whom under which document; restricted, and it decides nothing itself.

    `path` ends at the township, so that not even the branch travels with the fact.
    """

    id: CaseId
    member_id: MemberId
    path: OrganisationPath
    document_number: str
    decided_on: date
    measure: Measure
    made_from: str
    revision: int = 1
    trail: tuple[TrailEntry, ...] = ()

    @property
    def ends_membership(self) -> bool:
        """Whether the member is one no longer (劝退, 除名)."""
        return self.measure in _ENDING

    def disposed(self, member: Member) -> MemberDisposed:
        """The fact on the restricted topic. Raises MembershipIsOver, DecidedBeforeJoining."""
        member.refuse_if_over()
        if self.decided_on < member.joined_on:
            raise DecidedBeforeJoining(joined_on=member.joined_on)
        return MemberDisposed(case_id=self.id, measure=self.measure, occurred_on=self.decided_on)
