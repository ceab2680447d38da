"""Read a score: of one subject, or of all the reader oversees."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.scoring.domain.periods import Asked, asked_period
from services.scoring.domain.subject import Subject, member_subject
from services.scoring.use_cases.access import READERS, known_subject, require_reader
from services.scoring.use_cases.directory_ports import Directory, Listing
from services.scoring.use_cases.ports import Ports
from services.scoring.use_cases.reckon_scores import SubjectScore, reckon_scores
from shared.events.scoring import Standard
from shared.kernel.access import Caller
from shared.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class ReadScore:
    """Whose score of which period; without a period, the current one."""

    by: Caller
    standard: Standard
    subject_id: str
    period: str | None = None


@dataclass(frozen=True, slots=True)
class ListScores:
    """A page of the scores of a standard in the reader's scopes, his own first."""

    by: Caller
    standard: Standard
    limit: int
    period: str | None = None
    after: str | None = None


async def read_score(query: ReadScore, ports: Ports) -> SubjectScore:
    """The score of one subject; base points for one nothing happened to.

    Raises SubjectUnknown, Forbidden, and what is wrong with the period.
    """
    asked = asked_period(ports.generation, query.standard, query.period, ports.clock.today())
    subject = await known_subject(ports.directory, query.standard, query.subject_id, asked.parts[-1][1], asked.period)
    require_reader(query.by, subject)
    [found] = await reckon_scores([subject], asked, ports)
    return found


async def list_scores(query: ListScores, ports: Ports) -> Sequence[SubjectScore]:
    """Scores by subject id: of the scopes the reader oversees, a cadre's own first on the first page."""
    asked = asked_period(ports.generation, query.standard, query.period, ports.clock.today())
    own = await _own(query, asked, ports)
    subjects = list(own) if query.after is None else []
    listing = Listing(
        applies_to=asked.parts[-1][1].applies_to,
        scopes=query.by.scopes(READERS[query.standard]),
        period=asked.period,
        limit=query.limit - len(subjects),
        after=query.after,
        besides=frozenset(subject.id for subject in own),
    )
    if listing.limit > 0 and listing.scopes:
        subjects += await list_subjects(query.standard, ports.directory, listing)
    return await reckon_scores(subjects, asked, ports)


async def list_subjects(standard: Standard, directory: Directory, listing: Listing) -> Sequence[Subject]:
    """Whom the standard scores, by id."""
    match standard:
        case "branch":
            return await directory.branches(listing)
        case "cadre":
            return await directory.cadres(listing)
        case "member":
            return await directory.members(listing)


async def _own(query: ListScores, asked: Asked, ports: Ports) -> list[Subject]:
    """The reader's own subjects: himself as a cadre, his memberships as a member."""
    if query.by.person_id is None:
        return []
    period, book = asked.period, asked.parts[-1][1]
    if query.standard == "member":
        members = await ports.directory.members_of(query.by.person_id)
        return [member_subject(member) for member in members if member.touches(period)]
    if query.standard == "branch":
        return []
    try:
        return [await known_subject(ports.directory, "cadre", query.by.person_id, book, period)]
    except NotFound:
        return []
