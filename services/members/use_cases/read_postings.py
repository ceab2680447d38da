"""Read postings: one, one's own, or those of one's scope."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.members.domain.posting import Posting
from services.members.use_cases.access import OVERSIGHT, visible_posting
from services.members.use_cases.ports import Listing, Ports
from shared.events.members import Post
from shared.kernel.access import Caller
from shared.kernel.ids import CadreId, OrganisationId, PostingId


@dataclass(frozen=True, slots=True)
class ReadPostings:
    """Which part of the list; who oversees nothing sees his own in any case."""

    by: Caller
    limit: int
    mine: bool = False
    cadre_id: CadreId | None = None
    organisation_id: OrganisationId | None = None
    post: Post | None = None
    after: tuple[str, ...] | None = None

    def listing(self) -> Listing:
        """The part of the store this reader may see of it."""
        scopes: frozenset[str] | None = self.by.scopes(OVERSIGHT)
        person_id: str | None = self.cadre_id
        if self.mine or not scopes:
            scopes, person_id = None, self.by.person_id or ""
        own = self.by.person_id
        return Listing(scopes, self.limit, person_id, self.organisation_id, self.post, self.after, own)

    def key(self, posting: Posting) -> tuple[str, str, str]:
        """Where a posting stands in the list."""
        return self.listing().key(posting.cadre_id, posting.starts_on, posting.id)


async def read_posting(posting_id: PostingId, by: Caller, ports: Ports) -> Posting:
    """One posting. Raises UnknownPosting."""
    return await visible_posting(ports, by, posting_id)


async def list_postings(wanted: ReadPostings, ports: Ports) -> Sequence[Posting]:
    """Postings, one's own first, then the latest to start."""
    return await ports.postings.list(wanted.listing())
