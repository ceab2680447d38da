"""Read exemptions: one, one's own, or those of one's scope."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.members.domain.exemption import Exemption
from services.members.use_cases.access import EXEMPTERS, visible_exemption
from services.members.use_cases.ports import Listing, Ports
from shared.kernel.access import Caller
from shared.kernel.ids import BranchId, ExemptionId


@dataclass(frozen=True, slots=True)
class ReadExemptions:
    """Which part of the list; who grants none sees his own in any case."""

    by: Caller
    limit: int
    mine: bool = False
    branch_id: BranchId | None = None
    after: tuple[str, ...] | None = None

    def listing(self) -> Listing:
        """The part of the store this reader may see of it."""
        scopes: frozenset[str] | None = self.by.scopes(EXEMPTERS)
        person_id: str | None = None
        if self.mine or not scopes:
            scopes, person_id = None, self.by.person_id or ""
        return Listing(scopes, self.limit, person_id, self.branch_id, after=self.after, own=self.by.person_id)

    def key(self, exemption: Exemption) -> tuple[str, str, str]:
        """Where an exemption stands in the list."""
        return self.listing().key(exemption.person_id, exemption.starts_on, exemption.id)


async def read_exemption(exemption_id: ExemptionId, by: Caller, ports: Ports) -> Exemption:
    """One exemption. Raises UnknownExemption."""
    return await visible_exemption(ports, by, exemption_id)


async def list_exemptions(wanted: ReadExemptions, ports: Ports) -> Sequence[Exemption]:
    """Exemptions, one's own first, then the latest to start."""
    return await ports.exemptions.list(wanted.listing())
