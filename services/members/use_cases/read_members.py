"""Read members: one, or a list of one's scope."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.members.domain.member import Member
from services.members.use_cases.access import OVERSIGHT, visible_member
from services.members.use_cases.ports import Listing, Ports
from shared.kernel.access import Caller
from shared.kernel.ids import BranchId, MemberId


@dataclass(frozen=True, slots=True)
class ReadMembers:
    """Which part of the list; who oversees nothing sees his own record in any case."""

    by: Caller
    limit: int
    mine: bool = False
    branch_id: BranchId | None = None
    after: tuple[str, ...] | None = None

    def listing(self) -> Listing:
        """The part of the store this reader may see of it."""
        scopes: frozenset[str] | None = self.by.scopes(OVERSIGHT)
        person_id: str | None = None
        if self.mine or not scopes:
            scopes, person_id = None, self.by.person_id or ""
        return Listing(scopes, self.limit, person_id, self.branch_id, after=self.after, own=self.by.person_id)

    def key(self, member: Member) -> tuple[str, str, str]:
        """Where a member stands in the list."""
        return self.listing().key(member.person_id, member.joined_on, member.id)


async def read_member(member_id: MemberId, by: Caller, ports: Ports) -> Member:
    """One member. Raises UnknownMember."""
    return await visible_member(ports, by, member_id)


async def list_members(wanted: ReadMembers, ports: Ports) -> Sequence[Member]:
    """Members, one's own record first, then the earliest to join."""
    return await ports.members.list(wanted.listing())
