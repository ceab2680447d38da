"""What the use cases of deeds, review marks and objections need of the world."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from services.scoring.domain.deed import Deed, DeedState
from services.scoring.domain.deed_procedure import DeedProcedure
from services.scoring.domain.objection import Objection, ObjectionState
from services.scoring.domain.review import Review
from services.scoring.use_cases.directory_ports import Directory
from services.scoring.use_cases.ports import Ledger
from shared.events.base import Event
from shared.events.scoring import Standard
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import Period
from shared.kernel.clock import Clock

OWN, OTHERS = "0", "1"
"""The ranks of a list, as they stand first in its sort keys."""


@dataclass(frozen=True, slots=True)
class DeedListing:
    """Which deeds: first those of the reader's own memberships, then what he may read below `scopes`, so many."""

    scopes: frozenset[str]
    limit: int
    member_id: str | None = None
    branch_id: str | None = None
    state: DeedState | None = None
    period: Period | None = None
    after: tuple[str, ...] | None = None
    own: frozenset[str] = frozenset()
    own_only: bool = False

    def key(self, deed: Deed) -> tuple[str, str, str]:
        """Where a deed stands in this list."""
        return OWN if deed.member_id in self.own else OTHERS, deed.done_on.isoformat(), deed.id


class Deeds(Protocol):
    """The deeds (记实事项)."""

    async def find(self, deed_id: str) -> Deed | None:
        """The deed, if there is one."""
        ...

    async def save(self, deed: Deed, *events: Event) -> None:
        """Store the deed and what happened to it in one write; raises AlreadyThere or Stale."""
        ...

    async def list(self, listing: DeedListing) -> Sequence[Deed]:
        """Deeds, one's own first, each by the day they were done, latest first."""
        ...

    async def over(self, today: date, limit: int) -> Sequence[Deed]:
        """Confirmed deeds whose notice ended before today, longest over first."""
        ...

    async def moved(self, organisation_id: str, path: OrganisationPath) -> None:
        """The branch hangs elsewhere now, and its deeds with it."""
        ...


@dataclass(frozen=True, slots=True)
class ReviewListing:
    """Which review marks: below the scopes, of a year, after a sort key, so many."""

    scopes: frozenset[str]
    limit: int
    year: int | None = None
    after: tuple[str, ...] | None = None

    @staticmethod
    def key(review: Review) -> tuple[str, str]:
        """Where a mark stands in this list."""
        return f"{review.year:04d}", review.branch_id


class Reviews(Protocol):
    """The review marks (评议)."""

    async def find(self, review_id: str) -> Review | None:
        """The mark, if there is one."""
        ...

    async def save(self, review: Review, *events: Event) -> None:
        """Store the mark and what happened to it in one write; raises AlreadyThere or Stale."""
        ...

    async def list(self, listing: ReviewListing) -> Sequence[Review]:
        """Marks, the latest year first, each year by branch."""
        ...

    async def moved(self, organisation_id: str, path: OrganisationPath) -> None:
        """The branch hangs elsewhere now, and its marks with it."""
        ...


@dataclass(frozen=True, slots=True)
class ObjectionListing:
    """Which objections: first those the reader filed, then those below the scopes he oversees, so many."""

    scopes: frozenset[str]
    limit: int
    own: str | None = None
    standard: Standard | None = None
    state: ObjectionState | None = None
    after: tuple[str, ...] | None = None
    own_only: bool = False

    def key(self, objection: Objection) -> tuple[str, str, str]:
        """Where an objection stands in this list."""
        return OWN if objection.filed_by == self.own else OTHERS, objection.filed_on.isoformat(), objection.id


class Objections(Protocol):
    """The objections (异议)."""

    async def find(self, objection_id: str) -> Objection | None:
        """The objection, if there is one."""
        ...

    async def save(self, objection: Objection, *events: Event) -> None:
        """Store the objection and what happened to it in one write.

        Raises AlreadyThere, Stale, and AwardObjectedAlready when the award has an open one.
        """
        ...

    async def list(self, listing: ObjectionListing) -> Sequence[Objection]:
        """Objections, one's own first, each by the day they were filed, latest first."""
        ...

    async def moved(self, organisation_id: str, path: OrganisationPath) -> None:
        """The organisation hangs elsewhere now, and the objections at home there with it."""
        ...


@dataclass(frozen=True, slots=True)
class RecordPorts:
    """Everything the use cases of records may reach; `ledger` is that of the generation in force."""

    deeds: Deeds
    reviews: Reviews
    objections: Objections
    directory: Directory
    ledger: Ledger
    procedure: DeedProcedure
    clock: Clock
