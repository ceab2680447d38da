"""Read the message centre (消息中心): one entry an obligation, as it stands now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from services.notifications.use_cases.access import DESK, reader_of
from services.notifications.use_cases.ports import Listing, Ports
from services.notifications.use_cases.read_obligations import Found, Part, Place, list_in_parts, parts
from shared.kernel.access import Caller
from shared.kernel.ids import ObligationId


@dataclass(frozen=True, slots=True)
class ReadInbox:
    """Whose inbox, from where on."""

    by: Caller
    limit: int
    after: Place | None = None


@dataclass(frozen=True, slots=True)
class Inbox:
    """Entries, up to which revision each was read, and how many are unread altogether."""

    found: Found
    read: Mapping[ObligationId, int]
    unread: int


async def read_inbox(wanted: ReadInbox, ports: Ports) -> Inbox:
    """One's own obligations first, then those of the branches one leads.

    The organiser and the secretary also get what was ever overdue in their scope.

    An obligation has an entry once there was something to tell; entries change in place, and none goes away when what
    was late is done after all. History has none.
    """
    listings = _listings(wanted)
    reader = reader_of(wanted.by)
    found = await list_in_parts(listings, wanted.after, ports)
    unread = [await ports.obligations.unread(listing, reader) for listing in listings.values()]
    return Inbox(found, await ports.obligations.read_by(reader, [item.id for _, item in found.items]), sum(unread))


def _listings(wanted: ReadInbox) -> Mapping[Part, Listing]:
    mine = Listing(limit=wanted.limit, noticed=True)
    return parts(wanted.by, mine, replace(mine, scopes=wanted.by.scopes(DESK), escalated=True))
