"""What this service knows of a member: who may have helped to solve a problem (帮办)."""

from dataclasses import dataclass
from datetime import date

from services.visits.domain.refusals import NotMemberThen, ResolverHelps, UnknownMember
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import CadreId, MemberId, PersonId


@dataclass(frozen=True, slots=True)
class Membership:
    """A person, if known, belongs to the branch at `path` from `joined_on` to `ended_on`, both included."""

    member_id: MemberId
    path: OrganisationPath
    person_id: PersonId | None
    joined_on: date
    ended_on: date | None = None

    def refuse_as_helper(self, *, cadre_id: CadreId, path: OrganisationPath, on: date) -> None:
        """A helper is a member of the township on the day it was solved, and not the cadre who solved it.

        Raises UnknownMember for members of other townships: whether there are any is not for who asks to know.
        Raises NotMemberThen, ResolverHelps.
        """
        if self.path.township_id != path.township_id:
            raise UnknownMember(member_id=self.member_id)
        if not self.joined_on <= on <= (self.ended_on or date.max):
            raise NotMemberThen(member_id=self.member_id, day=on)
        if self.person_id == PersonId(cadre_id):
            raise ResolverHelps
