"""A weak organisation: listed for rectification (软弱涣散整顿), from listed to accepted."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self

from services.duties.domain.refusals import AcceptedOutOfTime, AlreadyAccepted
from shared.events.base import Correction
from shared.events.duties import WeakOrganisationAccepted, WeakOrganisationListed
from shared.kernel.access import Caller, OrganisationPath
from shared.kernel.clock import local_day
from shared.kernel.ids import ListingId, OrganisationId
from shared.kernel.trail import TrailEntry


@dataclass(frozen=True, slots=True)
class WeakOrganisation:
    """One listing of a branch or general branch under rectification (report: 对软弱涣散*村党总支进行了整顿).

    Open until accepted; `ground`, why it was listed, and `trail` stay in this service.
    """

    id: ListingId
    organisation_id: OrganisationId
    path: OrganisationPath
    listed_on: date
    ground: str
    made_from: str
    accepted_on: date | None = None
    revision: int = 1
    trail: tuple[TrailEntry, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it is under rectification still: no star meanwhile."""
        return self.accepted_on is None

    def listed(self) -> WeakOrganisationListed:
        """The fact that begins it."""
        return WeakOrganisationListed(
            listing_id=self.id,
            organisation_id=self.organisation_id,
            listed_on=self.listed_on,
            occurred_on=self.listed_on,
        )

    def accept(self, *, on: date, by: Caller, at: datetime) -> tuple[Self, WeakOrganisationAccepted]:
        """The rectification is accepted (验收). Raises AlreadyAccepted, AcceptedOutOfTime."""
        if self.accepted_on is not None:
            raise AlreadyAccepted(accepted_on=self.accepted_on)
        if not self.listed_on <= on <= local_day(at):
            raise AcceptedOutOfTime(listed_on=self.listed_on)
        revision = self.revision + 1
        left = TrailEntry.left_by(by, "accepted", revision=revision, at=at)
        accepted = replace(self, accepted_on=on, revision=revision, trail=(*self.trail, left))
        return accepted, WeakOrganisationAccepted(
            listing_id=self.id,
            organisation_id=self.organisation_id,
            listed_on=self.listed_on,
            occurred_on=on,
            corrects=(Correction(type=WeakOrganisationListed.TYPE, revision=1, day=self.listed_on),),
        )
