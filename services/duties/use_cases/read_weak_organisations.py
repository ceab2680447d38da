"""Read weak organisations: one listing, or those of one's scope."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.duties.domain.weak_organisation import WeakOrganisation
from services.duties.use_cases.access import WEAK_READERS, visible_weak_organisation
from services.duties.use_cases.ports import Ports, WeakListing
from shared.kernel.access import Caller
from shared.kernel.ids import ListingId, OrganisationId


@dataclass(frozen=True, slots=True)
class ListWeakOrganisations:
    """Which listings; `is_open` leaves those under rectification still, or those that are no more."""

    by: Caller
    limit: int
    organisation_id: OrganisationId | None = None
    is_open: bool | None = None
    after: tuple[str, ...] | None = None


async def read_weak_organisation(listing_id: ListingId, by: Caller, ports: Ports) -> WeakOrganisation:
    """One listing with its trail. Raises UnknownListing, Forbidden."""
    return await visible_weak_organisation(ports, by, listing_id)


async def list_weak_organisations(wanted: ListWeakOrganisations, ports: Ports) -> Sequence[WeakOrganisation]:
    """Listings of the reader's scope, the latest first."""
    listing = WeakListing(
        scopes=wanted.by.scopes(WEAK_READERS),
        limit=wanted.limit,
        organisation_id=wanted.organisation_id,
        is_open=wanted.is_open,
        after=wanted.after,
    )
    return await ports.weak_organisations.list(listing)
