"""Read rule books: those in force and to come, the drafts, and either as a page to print."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from services.scoring.domain.draft import DraftId, DraftState, RuleBookDraft
from services.scoring.domain.printed import Imprint, day_in_words, printed
from services.scoring.domain.publication_refusals import DraftHasFaults, DraftUnknown, RuleBookUnknown
from services.scoring.domain.rule_book import RuleBook
from services.scoring.use_cases.publication_ports import DraftListing, PublicationPorts
from services.scoring.use_cases.require_draft import READERS, counties_of
from shared.events.scoring import Standard
from shared.kernel.access import BUSINESS, Caller
from shared.kernel.errors import Forbidden

BookState = Literal["in_force", "coming", "ended"]
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LiveBook:
    """A book with its place in time: until its own last day, or the day before the next version's first."""

    book: RuleBook
    state: BookState
    until: date | None


async def list_rule_books(ports: PublicationPorts) -> Sequence[LiveBook]:
    """All live books, by standard and start."""
    today = ports.clock.today()
    books = sorted(await ports.books.live(), key=lambda book: (book.standard, book.effective.from_))
    return [_in_time(book, books, today) for book in books]


async def print_rule_book(standard: Standard, version: str, ports: PublicationPorts) -> str:
    """A live book as a page to print. Raises RuleBookUnknown."""
    found = [
        each for each in await list_rule_books(ports) if (each.book.standard, each.book.version) == (standard, version)
    ]
    if not found:
        raise RuleBookUnknown(version=version)
    [live] = found
    return printed(live.book, ports.words, Imprint(_note(live), live.until))


async def read_draft(draft_id: DraftId, by: Caller, ports: PublicationPorts) -> RuleBookDraft:
    """One draft of the reader's county. Raises DraftUnknown."""
    draft = await ports.drafts.find(draft_id)
    if draft is None:
        raise DraftUnknown
    if by.may(READERS, draft.path) or draft.path.organisation_id in await counties_of(by, ports):
        return draft
    raise Forbidden if by.may(BUSINESS, draft.path) else DraftUnknown


@dataclass(frozen=True, slots=True)
class ListDrafts:
    """Which part of the list of drafts."""

    by: Caller
    limit: int
    state: DraftState | None = None
    after: tuple[str, ...] | None = None


async def list_drafts(wanted: ListDrafts, ports: PublicationPorts) -> Sequence[RuleBookDraft]:
    """The drafts of the reader's county, the last drafted first."""
    counties = await counties_of(wanted.by, ports)
    return await ports.drafts.list(DraftListing(counties, wanted.limit, wanted.state, wanted.after))


async def print_draft(draft_id: DraftId, by: Caller, ports: PublicationPorts) -> str:
    """A draft as a page to print and to be asked about. Raises DraftUnknown, DraftHasFaults."""
    draft = await read_draft(draft_id, by, ports)
    if draft.book is None:
        raise DraftHasFaults(count=len(draft.faults))
    publication = draft.publication
    if publication is None:
        return printed(draft.book, ports.words, Imprint("征求意见稿"))
    note = f"{day_in_words(publication.published_on)}发布"
    return printed(draft.book, ports.words, Imprint(note, basis=publication.basis))


def _in_time(book: RuleBook, books: Sequence[RuleBook], today: date) -> LiveBook:
    starts = [each.effective.from_ for each in books if each.standard == book.standard]
    ends = [start - _ONE_DAY for start in starts if start > book.effective.from_]
    if book.effective.to is not None:
        ends.append(book.effective.to)
    until = min(ends, default=None)
    if today < book.effective.from_:
        return LiveBook(book, "coming", until)
    return LiveBook(book, "in_force" if until is None or today <= until else "ended", until)


def _note(live: LiveBook) -> str:
    starts = day_in_words(live.book.effective.from_)
    return {
        "in_force": f"自{starts}起施行",
        "coming": f"将自{starts}起施行",
        "ended": f"自{starts}起施行，已停止施行",
    }[live.state]
