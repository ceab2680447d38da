"""Read leaves: one, one's own, or those the desk grants."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.members.domain.leave import Leave
from services.members.use_cases.access import DESK, visible_leave
from services.members.use_cases.ports import Listing, Ports
from shared.kernel.access import Caller
from shared.kernel.ids import CadreId, LeaveId, OrganisationId


@dataclass(frozen=True, slots=True)
class ReadLeaves:
    """Which part of the list; who is no desk sees his own in any case."""

    by: Caller
    limit: int
    mine: bool = False
    cadre_id: CadreId | None = None
    organisation_id: OrganisationId | None = None
    after: tuple[str, ...] | None = None

    def listing(self) -> Listing:
        """The part of the store this reader may see of it."""
        scopes: frozenset[str] | None = self.by.scopes(DESK)
        person_id: str | None = self.cadre_id
        if self.mine or not scopes:
            scopes, person_id = None, self.by.person_id or ""
        own = self.by.person_id
        return Listing(scopes, self.limit, person_id, self.organisation_id, after=self.after, own=own)

    def key(self, leave: Leave) -> tuple[str, str, str]:
        """Where a leave stands in the list."""
        return self.listing().key(leave.cadre_id, leave.starts_on, leave.id)


async def read_leave(leave_id: LeaveId, by: Caller, ports: Ports) -> Leave:
    """One leave. Raises UnknownLeave."""
    return await visible_leave(ports, by, leave_id)


async def list_leaves(wanted: ReadLeaves, ports: Ports) -> Sequence[Leave]:
    """Leaves, one's own first, then the latest to start."""
    return await ports.leaves.list(wanted.listing())
