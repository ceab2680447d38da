"""Who is scored by a standard in a township and period."""

from collections.abc import AsyncIterator, Sequence

from services.scoring.domain.refusals import SubjectUnknown
from services.scoring.domain.rule_book import RuleBook
from services.scoring.domain.subject import Subject
from services.scoring.use_cases.access import known_subject
from services.scoring.use_cases.directory_ports import Directory, Listing
from shared.kernel.calendar import Period

_AT_ONCE = 200


async def township_subjects(
    township_id: str, book: RuleBook, period: Period, directory: Directory
) -> AsyncIterator[Sequence[Subject]]:
    """The subjects at home in the township, page by page, by id.

    A cadre may hold posts in two townships; he is at home in one, whose closing is his.
    """
    after: str | None = None
    while True:
        listing = Listing(book.applies_to, frozenset({township_id}), period, _AT_ONCE, after)
        page = await _listed(book, directory, listing)
        at_home = [await _as_known(subject, book, period, directory) for subject in page]
        yield [subject for subject in at_home if subject.home.township_id == township_id]
        if len(page) < _AT_ONCE:
            return
        after = page[-1].id


async def _listed(book: RuleBook, directory: Directory, listing: Listing) -> Sequence[Subject]:
    match book.standard:
        case "branch":
            return await directory.branches(listing)
        case "cadre":
            return await directory.cadres(listing)
        case "member":
            return await directory.members(listing)


async def _as_known(subject: Subject, book: RuleBook, period: Period, directory: Directory) -> Subject:
    """A cadre with all his posts, not only those below the township; anybody else as he is."""
    if subject.standard != "cadre":
        return subject
    try:
        return await known_subject(directory, subject.standard, subject.id, book, period)
    except SubjectUnknown:
        return subject
