"""Read obligations: one, or a list of one's own and then of one's scope."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from services.notifications.domain.obligation import Obligation
from services.notifications.domain.state import State
from services.notifications.use_cases.access import LEADS, OVERSIGHT, visible_obligation
from services.notifications.use_cases.ports import Listing, Ports
from shared.kernel.access import Caller
from shared.kernel.ids import ObligationId

Part = Literal["own", "branch", "scope"]
"""What one owes oneself, what the branches one leads owe, and whatever else lies in one's scope."""
PARTS: tuple[Part, ...] = get_args(Part)
Item = tuple[Part, Obligation]
"""An obligation, and the part of the list it stands in."""


@dataclass(frozen=True, slots=True)
class Place:
    """Behind which item of which part of a list the next page begins."""

    part: Part
    due_on: str
    id: str


@dataclass(frozen=True, slots=True)
class ReadObligations:
    """Which obligations, from where on."""

    by: Caller
    limit: int
    states: frozenset[State] = frozenset()
    regulation_id: str | None = None
    organisation_id: str | None = None
    after: Place | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Obligations with the part of the list they stand in, and the titles of their organisations."""

    items: tuple[Item, ...]
    titles: Mapping[str, str]


async def read_obligation(obligation_id: ObligationId, by: Caller, ports: Ports) -> Obligation:
    """One obligation. Raises UnknownObligation, Forbidden."""
    return await visible_obligation(ports, by, obligation_id, OVERSIGHT)


async def list_obligations(wanted: ReadObligations, ports: Ports) -> Found:
    """One's own first, then those of the branches one leads, then the rest of the scope; each the last due first."""
    mine = Listing(
        limit=wanted.limit,
        states=wanted.states,
        regulation_id=wanted.regulation_id,
        organisation_id=wanted.organisation_id,
    )
    scope = replace(mine, scopes=wanted.by.scopes(OVERSIGHT))
    return await list_in_parts(parts(wanted.by, mine, scope), wanted.after, ports)


def parts(by: Caller, mine: Listing, scope: Listing) -> Mapping[Part, Listing]:
    """The parts of somebody's list: of his own and of his branches' with the limits of `mine`; nothing stands twice."""
    led = by.scopes(LEADS)
    return {
        "own": replace(mine, owner=by.person_id or ""),
        "branch": replace(mine, scopes=led, of_branches=True, not_of=by.person_id),
        "scope": replace(scope, not_of=by.person_id, not_below=led),
    }


async def list_in_parts(listings: Mapping[Part, Listing], after: Place | None, ports: Ports) -> Found:
    """A page that begins in the part the last one ended in, and goes on into the next."""
    found: list[Item] = []
    begin = PARTS.index(after.part) if after is not None else 0
    for part in PARTS[begin:]:
        listing = listings[part]
        left = listing.limit - len(found)
        if left > 0 and (listing.owner is not None or listing.scopes):
            behind = (after.due_on, after.id) if after is not None and after.part == part else None
            items = await ports.obligations.list(replace(listing, limit=left, after=behind))
            found += [(part, item) for item in items]
    titles = await ports.directory.titles([item.terms.organisation_id for _, item in found])
    return Found(tuple(found), titles)
