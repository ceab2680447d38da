"""Reckon scores: of subjects, in the periods that were asked for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from services.scoring.domain.awards import CardKey
from services.scoring.domain.card import Card
from services.scoring.domain.periods import Asked
from services.scoring.domain.rule_book import RuleBook
from services.scoring.domain.score import Score, mean, score
from services.scoring.domain.seal import as_sealed, sealed_score
from services.scoring.domain.subject import Subject
from services.scoring.use_cases.correct_sealed import known_of
from services.scoring.use_cases.ports import Ports, Sealed
from shared.events.scoring import ScoreState
from shared.kernel.calendar import Period


@dataclass(frozen=True, slots=True)
class SubjectScore:
    """A subject and its score: live (实时), on notice (公示) or sealed (归档)."""

    subject: Subject
    score: Score
    state: ScoreState
    states: tuple[ScoreState, ...] = ()
    """Of a year made of quarters: theirs."""


@dataclass(frozen=True, slots=True)
class _Found:
    cards: Mapping[CardKey, Card]
    seals: Mapping[CardKey, Sealed]
    notices: Collection[tuple[str, str]]


async def reckon_scores(subjects: Sequence[Subject], asked: Asked, ports: Ports) -> list[SubjectScore]:
    """The scores, each as it stands: reckoned from its card, or as it was sealed."""
    keys = [key_of(subject, period.name) for subject in subjects for period, _ in asked.parts]
    found = _Found(
        cards=await ports.cards.get([*keys, *{key.lasting for key in keys}]),
        seals=await ports.seals.of(keys),
        notices=await ports.notices.on_notice(subjects[0].standard, [period.name for period, _ in asked.parts])
        if subjects
        else (),
    )
    return [await _reckoned(subject, asked, found, ports) for subject in subjects]


def key_of(subject: Subject, period: str) -> CardKey:
    """The card of a subject and period."""
    return CardKey(subject.standard, subject.id, period)


def year_state(states: Sequence[ScoreState]) -> ScoreState:
    """A year's state out of those of its quarters: sealed when all are, live while one is."""
    if all(state == "sealed" for state in states):
        return "sealed"
    return "live" if "live" in states else "notice"


async def _reckoned(subject: Subject, asked: Asked, found: _Found, ports: Ports) -> SubjectScore:
    parts, states = [], []
    for period, book in asked.parts:
        key = key_of(subject, period.name)
        parts.append(await _part(subject, key, book, found, ports))
        states.append(_state(subject, key, period, found))
    if asked.is_whole:
        return SubjectScore(subject, parts[0], states[0])
    return SubjectScore(
        subject, mean(key_of(subject, asked.period.name), parts), year_state(states), states=tuple(states)
    )


async def _part(subject: Subject, key: CardKey, book: RuleBook, found: _Found, ports: Ports) -> Score:
    sealed = found.seals.get(key)
    if sealed is not None and sealed.is_late:
        known = await known_of((subject.standard, subject.id), ports)
        return sealed_score(sealed.seal, known, ports.generation)
    category = subject.category if sealed is None else sealed.seal.category_or(subject.category)
    scored = score(found.cards[key], book, found.cards[key.lasting], category)
    return scored if sealed is None else as_sealed(sealed.seal, scored)


def _state(subject: Subject, key: CardKey, period: Period, found: _Found) -> ScoreState:
    if key in found.seals:
        return "sealed"
    return "notice" if (subject.home.township_id, period.name) in found.notices else "live"
