"""Accept the rectification of a weak organisation (整顿验收)."""

from dataclasses import dataclass
from datetime import date

from services.duties.domain.weak_organisation import WeakOrganisation
from services.duties.use_cases.access import LISTERS, visible_weak_organisation
from services.duties.use_cases.ports import Ports
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.ids import ListingId
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class AcceptWeakOrganisation:
    """Which listing ends, on which day."""

    by: Caller
    listing_id: ListingId
    seen_revision: int
    accepted_on: date


@repeatable
async def accept_weak_organisation(command: AcceptWeakOrganisation, ports: Ports) -> WeakOrganisation:
    """Note the acceptance; saying again what stands changes nothing.

    Raises UnknownListing, Forbidden, ListingIsWithdrawn, AlreadyAccepted, AcceptedOutOfTime, HistoryClosed, Stale.
    """
    weak = await visible_weak_organisation(ports, command.by, command.listing_id)
    command.by.require(LISTERS, weak.path)
    if weak.accepted_on == command.accepted_on and not weak.withdrawn:
        return weak
    if weak.revision != command.seen_revision:
        raise Stale
    township = await ports.directory.township(weak.township_id)
    township.refuse_closed(command.accepted_on, field="accepted_on")
    weak, accepted = weak.accept(on=command.accepted_on, by=command.by, at=ports.clock.now())
    await ports.weak_organisations.save(weak, accepted)
    return weak
