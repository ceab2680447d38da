"""Read a passport: a score with every ledger entry behind it."""

from dataclasses import dataclass

from services.scoring.domain.awards import CardKey
from services.scoring.domain.passport import Passport, passport, whole_year
from services.scoring.domain.periods import asked_period
from services.scoring.domain.subject import Subject
from services.scoring.use_cases.access import known_subject, require_reader
from services.scoring.use_cases.ports import Ports
from services.scoring.use_cases.read_score import ReadScore


@dataclass(frozen=True, slots=True)
class SubjectPassport:
    """A subject and its passport."""

    subject: Subject
    passport: Passport


async def read_passport(query: ReadScore, ports: Ports) -> SubjectPassport:
    """The passport of one subject and period; of a year made of quarters, theirs.

    Raises SubjectUnknown, Forbidden, and what is wrong with the period.
    """
    asked = asked_period(ports.generation, query.standard, query.period, ports.clock.today())
    subject = await known_subject(ports.directory, query.standard, query.subject_id, asked.parts[-1][1], asked.period)
    require_reader(query.by, subject)
    parts = []
    for period, book in asked.parts:
        key = CardKey(subject.standard, subject.id, period.name)
        parts.append(passport(key, await ports.ledger.entries(key), book))
    if asked.is_whole:
        return SubjectPassport(subject, parts[0])
    return SubjectPassport(subject, whole_year(CardKey(subject.standard, subject.id, asked.period.name), parts))
