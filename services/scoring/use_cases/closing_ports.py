"""What the closing of periods needs of the world."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from services.scoring.domain.closing import Closing, ClosingProcedure, ClosingState, SealRecord
from services.scoring.use_cases.ports import Ports
from services.scoring.use_cases.record_ports import Objections
from shared.events.base import Event
from shared.events.scoring import Standard
from shared.kernel.access import OrganisationPath


@dataclass(frozen=True, slots=True)
class ClosingListing:
    """Which closings: below the scopes, of a standard, a period, in a state, after a sort key, so many."""

    scopes: frozenset[str]
    limit: int
    standard: Standard | None = None
    period: str | None = None
    state: ClosingState | None = None
    after: tuple[str, ...] | None = None

    @staticmethod
    def key(closing: Closing) -> tuple[str, str]:
        """Where a closing stands in this list."""
        return closing.opened_on.isoformat(), closing.id


class Closings(Protocol):
    """The closings of townships' periods."""

    async def find(self, closing_id: str) -> Closing | None:
        """The closing, if there is one."""
        ...

    async def save(self, closing: Closing, *events: Event) -> None:
        """Store the closing and what happened to it in one write; raises AlreadyThere or Stale."""
        ...

    async def list(self, listing: ClosingListing) -> Sequence[Closing]:
        """Closings by the day their notice was opened, latest first."""
        ...

    async def untold(self, limit: int) -> Sequence[Closing]:
        """Closings whose notice the announcer was not pointed at yet."""
        ...

    async def told(self, closing_id: str) -> None:
        """The announcer was pointed at the notice: it is untold no more."""
        ...

    async def sealing(self, limit: int) -> Sequence[Closing]:
        """Closings whose scores are to be sealed."""
        ...

    async def moved(self, organisation_id: str, path: OrganisationPath) -> None:
        """The township hangs elsewhere now, and its closings with it."""
        ...


class SealRecords(Protocol):
    """What was sealed, each once, with the facts not yet published."""

    async def find(self, seal_id: str) -> SealRecord | None:
        """The record, if there is one."""
        ...

    async def save(self, record: SealRecord, *events: Event) -> None:
        """Store the record and its fact in one write; raises AlreadyThere."""
        ...

    async def count(self, closing_id: str) -> int:
        """How many subjects of a closing are sealed."""
        ...


@dataclass(frozen=True, slots=True)
class ClosingPorts:
    """Everything the closing of periods may reach; `scored` is the build people see."""

    closings: Closings
    seals: SealRecords
    objections: Objections
    procedure: ClosingProcedure
    scored: Ports
