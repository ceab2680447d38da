"""Read objections: one, or a list of one's own and of one's scope."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.scoring.domain.objection import Objection, ObjectionState
from services.scoring.use_cases.access import OVERSEERS, visible_objection
from services.scoring.use_cases.record_ports import ObjectionListing, RecordPorts
from shared.events.scoring import Standard
from shared.kernel.access import Caller


@dataclass(frozen=True, slots=True)
class ReadObjections:
    """Which list: `mine` leaves only what the caller filed; who oversees nothing sees nothing else in any case."""

    by: Caller
    limit: int
    mine: bool = False
    standard: Standard | None = None
    state: ObjectionState | None = None
    after: tuple[str, ...] | None = None

    def listing(self) -> ObjectionListing:
        """The part of the store this reader may see of it, his own first."""
        scopes = self.by.scopes(OVERSEERS)
        return ObjectionListing(
            scopes=scopes,
            limit=self.limit,
            own=self.by.person_id,
            standard=self.standard,
            state=self.state,
            after=self.after,
            own_only=self.mine or not scopes,
        )


async def read_objection(objection_id: str, by: Caller, ports: RecordPorts) -> Objection:
    """One objection with its answer. Raises ObjectionUnknown, Forbidden."""
    return await visible_objection(ports, by, objection_id)


async def list_objections(wanted: ReadObjections, ports: RecordPorts) -> Sequence[Objection]:
    """Objections, one's own first, the latest first."""
    return await ports.objections.list(wanted.listing())
