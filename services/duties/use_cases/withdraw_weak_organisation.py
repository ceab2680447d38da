"""Withdraw a listing that was wrong, or whose acceptance was; what was really so is listed anew."""

from dataclasses import dataclass

from services.duties.domain.weak_organisation import WeakOrganisation
from services.duties.use_cases.access import LISTERS, visible_weak_organisation
from services.duties.use_cases.ports import Ports
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.ids import ListingId
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class WithdrawWeakOrganisation:
    """Who takes back which listing, as he saw it."""

    by: Caller
    listing_id: ListingId
    seen_revision: int


@repeatable
async def withdraw_weak_organisation(command: WithdrawWeakOrganisation, ports: Ports) -> WeakOrganisation:
    """Take the listing back, and its acceptance with it; taking it back again changes nothing.

    Raises UnknownListing, Forbidden, HistoryClosed, Stale.
    """
    weak = await visible_weak_organisation(ports, command.by, command.listing_id)
    command.by.require(LISTERS, weak.path)
    if weak.withdrawn:
        return weak
    if weak.revision != command.seen_revision:
        raise Stale
    township = await ports.directory.township(weak.township_id)
    township.refuse_closed(weak.listed_on, field="listed_on")
    weak, withdrawn = weak.withdraw(by=command.by, at=ports.clock.now())
    await ports.weak_organisations.save(weak, withdrawn)
    return weak
