"""What the use cases need of the world."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from services.members.domain.calendar_year import CalendarYear
from services.members.domain.disposal import Disposal
from services.members.domain.exemption import Exemption
from services.members.domain.leave import Leave
from services.members.domain.member import Member
from services.members.domain.organisation import Organisation
from services.members.domain.posting import Posting
from services.members.domain.township import Township
from shared.events.base import Event
from shared.events.members import OrganisationKind, Post
from shared.kernel.access import OrganisationPath
from shared.kernel.clock import Clock
from shared.kernel.ids import (
    AccountId,
    BranchId,
    CadreId,
    CaseId,
    ExemptionId,
    LeaveId,
    MemberId,
    OrganisationId,
    PersonId,
    PostingId,
)


@dataclass(frozen=True, slots=True)
class OrganisationListing:
    """Which organisations below the scopes: one's `own` first, then by order and id, so many after a sort key."""

    scopes: frozenset[str]
    limit: int
    own: frozenset[str] = frozenset()
    own_only: bool = False
    kind: OrganisationKind | None = None
    parent_id: str | None = None
    after: tuple[str, ...] | None = None

    def key(self, organisation: Organisation) -> tuple[str, str, str]:
        """Where an organisation stands in this list."""
        return "0" if organisation.id in self.own else "1", organisation.order, organisation.id


@dataclass(frozen=True, slots=True)
class Listing:
    """Which members, postings, leaves and so on: below the scopes, or (`scopes` None) wherever the person's own are.

    What is the `own` of the person reading comes first, of all but disposals.
    """

    scopes: frozenset[str] | None
    limit: int
    person_id: str | None = None
    organisation_id: str | None = None
    post: Post | None = None
    after: tuple[str, ...] | None = None
    own: str | None = None

    def key(self, person_id: str | None, day: date, id_: str) -> tuple[str, str, str]:
        """Where what concerns a person since that day stands in this list."""
        return "0" if person_id is not None and person_id == self.own else "1", day.isoformat(), id_


class Organisations(Protocol):
    """The tree."""

    async def find(self, organisation_id: OrganisationId) -> Organisation | None:
        """The organisation, if there is one."""
        ...

    async def register(self, organisation: Organisation, parent: Organisation | None, event: Event) -> None:
        """Store a new organisation; raises AlreadyThere, CodeTaken, or Stale when the parent moved meanwhile."""
        ...

    async def change(self, changed: Sequence[tuple[Organisation, Event]], parent: Organisation | None) -> None:
        """Store an organisation, and with it all below it that move along, all or none, and all that hangs there.

        Raises CodeTaken, or Stale when any of them, or the parent, changed meanwhile, or another was hung below.
        """
        ...

    async def below(self, organisation_id: OrganisationId) -> Sequence[Organisation]:
        """All below an organisation, itself left out."""
        ...

    async def within(self, scopes: frozenset[str]) -> Sequence[Organisation]:
        """All in the scopes, the outermost first, in order."""
        ...

    async def list(self, listing: OrganisationListing) -> Sequence[Organisation]:
        """Part of a list."""
        ...


class Townships(Protocol):
    """The townships' times."""

    async def find(self, township_id: str) -> Township | None:
        """The township's times, if any were ever set."""
        ...

    async def save(self, township: Township, *events: Event) -> None:
        """Store it with what happened; raises Stale, or AlreadyThere when a span's id is taken in another township.

        A township has no id of its own to be taken: who comes second with its first revision is stale as well.
        """
        ...


class Members(Protocol):
    """The members."""

    async def find(self, member_id: MemberId) -> Member | None:
        """The member, if there is one."""
        ...

    async def save(self, member: Member, *events: Event) -> None:
        """Store the member with what happened; raises AlreadyThere, Stale, EnrolledElsewhere."""
        ...

    async def standing(self, member: Member) -> Member | None:
        """Where the same person belongs under another record, if that has not ended."""
        ...

    async def list(self, listing: Listing) -> Sequence[Member]:
        """Members, one's own first, then by the day they joined, the earliest first."""
        ...

    async def moved(self, branch_id: BranchId, path: OrganisationPath) -> None:
        """The branch hangs elsewhere now, and its members with it."""
        ...


class Postings(Protocol):
    """The postings."""

    async def find(self, posting_id: PostingId) -> Posting | None:
        """The posting, if there is one."""
        ...

    async def save(self, posting: Posting, *events: Event) -> None:
        """Store the posting with what happened; raises AlreadyThere, Stale, PostingOverlaps."""
        ...

    async def list(self, listing: Listing) -> Sequence[Posting]:
        """Postings, one's own first, then by the day they start, the latest first."""
        ...

    async def of_person(self, cadre_id: CadreId) -> Sequence[Posting]:
        """All a person ever held."""
        ...

    async def moved(self, organisation_id: OrganisationId, path: OrganisationPath) -> None:
        """The organisation hangs elsewhere now, and its postings with it."""
        ...


class Leaves(Protocol):
    """The leaves."""

    async def find(self, leave_id: LeaveId) -> Leave | None:
        """The leave, if there is one."""
        ...

    async def save(self, leave: Leave, *events: Event) -> None:
        """Store the leave with what happened; raises AlreadyThere, Stale, LeaveOverlaps."""
        ...

    async def list(self, listing: Listing) -> Sequence[Leave]:
        """Leaves, one's own first, then by the day they start, the latest first."""
        ...

    async def moved(self, organisation_id: OrganisationId, path: OrganisationPath) -> None:
        """The organisation hangs elsewhere now, and its leaves with it."""
        ...


class Exemptions(Protocol):
    """The exemptions."""

    async def find(self, exemption_id: ExemptionId) -> Exemption | None:
        """The exemption, if there is one."""
        ...

    async def save(self, exemption: Exemption, *events: Event) -> None:
        """Store it with what happened; raises AlreadyThere, Stale, ExemptionOverlaps, ExemptionRunsIntoNext."""
        ...

    async def list(self, listing: Listing) -> Sequence[Exemption]:
        """Exemptions, one's own first, then by the day they start, the latest first."""
        ...

    async def moved(self, branch_id: BranchId, path: OrganisationPath) -> None:
        """The branch hangs elsewhere now, and its exemptions with it."""
        ...


class Calendars(Protocol):
    """The published calendars."""

    async def find(self, calendar_id: str) -> CalendarYear | None:
        """The table of that id, if it was published."""
        ...

    async def save(self, calendar: CalendarYear, *events: Event) -> None:
        """Store the table with what happened; raises AlreadyThere or Stale."""
        ...


class Disposals(Protocol):
    """The disposals: restricted."""

    async def find(self, case_id: CaseId) -> Disposal | None:
        """The disposal, if there is one."""
        ...

    async def record(self, disposal: Disposal, disposed: Event, ended: tuple[Member, Event] | None) -> None:
        """Store the disposal and, where it ends one, the membership: both or neither; raises AlreadyThere, Stale."""
        ...

    async def list(self, listing: Listing) -> Sequence[Disposal]:
        """Disposals by the day they were decided, the latest first."""
        ...


@dataclass(frozen=True, slots=True)
class RestrictedRead:
    """Somebody read a restricted record."""

    case_id: CaseId
    account_id: AccountId
    person_id: PersonId | None
    read_at: datetime


class AccessLog(Protocol):
    """Who read which restricted record, and when."""

    async def note(self, reads: Sequence[RestrictedRead]) -> None:
        """Write them down, before anything is shown."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything a use case may reach."""

    organisations: Organisations
    townships: Townships
    members: Members
    postings: Postings
    leaves: Leaves
    exemptions: Exemptions
    calendars: Calendars
    disposals: Disposals
    access_log: AccessLog
    clock: Clock
