"""Read closings: one with what is missing before it can be sealed, or a list of one's scope."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.scoring.domain.closing import Closing, ClosingState, closing_id
from services.scoring.use_cases.closing_ports import ClosingListing, ClosingPorts
from services.scoring.use_cases.find_hindrances import Hindrances, find_hindrances
from services.scoring.use_cases.visible_closing import CLOSING_READERS, visible_closing
from shared.events.scoring import Standard
from shared.kernel.access import Caller


@dataclass(frozen=True, slots=True)
class ReadClosings:
    """Which list."""

    by: Caller
    limit: int
    standard: Standard | None = None
    period: str | None = None
    state: ClosingState | None = None
    after: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ClosingInFull:
    """A closing, what is missing before it can be sealed, and how many scores are sealed already."""

    closing: Closing
    hindrances: Hindrances
    sealed: int


async def read_closing(
    standard: Standard, township_id: str, period: str, by: Caller, ports: ClosingPorts
) -> ClosingInFull:
    """One closing. Raises ClosingUnknown, Forbidden."""
    closing = await visible_closing(ports.closings, by, closing_id(standard, township_id, period))
    sealed = 0 if closing.state == "notice" else await ports.seals.count(closing.id)
    return ClosingInFull(closing, await find_hindrances(closing, ports), sealed)


async def list_closings(wanted: ReadClosings, ports: ClosingPorts) -> Sequence[Closing]:
    """Closings by the day their notice was opened, the latest first."""
    listing = ClosingListing(
        scopes=wanted.by.scopes(CLOSING_READERS),
        limit=wanted.limit,
        standard=wanted.standard,
        period=wanted.period,
        state=wanted.state,
        after=wanted.after,
    )
    return await ports.closings.list(listing)
