"""What the use cases need of the world."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from services.duties.domain.branch import Branch, BranchStructure
from services.duties.domain.meeting import Meeting
from services.duties.domain.meeting_rule import MeetingProcedure
from services.duties.domain.roll import Exemption, Membership, Roll
from services.duties.domain.township import Township
from services.duties.domain.weak_organisation import WeakOrganisation
from shared.events.base import Event
from shared.events.duties import MeetingKind
from shared.events.members import OrganisationKind
from shared.kernel.access import OrganisationPath
from shared.kernel.clock import Clock
from shared.kernel.ids import BranchId, ExemptionId, ListingId, MeetingId, OrganisationId, TownshipId


@dataclass(frozen=True, slots=True)
class MeetingListing:
    """Which part of the list of meetings: what lies below `scopes`, held from day to day, so many after a sort key."""

    scopes: frozenset[str]
    limit: int
    branch_id: BranchId | None = None
    kind: MeetingKind | None = None
    from_on: date | None = None
    to_on: date | None = None
    after: tuple[str, ...] | None = None

    @staticmethod
    def key(meeting: Meeting) -> tuple[str, str]:
        """Where a meeting stands in this list."""
        return meeting.held_on.isoformat(), meeting.id


@dataclass(frozen=True, slots=True)
class WeakListing:
    """Which part of the list of weak organisations: what lies below `scopes`, open or not, so many after a sort key."""

    scopes: frozenset[str]
    limit: int
    organisation_id: OrganisationId | None = None
    is_open: bool | None = None
    after: tuple[str, ...] | None = None

    @staticmethod
    def key(weak: WeakOrganisation) -> tuple[str, str]:
        """Where a listing stands in this list."""
        return weak.listed_on.isoformat(), weak.id


class Meetings(Protocol):
    """The meetings."""

    async def find(self, meeting_id: MeetingId) -> Meeting | None:
        """The meeting, if there is one."""
        ...

    async def save(self, meeting: Meeting, *events: Event) -> None:
        """Store the meeting and what happened to it in one write.

        Raises AlreadyThere, Stale, and AlreadyHeld while another one stands for the same occasion.
        """
        ...

    async def list(self, listing: MeetingListing) -> Sequence[Meeting]:
        """Meetings by the day they were held, latest first."""
        ...

    async def moved(self, branch_id: BranchId, path: OrganisationPath) -> None:
        """The branch hangs elsewhere now, and its meetings with it."""
        ...


class WeakOrganisations(Protocol):
    """The listings of weak organisations."""

    async def find(self, listing_id: ListingId) -> WeakOrganisation | None:
        """The listing, if there is one."""
        ...

    async def save(self, weak: WeakOrganisation, *events: Event) -> None:
        """Store the listing and what happened to it in one write.

        Raises AlreadyThere, Stale, and AlreadyListed for a second open listing of one organisation.
        """
        ...

    async def last_acceptance(self, organisation_id: OrganisationId) -> date | None:
        """The last day a rectification of the organisation was accepted, of the listings that stand."""
        ...

    async def list(self, listing: WeakListing) -> Sequence[WeakOrganisation]:
        """Listings by the day of listing, latest first."""
        ...

    async def moved(self, organisation_id: OrganisationId, path: OrganisationPath) -> None:
        """The organisation hangs elsewhere now, and its listings with it."""
        ...


class Directory(Protocol):
    """What this service has learnt from the members service's facts: organisations, members, townships."""

    async def branch(self, branch_id: BranchId) -> Branch | None:
        """The branch; None while it is unknown, and for what is no branch."""
        ...

    async def place(self, organisation_id: OrganisationId) -> OrganisationPath | None:
        """Where a branch or general branch hangs; None while it is unknown, and for a county or a township."""
        ...

    async def township(self, township_id: TownshipId) -> Township:
        """The times of a township."""
        ...

    async def roll(self, branch_id: BranchId, on: date) -> Roll:
        """Who belonged to the branch on the day, and who of them was exempt."""
        ...

    async def learn_organisation(
        self,
        organisation_id: OrganisationId,
        path: OrganisationPath,
        structure: BranchStructure,
        *,
        kind: OrganisationKind,
    ) -> OrganisationPath:
        """Remember an organisation as of its structure's revision, and each structure it has had.

        Returns where it hangs, for an older revision changes nothing of that. Every process goes by the new place at
        once: what is stored by the old one after that is followed by who stored it (`follow_if_moved`), what was stored
        before by who learnt of the move.
        """
        ...

    async def learn_go_live(self, township_id: str, revision: int, go_live_on: date) -> None:
        """Remember since when a township works live."""
        ...

    async def learn_span(
        self, township_id: str, span_id: str, revision: int, *, from_on: date, to_on: date, closed: bool
    ) -> None:
        """Remember a history span of a township."""
        ...

    async def learn_membership(self, branch_id: BranchId, membership: Membership) -> None:
        """Remember what a revision of a member says."""
        ...

    async def learn_exemption(
        self,
        exemption_id: ExemptionId,
        revision: int,
        branch_id: BranchId,
        exemption: Exemption,
        *,
        withdrawn: bool,
    ) -> None:
        """Remember an exemption as it stands now; an older revision changes nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything a use case may reach."""

    meetings: Meetings
    weak_organisations: WeakOrganisations
    directory: Directory
    clock: Clock
    procedure: MeetingProcedure
