"""Sealing (确认归档) and what comes after it: a sealed score never changes, what is learnt later is a correction.

An entry outside the seal of its period is late for it. In a fixed order, each late entry corrects the period that was
open when it was recorded by what the sealed score would have changed (更正记录). All of it follows from the set of
entries and the set of seals, so it does not matter which of them was known first.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.scoring.domain.awards import Award, AwardId, CardKey
from services.scoring.domain.card import Card, Day, RunningTotals, Total, correction_day, enter, totals
from services.scoring.domain.generation import Generation
from services.scoring.domain.points import hundredths
from services.scoring.domain.refusals import NoBookInForce
from services.scoring.domain.rule_book import RuleBook
from services.scoring.domain.score import Score, score
from shared.events.base import Fact
from shared.events.members import Category
from shared.events.scoring import PeriodSealed
from shared.kernel.calendar import Period
from shared.kernel.clock import local_day, to_milliseconds

_SHORT = 16
_DIGEST_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Seal:
    """What was sealed: whose score of which period, under which version, made of which entries (by short names).

    `category` is that of a branch when it was sealed; seals of others, and older ones, tell none.
    """

    key: CardKey
    book_version: str
    points: int | None
    items: int
    attainable: int | None
    entries: frozenset[str]
    sealed_at: datetime
    category: Category | None = None

    def covers(self, entry: Award) -> bool:
        """Whether the entry was known when the period was sealed."""
        return short_name(entry.id) in self.entries

    @property
    def digest(self) -> str:
        """Entries and points as a short name; published in the fact, so what it is made of stays (no category)."""
        text = "\n".join((*sorted(self.entries), str(self.points), str(self.items), str(self.attainable)))
        return hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_LENGTH]

    def category_or(self, known: Category | None) -> Category | None:
        """The category that rules the sealed period, whatever the branch became; where none is told, the known one."""
        return known if self.category is None else self.category


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """One late entry: which sealed period it is late for, which period it corrects, by how many points (hundredths)."""

    sealed: CardKey
    entry: Award
    target: str
    points: int


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of one subject under a standard: its entries by card, its seals by period, its category."""

    entries: Mapping[CardKey, Sequence[Award]]
    seals: Mapping[str, Seal]
    category: Category | None = None

    def at(self, instant: datetime) -> "Known":
        """What was known at an instant: the entries recorded and the seals made by then."""
        entries = {
            key: tuple(entry for entry in kept if entry.recorded_at <= instant) for key, kept in self.entries.items()
        }
        return Known(
            entries, {name: seal for name, seal in self.seals.items() if seal.sealed_at <= instant}, self.category
        )


def seal_of(fact: Fact[PeriodSealed]) -> Seal:
    """The seal as its fact tells it."""
    event = fact.event
    attainable = None if event.attainable is None else hundredths(event.attainable)
    return Seal(
        key=CardKey(event.standard, event.subject_id, event.period),
        book_version=event.book_version,
        points=None if event.points is None else hundredths(event.points),
        items=hundredths(event.items),
        attainable=attainable,
        entries=frozenset(event.entries),
        sealed_at=to_milliseconds(fact.recorded_at),
        category=event.category,
    )


def short_name(award_id: AwardId) -> str:
    """The first sixteen digits of an entry's id: enough to tell the entries of one subject apart."""
    return award_id.replace("-", "")[:_SHORT]


def seal(key: CardKey, known: Known, generation: Generation, at: datetime) -> Seal:
    """The seal of a period with all that is known now, of which nothing is sealed yet under this key.

    Inside are the entries of the card, the circumstances that began by the period's end, and the late entries of
    earlier sealed periods that correct this one: with them alone `sealed_score` explains the points for ever. Raises
    NoBookInForce.
    """
    book = generation.book(key.standard, Period.parse(key.period))
    inside = _of_card(key, known)
    posted = [line.entry for line in corrections(known, generation) if line.target == key.period]
    scored = _scored(key, inside, book, known.category, _posted_to(key, known, generation))
    return Seal(
        key=key,
        book_version=book.version,
        points=scored.points,
        items=scored.items,
        attainable=scored.attainable,
        entries=frozenset(short_name(entry.id) for entry in (*inside, *posted)),
        sealed_at=to_milliseconds(at),
        category=known.category,
    )


def sealed_score(seal: Seal, known: Known, generation: Generation) -> Score:
    """The score as it was sealed: explained by the entries and corrections inside it, with the points sealed."""
    book = _book(seal, generation)
    inside = [entry for entry in _of_card(seal.key, known) if seal.covers(entry)]
    category, posted = seal.category_or(known.category), _posted_to(seal.key, known, generation)
    return as_sealed(seal, _scored(seal.key, inside, book, category, posted))


def as_sealed(seal: Seal, scored: Score) -> Score:
    """The score with what was sealed in place of what would be reckoned now."""
    awaiting = scored.awaiting if seal.points is None else None
    return replace(scored, points=seal.points, items=seal.items, attainable=seal.attainable, awaiting=awaiting)


def corrections(known: Known, generation: Generation) -> tuple[CorrectionLine, ...]:
    """What every late entry corrects, period by period.

    Within a sealed period the late entries are taken by the period they correct, then as they were recorded: what a
    later period was sealed with stays what it was, whatever else is learnt.
    """
    return tuple(line for seal in _by_time(known.seals) for line in _of_seal(seal, known, generation))


def postings(known: Known, generation: Generation) -> Mapping[CardKey, Mapping[Day, Total]]:
    """The corrections as totals of the cards they correct.

    Each counts all that bears on it, the entries of the sealed period and the seals, so that of two writers the one who
    knew more wins, and who knows the same writes the same. A period a late entry would have corrected before it was
    sealed is told too, with what is left of it.
    """
    found: dict[CardKey, dict[Day, Total]] = {}
    for seal in _by_time(known.seals):
        size = len(_of_card(seal.key, known)) + len(known.seals)
        lines = _of_seal(seal, known, generation)
        passed = {name for line in lines for name in _chain(seal, line.entry, known, generation)}
        for name in passed:
            meant = [line.points for line in lines if line.target == name]
            period = Period.parse(name)
            key = CardKey(seal.key.standard, seal.key.subject_id, name)
            total = Total(size, sum(meant), sum(points != 0 for points in meant))
            found.setdefault(key, {})[correction_day(seal.key.period, period.first)] = total
    return found


def late_entries(seal: Seal, known: Known) -> list[Award]:
    """The entries that bear on the sealed period and are outside its seal."""
    return [entry for entry in _of_card(seal.key, known) if not seal.covers(entry)]


def _of_seal(seal: Seal, known: Known, generation: Generation) -> tuple[CorrectionLine, ...]:
    late = late_entries(seal, known)
    if not late:
        return ()
    book, category = _book(seal, generation), seal.category_or(known.category)
    meant = {entry.id: _chain(seal, entry, known, generation)[-1] for entry in late}
    late.sort(key=lambda entry: (Period.parse(meant[entry.id]).first, entry.recorded_at, entry.id))
    # Added one by one: to sum up all that is inside again for each late entry would cost the one times the other.
    running = RunningTotals(entry for entry in _of_card(seal.key, known) if seal.covers(entry))

    def points() -> int | None:
        return score(running.card(seal.key), book, running.card(seal.key.lasting), category).points

    before = points()
    lines = []
    for entry in late:
        running.add(entry)
        after = points()
        changed = 0 if after is None or before is None else after - before
        lines.append(CorrectionLine(seal.key, entry, meant[entry.id], changed))
        before = after
    return tuple(lines)


def _chain(seal: Seal, entry: Award, known: Known, generation: Generation) -> tuple[str, ...]:
    """The periods a late entry passes until it finds one that was not sealed without it, that one last."""
    passed = []
    sealed = Period.parse(seal.key.period)
    recorded_on = max(local_day(entry.recorded_at), _day_after(sealed))
    period = _period_of(seal.key, recorded_on, generation)
    while True:
        passed.append(period.name)
        later = known.seals.get(period.name)
        if later is None or later.covers(entry):
            return tuple(passed)
        period = _period_of(seal.key, _day_after(period), generation)


def _period_of(key: CardKey, day: date, generation: Generation) -> Period:
    return generation.version_on(key.standard, day).period_of(day)


def _day_after(period: Period) -> date:
    return date.fromordinal(period.last.toordinal() + 1)


def _of_card(key: CardKey, known: Known) -> list[Award]:
    """The entries of the card, and of the circumstances that began before its period ended."""
    last = Period.parse(key.period).last
    found = {entry.id: entry for entry in known.entries.get(key, ())}
    found.update({entry.id: entry for entry in known.entries.get(key.lasting, ()) if entry.day <= last})
    return list(found.values())


def _posted_to(key: CardKey, known: Known, generation: Generation) -> Mapping[Day, Total]:
    return postings(known, generation).get(key, {})


def _scored(
    key: CardKey,
    entries: Iterable[Award],
    book: RuleBook,
    category: Category | None,
    posted: Mapping[Day, Total],
) -> Score:
    summed = totals(entries)
    card = enter(enter(Card(key), summed.get(key, {})), posted)
    lasting = enter(Card(key.lasting), summed.get(key.lasting, {}))
    return score(card, book, lasting, category)


def _book(seal: Seal, generation: Generation) -> RuleBook:
    """The version the period was sealed under, with the rules it retired; what rules the period now if it is gone."""
    period = Period.parse(seal.key.period)
    try:
        return generation.book(seal.key.standard, period)
    except NoBookInForce:
        return generation.of(seal.key.standard)[-1]


def _by_time(seals: Mapping[str, Seal]) -> Iterator[Seal]:
    yield from sorted(seals.values(), key=lambda seal: Period.parse(seal.key.period).first)
