"""Read how a score came about over time."""

from dataclasses import dataclass

from services.scoring.domain.awards import CardKey
from services.scoring.domain.card import Card, enter, totals
from services.scoring.domain.curve import CurvePoint, curve
from services.scoring.domain.periods import asked_period
from services.scoring.domain.seal import postings
from services.scoring.domain.subject import Subject
from services.scoring.use_cases.access import known_subject, require_reader
from services.scoring.use_cases.correct_sealed import known_of
from services.scoring.use_cases.ports import Ports, Sealed
from services.scoring.use_cases.read_score import ReadScore
from services.scoring.use_cases.reckon_scores import reckon_scores


@dataclass(frozen=True, slots=True)
class SubjectCurve:
    """A subject's curve; a year made of quarters has one for each."""

    subject: Subject
    parts: tuple[tuple[str, tuple[CurvePoint, ...]], ...]


async def read_curve(query: ReadScore, ports: Ports) -> SubjectCurve:
    """The curve of one subject in a period. Raises SubjectUnknown, Forbidden, and what is wrong with the period."""
    today = ports.clock.today()
    asked = asked_period(ports.generation, query.standard, query.period, today)
    subject = await known_subject(ports.directory, query.standard, query.subject_id, asked.parts[-1][1], asked.period)
    require_reader(query.by, subject)
    [found] = await reckon_scores([subject], asked, ports)
    parts = []
    for scored in found.score.parts or (found.score,):
        sealed = (await ports.seals.of([scored.key])).get(scored.key)
        category = subject.category if sealed is None else sealed.seal.category_or(subject.category)
        card, lasting = await _cards(scored.key, sealed, ports)
        parts.append((scored.key.period, curve(card, lasting, category, scored, today)))
    return SubjectCurve(subject, tuple(parts))


async def _cards(key: CardKey, sealed: Sealed | None, ports: Ports) -> tuple[Card, Card]:
    """The card and that of what lasts; of a sealed period something came too late for, as they were sealed."""
    if sealed is not None and sealed.is_late:
        known = await known_of((key.standard, key.subject_id), ports)
        inside = [
            entry for each in (key, key.lasting) for entry in known.entries.get(each, ()) if sealed.seal.covers(entry)
        ]
        summed = totals(inside)
        posted = postings(known, ports.generation).get(key, {})
        return (
            enter(enter(Card(key), summed.get(key, {})), posted),
            enter(Card(key.lasting), summed.get(key.lasting, {})),
        )
    cards = await ports.cards.get([key, key.lasting])
    return cards[key], cards[key.lasting]
