"""Read organisations: one, a list, or the tree of one's scope."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.members.domain.organisation import Organisation
from services.members.use_cases.access import visible_organisation
from services.members.use_cases.ports import OrganisationListing, Ports
from shared.events.members import OrganisationKind
from shared.kernel.access import BUSINESS, Caller
from shared.kernel.ids import CadreId, OrganisationId


@dataclass(frozen=True, slots=True)
class ReadOrganisations:
    """Which part of the list; `mine` leaves only what the caller is posted at or responsible for."""

    by: Caller
    limit: int
    mine: bool = False
    kind: OrganisationKind | None = None
    parent_id: OrganisationId | None = None
    after: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """Organisations with the list they stand in, which knows the sort key of each."""

    listing: OrganisationListing
    organisations: Sequence[Organisation]


async def read_organisation(organisation_id: OrganisationId, by: Caller, ports: Ports) -> Organisation:
    """One organisation. Raises UnknownOrganisation."""
    return await visible_organisation(ports, by, organisation_id)


async def list_organisations(wanted: ReadOrganisations, ports: Ports) -> Shown:
    """Organisations in the caller's scope, his own first: where he is posted now, and what his roles are over."""
    own = set(wanted.by.scopes(BUSINESS))
    if wanted.by.person_id is not None:
        today = ports.clock.today()
        for posting in await ports.postings.of_person(CadreId(wanted.by.person_id)):
            if posting.starts_on <= today and (posting.ends_on is None or posting.ends_on >= today):
                own.add(posting.organisation_id)
    listing = OrganisationListing(
        scopes=wanted.by.scopes(BUSINESS),
        limit=wanted.limit,
        own=frozenset(own),
        own_only=wanted.mine,
        kind=wanted.kind,
        parent_id=wanted.parent_id,
        after=wanted.after,
    )
    return Shown(listing, await ports.organisations.list(listing))


async def read_tree(by: Caller, ports: Ports) -> Sequence[Organisation]:
    """Everything in the caller's scope, the outermost first."""
    return await ports.organisations.within(by.scopes(BUSINESS))
