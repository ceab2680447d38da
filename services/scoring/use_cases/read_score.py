"""Read a score: of one subject, or of all the reader oversees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.scoring.domain.awards import CardKey
from services.scoring.domain.card import Card
from services.scoring.domain.periods import Asked, asked_period
from services.scoring.domain.score import Score, mean, score
from services.scoring.domain.subject import Subject
from services.scoring.use_cases.access import READERS, known_subject, require_reader
from services.scoring.use_cases.ports import Listing, Ports
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


@dataclass(frozen=True, slots=True)
class SubjectScore:
    """A subject and its score."""

    subject: Subject
    score: Score


async def read_score(query: ReadScore, ports: Ports) -> SubjectScore:
    """The score of one subject; base points for one nothing happened to.

    Raises SubjectUnknown, Forbidden, and what is wrong with the period.
    """
    asked = asked_period(ports.generation, query.standard, query.period, ports.clock.today())
    subject = await known_subject(ports.directory, query.standard, query.subject_id, asked.parts[-1][1], asked.period)
    require_reader(query.by, subject)
    [found] = await _scored([subject], asked, ports)
    return found


async def list_scores(query: ListScores, ports: Ports) -> Sequence[SubjectScore]:
    """Scores by subject id: of the scopes the reader oversees, a cadre's own first on the first page."""
    asked = asked_period(ports.generation, query.standard, query.period, ports.clock.today())
    book = asked.parts[-1][1]
    own = await _own(query, asked, ports)
    subjects = [own] if own is not None and query.after is None else []
    listing = Listing(
        applies_to=book.applies_to,
        scopes=query.by.scopes(READERS[query.standard]),
        period=asked.period,
        limit=query.limit - len(subjects),
        after=query.after,
        besides=None if own is None else own.id,
    )
    if listing.limit > 0 and listing.scopes:
        found = ports.directory.branches(listing) if query.standard == "branch" else ports.directory.cadres(listing)
        subjects += await found
    return await _scored(subjects, asked, ports)


async def _own(query: ListScores, asked: Asked, ports: Ports) -> Subject | None:
    if query.standard != "cadre" or query.by.person_id is None:
        return None
    try:
        return await known_subject(ports.directory, "cadre", query.by.person_id, asked.parts[-1][1], asked.period)
    except NotFound:
        return None


async def _scored(subjects: Sequence[Subject], asked: Asked, ports: Ports) -> list[SubjectScore]:
    keys = [_key(subject, period.name) for subject in subjects for period, _ in asked.parts]
    cards = await ports.cards.get(keys)
    return [SubjectScore(subject, _score(subject, asked, cards)) for subject in subjects]


def _score(subject: Subject, asked: Asked, cards: Mapping[CardKey, Card]) -> Score:
    parts = [score(cards[_key(subject, period.name)], book) for period, book in asked.parts]
    return parts[0] if asked.is_whole else mean(_key(subject, asked.period.name), parts)


def _key(subject: Subject, period: str) -> CardKey:
    return CardKey(subject.standard, subject.id, period)
