"""Read a passport: a score with every ledger entry behind it, now or as it was known at an instant."""

from dataclasses import dataclass
from datetime import datetime

from services.scoring.domain.awards import CardKey
from services.scoring.domain.passport import Behind, Passport, passport, whole_year
from services.scoring.domain.periods import asked_period
from services.scoring.domain.refusals import NothingKnownThen
from services.scoring.domain.rule_book import RuleBook
from services.scoring.domain.seal import Known, as_sealed, corrections, postings
from services.scoring.domain.subject import Subject
from services.scoring.use_cases.access import known_subject, require_reader
from services.scoring.use_cases.correct_sealed import category_of
from services.scoring.use_cases.ports import Ports
from services.scoring.use_cases.reckon_scores import key_of, year_state
from shared.events.scoring import ScoreState, Standard
from shared.kernel.access import Caller
from shared.kernel.calendar import Period
from shared.kernel.clock import local_day


@dataclass(frozen=True, slots=True)
class ReadPassport:
    """Whose passport of which period; with `as_of`, from what was recorded by that instant."""

    by: Caller
    standard: Standard
    subject_id: str
    period: str | None = None
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class SubjectPassport:
    """A subject and its passport, live (实时), on notice (公示) or sealed (归档)."""

    subject: Subject
    passport: Passport
    state: ScoreState
    as_of: datetime | None = None
    states: tuple[ScoreState, ...] = ()
    """Of a year made of quarters: theirs."""


async def read_passport(query: ReadPassport, ports: Ports) -> SubjectPassport:
    """The passport of one subject and period; of a year made of quarters, theirs.

    As of an instant it tells what was known then: entries recorded, periods sealed and versions in force by then.
    Raises SubjectUnknown, Forbidden, NothingKnownThen, and what is wrong with the period.
    """
    now = ports.clock.now()
    generation = ports.generation if query.as_of is None else ports.generation.known_on(local_day(query.as_of))
    if not generation.of(query.standard):
        raise NothingKnownThen
    asked = asked_period(generation, query.standard, query.period, local_day(query.as_of or now))
    subject = await known_subject(ports.directory, query.standard, query.subject_id, asked.parts[-1][1], asked.period)
    require_reader(query.by, subject)
    names = [period.name for period, _ in asked.parts]
    known = await _known(subject, names, ports)
    if query.as_of is not None:
        known = known.at(query.as_of)
    notices = () if query.as_of is not None else await ports.notices.on_notice(query.standard, names)
    parts, states = [], []
    for period, book in asked.parts:
        parts.append(_of_period(key_of(subject, period.name), book, known, ports))
        states.append(_state(period, known, noticed=(subject.home.township_id, period.name) in notices))
    if asked.is_whole:
        return SubjectPassport(subject, parts[0], states[0], query.as_of)
    whole = whole_year(key_of(subject, asked.period.name), parts)
    return SubjectPassport(subject, whole, year_state(states), query.as_of, tuple(states))


async def _known(subject: Subject, periods: list[str], ports: Ports) -> Known:
    """Everything of the subject: the periods asked for, those that were sealed, what lasts."""
    found = await ports.seals.of_subject(subject.standard, subject.id)
    seals = {name: each.seal for name, each in found.items()}
    keys = {key_of(subject, name) for name in (*periods, *seals)}
    keys |= {key.lasting for key in keys}
    entries = {key: await ports.ledger.entries(key) for key in keys}
    return Known(entries, seals, await category_of((subject.standard, subject.id), ports))


def _of_period(key: CardKey, book: RuleBook, known: Known, ports: Ports) -> Passport:
    lines = corrections(known, ports.generation)
    seal = known.seals.get(key.period)
    entries, lasting = known.entries.get(key, ()), known.entries.get(key.lasting, ())
    if seal is not None:
        entries = [entry for entry in entries if seal.covers(entry)]
        lasting = [entry for entry in lasting if seal.covers(entry)]
    behind = Behind(
        lasting=tuple(lasting),
        category=known.category if seal is None else seal.category_or(known.category),
        corrections=tuple(line for line in lines if line.target == key.period and line.points),
        late=tuple(line for line in lines if line.sealed == key),
        posted=tuple(postings(known, ports.generation).get(key, {}).items()),
        seal=seal,
    )
    found = passport(key, entries, book, behind)
    return found if seal is None else found.with_score(as_sealed(seal, found.score))


def _state(period: Period, known: Known, *, noticed: bool) -> ScoreState:
    if period.name in known.seals:
        return "sealed"
    return "notice" if noticed else "live"
