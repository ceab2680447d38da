"""A weak organisation: listed for rectification (软弱涣散整顿), from listed to accepted or withdrawn."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self

from services.duties.domain.refusals import AcceptedOutOfTime, AlreadyAccepted, ListingIsWithdrawn
from services.duties.domain.trail import What
from shared.events.base import Correction
from shared.events.duties import WeakOrganisationAccepted, WeakOrganisationListed, WeakOrganisationWithdrawn
from shared.kernel.access import Caller, OrganisationPath
from shared.kernel.clock import local_day
from shared.kernel.ids import ListingId, OrganisationId, TownshipId
from shared.kernel.trail import TrailEntry


@dataclass(frozen=True, slots=True)
class WeakOrganisation:
    """One listing of a branch or general branch under rectification (report: 对软弱涣散*村党总支进行了整顿).

    Open until accepted or withdrawn; `ground`, why it was listed, and `trail` stay in this service. `township_id` is
    the township it was recorded in, whose times hold for it wherever the organisation hangs now.
    """

    id: ListingId
    organisation_id: OrganisationId
    path: OrganisationPath
    township_id: TownshipId
    listed_on: date
    ground: str
    made_from: str
    accepted_on: date | None = None
    withdrawn: bool = False
    revision: int = 1
    trail: tuple[TrailEntry, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it is under rectification still: no star meanwhile."""
        return self.accepted_on is None and not self.withdrawn

    def listed(self) -> WeakOrganisationListed:
        """The fact that begins it."""
        return WeakOrganisationListed(
            listing_id=self.id,
            organisation_id=self.organisation_id,
            listed_on=self.listed_on,
            occurred_on=self.listed_on,
        )

    def accept(self, *, on: date, by: Caller, at: datetime) -> tuple[Self, WeakOrganisationAccepted]:
        """The rectification is accepted (验收). Raises ListingIsWithdrawn, AlreadyAccepted, AcceptedOutOfTime."""
        if self.withdrawn:
            raise ListingIsWithdrawn
        if self.accepted_on is not None:
            raise AlreadyAccepted(accepted_on=self.accepted_on)
        if not self.listed_on <= on <= local_day(at):
            raise AcceptedOutOfTime(listed_on=self.listed_on)
        accepted = self._next(replace(self, accepted_on=on), "accepted", by=by, at=at)
        return accepted, WeakOrganisationAccepted(
            listing_id=self.id,
            organisation_id=self.organisation_id,
            listed_on=self.listed_on,
            occurred_on=on,
            corrects=(self._standing(),),
        )

    def withdraw(self, *, by: Caller, at: datetime) -> tuple[Self, WeakOrganisationWithdrawn]:
        """Take it back, accepted or not: the organisation was not weak then. Raises ListingIsWithdrawn."""
        if self.withdrawn:
            raise ListingIsWithdrawn
        withdrawn = self._next(replace(self, withdrawn=True), "withdrawn", by=by, at=at)
        return withdrawn, WeakOrganisationWithdrawn(
            listing_id=self.id,
            organisation_id=self.organisation_id,
            listed_on=self.listed_on,
            occurred_on=self.listed_on,
            corrects=(self._standing(),),
        )

    def _standing(self) -> Correction:
        """What stands until now, the listing or its acceptance; either counts from the day of the listing on."""
        fact = WeakOrganisationListed if self.accepted_on is None else WeakOrganisationAccepted
        return Correction(type=fact.TYPE, revision=self.revision, day=self.listed_on)

    def _next(self, changed: Self, what: What, *, by: Caller, at: datetime) -> Self:
        """What was changed, as the next revision and with its trail."""
        revision = self.revision + 1
        left = TrailEntry.left_by(by, what, revision=revision, at=at)
        return replace(changed, revision=revision, trail=(*self.trail, left))
