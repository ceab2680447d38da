"""Put an organisation on the list of weak ones."""

from dataclasses import dataclass
from datetime import date

from services.duties.domain.refusals import ListedLater, ListedTooEarly, UnknownOrganisation
from services.duties.domain.weak_organisation import WeakOrganisation
from services.duties.use_cases.access import LISTERS
from services.duties.use_cases.follow_if_moved import follow_if_moved
from services.duties.use_cases.ports import Ports
from shared.kernel.access import Caller
from shared.kernel.creation import created_once
from shared.kernel.ids import ListingId, OrganisationId, TownshipId, digest_of
from shared.kernel.trail import TrailEntry


@dataclass(frozen=True, slots=True)
class ListWeakOrganisation:
    """Which organisation the county lists, since when, and why."""

    by: Caller
    listing_id: ListingId
    organisation_id: OrganisationId
    listed_on: date
    ground: str

    def digest(self) -> str:
        """What makes two requests the same listing."""
        return digest_of({"organisation": self.organisation_id, "on": self.listed_on, "ground": self.ground})


async def list_weak_organisation(command: ListWeakOrganisation, ports: Ports) -> WeakOrganisation:
    """Store the listing once; the same request again gives the one that is there.

    Raises UnknownOrganisation, NotFound and Forbidden by scope, ListedLater, NotLiveYet, HistoryClosed, ListedTooEarly,
    AlreadyListed, and AlreadyThere when the id names another listing.
    """
    path = await ports.directory.place(command.organisation_id)
    if path is None:
        raise UnknownOrganisation
    command.by.require(LISTERS, path)

    async def put_on_the_list() -> WeakOrganisation:
        if command.listed_on > ports.clock.today():
            raise ListedLater
        township_id = TownshipId(path.township_id)
        township = await ports.directory.township(township_id)
        township.refuse_outside(command.listed_on, field="listed_on")
        accepted_on = await ports.weak_organisations.last_acceptance(command.organisation_id)
        if accepted_on is not None and command.listed_on <= accepted_on:
            raise ListedTooEarly(accepted_on=accepted_on)
        weak = WeakOrganisation(
            id=command.listing_id,
            organisation_id=command.organisation_id,
            path=path,
            township_id=township_id,
            listed_on=command.listed_on,
            ground=command.ground,
            made_from=command.digest(),
            trail=(TrailEntry.left_by(command.by, "listed", at=ports.clock.now()),),
        )
        await ports.weak_organisations.save(weak, weak.listed())
        return weak

    weak = await created_once(
        put_on_the_list, lambda: ports.weak_organisations.find(command.listing_id), digest=command.digest
    )
    await follow_if_moved(weak, ports)
    return weak
