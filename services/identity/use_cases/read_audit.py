"""Read the audit log: what happened, together with what was done to accounts."""

import heapq
from collections.abc import Sequence
from itertools import islice

from services.identity.domain.audit import AuditEntry
from services.identity.use_cases.ports import AuditListing, Ports


async def read_audit(listing: AuditListing, ports: Ports) -> Sequence[AuditEntry]:
    """So many entries, the newest first; deeds come from the trails, where they stand for as long as the account."""
    kept = await ports.audit.list(listing)
    deeds = await ports.accounts.deeds(listing)
    newest = heapq.merge(kept, deeds, key=lambda each: (each.at, each.id), reverse=True)
    return list(islice(newest, listing.limit))
