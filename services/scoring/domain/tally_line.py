"""What one rule or circumstance makes of a fact, under several generations at once: for who folds millions of facts.

The award a rule makes has the same id in every generation; only whether and where it is written differs. So a line
looks at a fact once, and where that puts the award is worked out once for all facts that look the same.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from services.scoring.domain.awards import LASTING, OPEN_END, CardKey, matches, may_have_matched, named
from services.scoring.domain.generation import Generation
from services.scoring.domain.points import hundredths
from services.scoring.domain.rule import Way, Where
from services.scoring.domain.rule_book import Effective, Lasting, RuleBook
from shared.events.base import Correction, Event
from shared.events.scoring import Standard
from shared.kernel.ids import derived_numbers

Seen = tuple[object, ...]
"""All that a line looks at in a fact, besides whom it is about: facts that look the same are written to one place."""


class Place(NamedTuple):
    """Where an entry stands in one generation: the period of its card, the rule, the day, and what it is worth."""

    period: str
    rule_id: str
    day: date
    points: int


Places = tuple[Place | None, ...]
"""One for each generation; None where the entry is not written."""


class TallyLine(ABC):
    """One name under which facts of one type make awards, for the subjects that one of their fields names."""

    def __init__(self, name: str, standard: Standard, to: str) -> None:
        self.to = to
        self.number: Callable[[str], int] = derived_numbers("award", name, standard)
        """The award's id as a number, from its subject, source and revision."""

    @abstractmethod
    def seen(self, event: Event) -> Seen:
        """What an award depends on."""

    @abstractmethod
    def places(self, seen: Seen) -> Places:
        """Where the award is written."""

    @abstractmethod
    def seen_again(self, event: Event, correction: Correction) -> Seen:
        """What the reversal of an award depends on."""

    @abstractmethod
    def places_again(self, seen: Seen) -> Places:
        """Where the reversal is written; it is worth nothing."""

    def concerned(self, event: Event, correction: Correction) -> tuple[str, ...]:
        """Whose award the correction takes back; a list the corrected fact named is told by the correction."""
        whom = getattr(event, self.to, ())
        return correction.concerned if isinstance(whom, tuple) else named(whom)


def lines_of(standard: Standard, generations: Sequence[Generation]) -> Mapping[str, tuple[TallyLine, ...]]:
    """The lines of a standard's books, by the full type of the facts they look at."""
    ways: dict[tuple[str, str, str], list[list[_BookWay]]] = {}
    lasting: dict[tuple[str, str, str], list[list[_BookLasting]]] = {}
    for number, generation in enumerate(generations):
        for book in generation.of(standard):
            for type_, of_type in book.ways.items():
                for way in of_type:
                    one = ways.setdefault((type_, way.name, way.rule.award.to), [[] for _ in generations])
                    one[number].append(_BookWay(book, way))
            for type_, each in book.lasting.items():
                for circumstance in {circumstance.id: circumstance for circumstance, _ in each}.values():
                    lasts = tuple(one for other, one in each if other.id == circumstance.id)
                    one_lasts = lasting.setdefault((type_, circumstance.id, circumstance.to), [[] for _ in generations])
                    one_lasts[number].append(_BookLasting(book.effective, lasts))
    found: dict[str, tuple[TallyLine, ...]] = {}
    for (type_, name, to), of_generations in ways.items():
        line = _RuleLine(name, standard, to, generations, of_generations)
        found[type_] = (*found.get(type_, ()), line)
    for (type_, name, to), of_lasting in lasting.items():
        found[type_] = (*found.get(type_, ()), _LastingLine(name, standard, to, of_lasting))
    return found


class _BookWay(NamedTuple):
    """A way of a rule in one version of a standard."""

    book: RuleBook
    way: Way


class _BookLasting(NamedTuple):
    """What one version of a standard says of a circumstance, and when it is in force."""

    effective: Effective
    lasts: tuple[Lasting, ...]


class _RuleLine(TallyLine):
    """The awards of a rule's way; of several versions that would write one, the newest does."""

    def __init__(
        self,
        name: str,
        standard: Standard,
        to: str,
        generations: Sequence[Generation],
        of_generations: Sequence[Sequence[_BookWay]],
    ) -> None:
        super().__init__(name, standard, to)
        self._standard = standard
        self._generations = tuple(zip(generations, of_generations, strict=True))
        ways = [each.way for one in of_generations for each in one]
        self._days = tuple(dict.fromkeys(way.rule.day for way in ways))
        self._marks = tuple(dict.fromkeys(way.rule.award.mark for way in ways if way.rule.award.mark is not None))
        self._wheres = _distinct(way.where for way in ways)

    def seen(self, event: Event) -> Seen:
        """The days it may count for, which conditions it meets, and marks it may give."""
        return (
            *[event.day if name is None else getattr(event, name) for name in self._days],
            *[matches(where, event) for where in self._wheres],
            *[hundredths(getattr(event, name)) for name in self._marks],
        )

    def places(self, seen: Seen) -> Places:
        """Where the award is written."""
        days = dict(zip(self._days, seen, strict=False))
        met = seen[len(days) :]
        marks: dict[str | None, object] = dict(zip(self._marks, seen[len(days) + len(self._wheres) :], strict=True))
        return tuple(
            self._place(
                generation,
                (
                    (each, days[each.way.rule.day], marks.get(each.way.rule.award.mark, each.way.points))
                    for each in ways
                    if _is_met(each.way.where, self._wheres, met)
                ),
            )
            for generation, ways in self._generations
        )

    def seen_again(self, event: Event, correction: Correction) -> Seen:
        """The day that is corrected, and which conditions the corrected fact may have met."""
        return (correction.day, *[may_have_matched(where, event) for where in self._wheres])

    def places_again(self, seen: Seen) -> Places:
        """Where the reversal is written."""
        day, *met = seen
        return tuple(
            self._place(generation, ((each, day, 0) for each in ways if _is_met(each.way.where, self._wheres, met)))
            for generation, ways in self._generations
        )

    def _place(self, generation: Generation, ways: Iterator[tuple[_BookWay, object, object]]) -> Place | None:
        place = None
        for (book, way), day, points in ways:
            if not isinstance(day, date) or not isinstance(points, int) or day not in book.effective:
                continue
            period = book.score_period(way.rule, day).name
            if generation.is_ruled(CardKey(self._standard, "", period)):
                place = Place(period, way.rule.id, day, points)
        return place


class _LastingLine(TallyLine):
    """The entries of a circumstance; of several versions the one in force on its first day writes, else the oldest."""

    def __init__(
        self,
        name: str,
        standard: Standard,
        to: str,
        of_generations: Sequence[Sequence[_BookLasting]],
    ) -> None:
        super().__init__(name, standard, to)
        self._name = name
        self._generations = of_generations
        said = [lasting for one in of_generations for book in one for lasting in book.lasts]
        self._wheres = _distinct(lasting.where for lasting in said)
        self._spans = tuple(dict.fromkeys((lasting.from_, lasting.until) for lasting in said))

    def seen(self, event: Event) -> Seen:
        """From when until when, and which conditions it meets."""
        return (
            *[(getattr(event, first), _last(event, until)) for first, until in self._spans],
            *[matches(where, event) for where in self._wheres],
        )

    def places(self, seen: Seen) -> Places:
        """Where the entry is written, worth the number of its last day."""
        met = seen[len(self._spans) :]
        return tuple(self._place(books, seen, met) for books in self._generations)

    def seen_again(self, event: Event, correction: Correction) -> Seen:
        """The day that is corrected, and which conditions the corrected fact may have met."""
        return (correction.day, *[may_have_matched(where, event) for where in self._wheres])

    def places_again(self, seen: Seen) -> Places:
        """Where the reversal is written."""
        day, *met = seen
        spans = tuple((day, 0) for _ in self._spans)
        return tuple(self._place(books, spans, tuple(met)) for books in self._generations)

    def _place(self, books: Sequence[_BookLasting], spans: Seen, met: Seen) -> Place | None:
        place = None
        for book in books:
            said = self._said(book, spans, met)
            if said is not None and (place is None or said.day in book.effective):
                place = said
        return place

    def _said(self, book: _BookLasting, spans: Seen, met: Seen) -> Place | None:
        """What one version says; of several ways to last that it means, the last."""
        for lasting in reversed(book.lasts):
            match spans[self._spans.index((lasting.from_, lasting.until))]:
                case (date() as first, int() as last) if _is_met(lasting.where, self._wheres, met):
                    return Place(LASTING, self._name, first, last)
                case _:
                    continue
        return None

    def concerned(self, event: Event, correction: Correction) -> tuple[str, ...]:  # noqa: ARG002 - lists are not its
        """Whose circumstance ends: whom the correcting fact names itself."""
        return named(getattr(event, self.to))


def _last(event: Event, until: str | None) -> int:
    last: date | None = None if until is None else getattr(event, until)
    return (last or OPEN_END).toordinal()


def _distinct(wheres: Iterable[Where]) -> tuple[Where, ...]:
    """The conditions, each once; to have none is none."""
    found: list[Where] = []
    for where in wheres:
        if where and where not in found:
            found.append(where)
    return tuple(found)


def _is_met(where: Where, wheres: Sequence[Where], met: Sequence[object]) -> bool:
    return not where or bool(met[wheres.index(where)])
