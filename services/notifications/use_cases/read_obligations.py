"""Read obligations: one, or a list of one's own and then of one's scope."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from services.notifications.domain.obligation import Obligation
from services.notifications.domain.state import State
from services.notifications.use_cases.access import OVERSIGHT, visible_obligation
from services.notifications.use_cases.ports import Listing, Ports
from shared.kernel.access import Caller
from shared.kernel.ids import ObligationId

Part = Literal["own", "scope"]
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
    """One's own first, then those of the scope; of each the last due first."""
    own = Listing(
        limit=wanted.limit,
        owner=wanted.by.person_id or "",
        states=wanted.states,
        regulation_id=wanted.regulation_id,
        organisation_id=wanted.organisation_id,
    )
    scope = replace(own, owner=None, scopes=wanted.by.scopes(OVERSIGHT), not_of=wanted.by.person_id)
    return await list_in_two_parts(own, scope, wanted.after, ports)


async def list_in_two_parts(own: Listing, scope: Listing, after: Place | None, ports: Ports) -> Found:
    """A page that begins in the part the last one ended in, and goes on into the next."""
    found: list[Item] = []
    for part, listing in (("own", own), ("scope", scope)):
        if after is not None and after.part == "scope" and part == "own":
            continue
        behind = (after.due_on, after.id) if after is not None and after.part == part else None
        items: Sequence[Obligation] = ()
        if len(found) < listing.limit:
            items = await ports.obligations.list(replace(listing, limit=listing.limit - len(found), after=behind))
        found += [("own" if part == "own" else "scope", item) for item in items]
    titles = await ports.directory.titles([item.terms.organisation_id for _, item in found])
    return Found(tuple(found), titles)
