"""End a posting."""

from dataclasses import dataclass
from datetime import date

from services.members.domain.posting import Posting
from services.members.domain.trail import noted
from services.members.use_cases.access import DESK, visible_posting
from services.members.use_cases.ports import Ports
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.ids import PostingId
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class EndPosting:
    """Which post ends with which day, as the person saw it."""

    by: Caller
    posting_id: PostingId
    seen_revision: int
    ends_on: date


@repeatable
async def end_posting(command: EndPosting, ports: Ports) -> Posting:
    """Store the last day; saying again what stands changes nothing.

    Raises UnknownPosting, Forbidden, PostingEndedAlready, EndsBeforeItStarts, Stale, and
    PostingOverlaps when the last day is put off into the next term.
    """
    posting = await visible_posting(ports, command.by, command.posting_id)
    command.by.require(DESK, posting.path)
    if posting.ends_on == command.ends_on:
        return posting
    if posting.revision != command.seen_revision:
        raise Stale
    posting, ended = posting.end(command.ends_on, today=ports.clock.today())
    posting = noted(posting, "ended", command.by, ports.clock.now())
    await ports.postings.save(posting, ended)
    return posting
