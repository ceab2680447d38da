"""What a fact earns or takes back: the first of the three pure functions of scoring.

Whatever is written here goes into a grow-only set, so every id is derived and no order is assumed: a reversal may be
known before the award it names, and two facts that take back the same award are one reversal.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NewType

from services.scoring.domain.rule_book import RuleBook, Way, Where
from shared.events.base import Correction, Entry, Event, Fact
from shared.events.scoring import Standard
from shared.kernel.clock import start_of_day, to_milliseconds
from shared.kernel.ids import EventId, derived_id

AwardId = NewType("AwardId", str)
Effect = Literal["award", "reversal"]
_FIXED = frozenset({"regulation_id", "subject_kind"})
"""Fields that no fact of a thing's life changes, so that a correcting fact tells what the corrected one said."""


@dataclass(frozen=True, slots=True, order=True)
class CardKey:
    """Whose points of which score period: a ledger has one card for each."""

    standard: Standard
    subject_id: str
    period: str


@dataclass(frozen=True, slots=True)
class Award:
    """One entry of the ledger (计分记录): points a fact gave, or the word that such points no longer stand.

    `award_id` is the award spoken of: its own id for an award. `points` are hundredths, zero unless it is an award.
    Instants are whole milliseconds, as the store keeps them: what is read back equals what was made.
    """

    id: AwardId
    award_id: AwardId
    effect: Effect
    card: CardKey
    rule_id: str
    day: date
    points: int
    book_version: str
    event_id: EventId
    event_type: str
    source: str
    revision: int
    occurred_at: datetime
    recorded_at: datetime
    entry: Entry

    @property
    def takes_back(self) -> bool:
        """Whether it says that the award it names no longer stands."""
        return self.effect == "reversal"


def awards(book: RuleBook, fact: Fact[Event]) -> tuple[Award, ...]:
    """What this fact earns or takes back under the book, and for whom."""
    found: dict[AwardId, Award] = {}
    for way in book.ways.get(fact.type, ()):
        if _matches(way.where, fact.event):
            for award in _Pen(book, way, fact).award():
                found[award.id] = award
    for correction in corrections_of(fact.event):
        for way in book.ways.get(correction.type, ()):
            if _may_have_matched(way.where, fact.event):
                for award in _Pen(book, way, fact).reversal(correction):
                    found[award.id] = award
    return tuple(found.values())


def corrections_of(event: Event) -> tuple[Correction, ...]:
    """The earlier facts this one takes back."""
    if "corrects" not in type(event).model_fields:
        return ()
    corrected: tuple[Correction, ...] = event.corrects  # type: ignore[attr-defined]
    return corrected


@dataclass(frozen=True, slots=True)
class _Pen:
    """Writes the ledger entries of one fact under one way of a rule."""

    book: RuleBook
    way: Way
    fact: Fact[Event]

    def award(self) -> Iterator[Award]:
        """The points this fact gives."""
        subject_id, event = self._subject_id(), self.fact.event
        if subject_id is not None:
            award_id = self._award_id(subject_id, self.fact.revision)
            day = event.day if self.way.rule.day is None else getattr(event, self.way.rule.day)
            yield from self._write("award", subject_id, award_id, award_id, day)

    def reversal(self, correction: Correction) -> Iterator[Award]:
        """The word that what the corrected fact gave no longer stands."""
        subject_id = self._subject_id()
        if subject_id is not None:
            award_id = self._award_id(subject_id, correction.revision)
            own_id = AwardId(derived_id("reversal", award_id))
            yield from self._write("reversal", subject_id, award_id, own_id, correction.day)

    def _subject_id(self) -> str | None:
        subject_id: str | None = getattr(self.fact.event, self.way.rule.award.to)
        return subject_id

    def _award_id(self, subject_id: str, revision: int) -> AwardId:
        whose = (self.book.standard, subject_id)
        return AwardId(derived_id("award", self.way.name, *whose, self.fact.subject, revision))

    def _write(self, effect: Effect, subject_id: str, award_id: AwardId, own_id: AwardId, day: date) -> Iterator[Award]:
        """The entry, unless the book was not in force on the day it counts for."""
        if day not in self.book.effective:
            return
        book, fact, rule = self.book, self.fact, self.way.rule
        yield Award(
            id=own_id,
            award_id=award_id,
            effect=effect,
            card=CardKey(book.standard, subject_id, book.score_period(rule, day).name),
            rule_id=rule.id,
            day=day,
            points=self.way.points if effect == "award" else 0,
            book_version=book.version,
            event_id=fact.id,
            event_type=fact.type,
            source=fact.subject,
            revision=fact.revision,
            occurred_at=_instant(fact.event),
            recorded_at=to_milliseconds(fact.recorded_at),
            entry=getattr(fact.event, "entry", "live"),
        )


def _may_have_matched(where: Where, correcting: Event) -> bool:
    """Whether the corrected fact may have met the conditions, going by the fields no correction changes.

    What may have changed since (`after_grace`, `entry`) is not looked at: a reversal of an award nobody made counts for
    nothing, so a doubt is settled in favour of writing it.
    """
    return all(getattr(correcting, field, None) in where[field] for field in _FIXED & where.keys())


def _matches(where: Where, event: Event) -> bool:
    return all(getattr(event, field, None) in values for field, values in where.items())


def _instant(event: Event) -> datetime:
    happened = event.happened
    return to_milliseconds(happened) if isinstance(happened, datetime) else start_of_day(happened)
