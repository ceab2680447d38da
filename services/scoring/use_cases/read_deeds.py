"""Read deeds: one, or a list of one's own, of one's scope and of what is on public notice in one's branch."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.scoring.domain.deed import Deed, DeedState
from services.scoring.use_cases.access import OVERSEERS, visible_deed
from services.scoring.use_cases.record_ports import DeedListing, RecordPorts
from shared.kernel.access import Caller, Role
from shared.kernel.calendar import Period


@dataclass(frozen=True, slots=True)
class ReadDeeds:
    """Which list: `mine` leaves only the caller's own; who oversees nothing sees besides what is on notice."""

    by: Caller
    limit: int
    mine: bool = False
    member_id: str | None = None
    branch_id: str | None = None
    state: DeedState | None = None
    period: Period | None = None
    after: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class DeedsRead:
    """What was found, and how it was asked for."""

    listing: DeedListing
    deeds: Sequence[Deed]


async def read_deed(deed_id: str, by: Caller, ports: RecordPorts) -> Deed:
    """One deed, as far as its reader may know it. Raises DeedUnknown, Forbidden."""
    return await visible_deed(ports, by, deed_id)


async def list_deeds(wanted: ReadDeeds, ports: RecordPorts) -> DeedsRead:
    """Deeds, one's own first, the latest first; what one reads of the public notice alone is without its words."""
    by = wanted.by
    own = frozenset({each.id for each in await ports.directory.members_of(by.person_id)} if by.person_id else ())
    overseen = by.scopes(OVERSEERS)
    scopes = overseen | by.scopes((Role.MEMBER,)) if wanted.state == "confirmed" else overseen
    listing = DeedListing(
        scopes=scopes,
        limit=wanted.limit,
        member_id=wanted.member_id,
        branch_id=wanted.branch_id,
        state=wanted.state,
        period=wanted.period,
        after=wanted.after,
        own=own,
        own_only=wanted.mine or not scopes,
    )
    found = await ports.deeds.list(listing)
    whole = (deed.member_id in own or by.may(OVERSEERS, deed.path) for deed in found)
    return DeedsRead(
        listing, [deed if is_whole else deed.on_notice() for deed, is_whole in zip(found, whole, strict=True)]
    )
