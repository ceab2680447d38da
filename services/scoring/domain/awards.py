"""What a fact earns or takes back: the first of the three pure functions of scoring.

Whatever is written here goes into a grow-only set, so every id is derived and no order is assumed: a reversal may be
known before the award it names, and two corrections that take back the same award are one reversal.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NewType

from services.scoring.domain.points import hundredths
from services.scoring.domain.rule import Way, Where
from services.scoring.domain.rule_book import Circumstance, Lasting, RuleBook
from shared.events.base import Correction, Entry, Event, Fact
from shared.events.scoring import ObjectionUpheld, Standard
from shared.kernel.clock import start_of_day, to_milliseconds
from shared.kernel.ids import EventId, derived_id

AwardId = NewType("AwardId", str)
Effect = Literal["award", "reversal"]
LASTING = "lasting"
"""The period of the card with what lasts beyond score periods: exemptions, leave, rectification."""
OPEN_END = date.max
_FIXED = frozenset({"regulation_id", "subject_kind"})
"""Fields that no fact of a thing's life changes, so that a correcting fact tells what the corrected one said."""


@dataclass(frozen=True, slots=True, order=True)
class CardKey:
    """Whose points of which score period: a ledger has one card for each."""

    standard: Standard
    subject_id: str
    period: str

    @property
    def lasting(self) -> "CardKey":
        """The same subject's card of what lasts."""
        return CardKey(self.standard, self.subject_id, LASTING)


@dataclass(frozen=True, slots=True)
class Award:
    """One entry of the ledger (计分记录): points a fact gave, or the word that such points no longer stand.

    `award_id` is the award spoken of: its own id for an award. `points` are hundredths, zero unless it is an award; of
    a circumstance, which is worth nothing, the number of its last day (`date.toordinal`).
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
        if matches(way.where, fact.event):
            for award in _Pen(book, fact, way).award():
                found[award.id] = award
    for correction in corrections_of(fact.event):
        for way in book.ways.get(correction.type, ()):
            if may_have_matched(way.where, fact.event):
                for award in _Pen(book, fact, way).reversal(correction):
                    found[award.id] = award
    return tuple(found.values())


def circumstances(book: RuleBook, fact: Fact[Event]) -> tuple[Award, ...]:
    """What this fact says of circumstances that last; they are kept whatever the version in force."""
    found: dict[AwardId, Award] = {}
    for circumstance, lasting in book.lasting.get(fact.type, ()):
        if matches(lasting.where, fact.event):
            for award in _lasts(book, fact, circumstance, lasting):
                found[award.id] = award
    for correction in corrections_of(fact.event):
        for circumstance, lasting in book.lasting.get(correction.type, ()):
            if may_have_matched(lasting.where, fact.event):
                for award in _lasts_no_longer(book, fact, circumstance, correction):
                    found[award.id] = award
    return tuple(found.values())


def upheld(book: RuleBook, fact: Fact[ObjectionUpheld]) -> Award:
    """The reversal an upheld objection is (异议成立): the award it names counts for nothing.

    It has an id of its own beside the reversal a correcting fact would be, so that each tells who took it back.
    """
    event = fact.event
    own_id = AwardId(derived_id("reversal", event.award_id, event.objection_id))
    key = CardKey(event.standard, event.subject_id, event.period)
    return _entry(book, fact, "reversal", key, event.rule_id, event.counts_on, 0, AwardId(event.award_id), own_id)


def corrections_of(event: Event) -> tuple[Correction, ...]:
    """The earlier facts this one takes back."""
    corrected: tuple[Correction, ...] = vars(event).get("corrects", ())
    return corrected


@dataclass(frozen=True, slots=True)
class _Pen:
    """Writes the ledger entries of one fact under one way of a rule."""

    book: RuleBook
    fact: Fact[Event]
    way: Way

    def award(self) -> Iterator[Award]:
        """The points this fact gives, to one subject or several."""
        event, terms = self.fact.event, self.way.rule.award
        day = event.day if self.way.rule.day is None else getattr(event, self.way.rule.day)
        points = self.way.points if terms.mark is None else hundredths(getattr(event, terms.mark))
        for subject_id in named(getattr(event, terms.to)):
            award_id = self._award_id(subject_id, self.fact.revision)
            yield from self._write("award", subject_id, award_id, award_id, day, points)

    def reversal(self, correction: Correction) -> Iterator[Award]:
        """The word that what the corrected fact gave no longer stands; a list it named is told by the correction."""
        whom = getattr(self.fact.event, self.way.rule.award.to, ())
        for subject_id in correction.concerned if isinstance(whom, tuple) else named(whom):
            award_id = self._award_id(subject_id, correction.revision)
            own_id = AwardId(derived_id("reversal", award_id))
            yield from self._write("reversal", subject_id, award_id, own_id, correction.day, 0)

    def _award_id(self, subject_id: str, revision: int) -> AwardId:
        return _award_id(self.book, self.way.name, subject_id, self.fact.subject, revision)

    def _write(  # noqa: PLR0917 - all that tells one entry from another
        self, effect: Effect, subject_id: str, award_id: AwardId, own_id: AwardId, day: date, points: int
    ) -> Iterator[Award]:
        """The entry, unless the book was not in force on the day it counts for."""
        book, rule = self.book, self.way.rule
        if day in book.effective:
            key = CardKey(book.standard, subject_id, book.score_period(rule, day).name)
            yield _entry(book, self.fact, effect, key, rule.id, day, points, award_id, own_id)


def _lasts(book: RuleBook, fact: Fact[Event], circumstance: Circumstance, lasting: Lasting) -> Iterator[Award]:
    event = fact.event
    until: date | None = None if lasting.until is None else getattr(event, lasting.until)
    for subject_id in named(getattr(event, circumstance.to)):
        award_id = _award_id(book, circumstance.id, subject_id, fact.subject, fact.revision)
        key = CardKey(book.standard, subject_id, LASTING)
        day, points = getattr(event, lasting.from_), (until or OPEN_END).toordinal()
        yield _entry(book, fact, "award", key, circumstance.id, day, points, award_id, award_id)


def _lasts_no_longer(
    book: RuleBook, fact: Fact[Event], circumstance: Circumstance, correction: Correction
) -> Iterator[Award]:
    for subject_id in named(getattr(fact.event, circumstance.to)):
        award_id = _award_id(book, circumstance.id, subject_id, fact.subject, correction.revision)
        own_id = AwardId(derived_id("reversal", award_id))
        key = CardKey(book.standard, subject_id, LASTING)
        yield _entry(book, fact, "reversal", key, circumstance.id, correction.day, 0, award_id, own_id)


def _award_id(book: RuleBook, name: str, subject_id: str, source: str, revision: int) -> AwardId:
    return AwardId(derived_id("award", name, book.standard, subject_id, source, revision))


def _entry(  # noqa: PLR0917 - all that an entry does not take from its fact
    book: RuleBook,
    fact: Fact[Event],
    effect: Effect,
    key: CardKey,
    rule_id: str,
    day: date,
    points: int,
    award_id: AwardId,
    own_id: AwardId,
) -> Award:
    return Award(
        id=own_id,
        award_id=award_id,
        effect=effect,
        card=key,
        rule_id=rule_id,
        day=day,
        points=points,
        book_version=book.version,
        event_id=fact.id,
        event_type=fact.type,
        source=fact.subject,
        revision=fact.revision,
        occurred_at=_instant(fact.event),
        recorded_at=to_milliseconds(fact.recorded_at),
        entry=vars(fact.event).get("entry", "live"),
    )


def named(whom: str | tuple[str, ...] | None) -> tuple[str, ...]:
    """The subjects a field names: one, several or none."""
    if whom is None:
        return ()
    return (whom,) if isinstance(whom, str) else whom


def may_have_matched(where: Where, correcting: Event) -> bool:
    """Whether the corrected fact may have met the conditions, going by the fields no correction changes.

    What may have changed since (`after_grace`, `entry`) is not looked at: a reversal of an award nobody made counts for
    nothing, so a doubt is settled in favour of writing it.
    """
    return all(getattr(correcting, field, None) in where[field] for field in _FIXED & where.keys())


def matches(where: Where, event: Event) -> bool:
    """Whether the fact meets the conditions."""
    said = vars(event)
    return all(said.get(field) in values for field, values in where.items())


def _instant(event: Event) -> datetime:
    happened = event.happened
    return to_milliseconds(happened) if isinstance(happened, datetime) else start_of_day(happened)
