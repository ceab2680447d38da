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
        scopes = self.by.scopes(OVERSIGHT)
        if self.mine or not scopes:
            return Listing(None, self.limit, self.by.person_id or "", self.branch_id, after=self.after)
        return Listing(scopes, self.limit, None, self.branch_id, after=self.after)


async def read_member(member_id: MemberId, by: Caller, ports: Ports) -> Member:
    """One member. Raises UnknownMember."""
    return await visible_member(ports, by, member_id)


async def list_members(wanted: ReadMembers, ports: Ports) -> Sequence[Member]:
    """Members, the earliest to join first."""
    return await ports.members.list(wanted.listing())
