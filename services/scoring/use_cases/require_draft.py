"""Who reads and who writes drafts of rule books."""

from services.scoring.domain.draft import DraftId, RuleBookDraft
from services.scoring.domain.publication_refusals import DraftUnknown
from services.scoring.use_cases.publication_ports import PublicationPorts
from shared.kernel.access import BUSINESS, Caller, Role
from shared.kernel.errors import Forbidden

PUBLISHERS = (Role.COUNTY_ORGANISER,)
"""Who drafts, consults, publishes (domain.md section 1: the county publishes its standards)."""
READERS = (*PUBLISHERS, Role.ORGANISER, Role.SECRETARY)
"""Who reads drafts; organiser and secretary those of the county above them, since it asks them for their opinion."""


async def require_draft(draft_id: DraftId, by: Caller, ports: PublicationPorts) -> RuleBookDraft:
    """The draft, for one of its publishers. Raises DraftUnknown outside his county, Forbidden for a mere reader."""
    draft = await ports.drafts.find(draft_id)
    if draft is None:
        raise DraftUnknown
    if by.may(PUBLISHERS, draft.path):
        return draft
    raise Forbidden if by.may(BUSINESS, draft.path) else DraftUnknown


async def counties_of(by: Caller, ports: PublicationPorts) -> frozenset[str]:
    """The counties in which the caller reads drafts: where his roles lie, or above."""
    found = set()
    for scope in by.scopes(READERS):
        organisation = await ports.directory.organisation(scope)
        if organisation is not None:
            found.add(organisation.path.segments[0])
    return frozenset(found)
