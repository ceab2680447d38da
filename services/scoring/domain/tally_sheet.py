"""The tally sheet (计分底稿): what generations make of a standard's facts, folded in memory and kept nowhere.

It ends where ledger and cards of each generation would (`domain.card.totals`), whatever the order of the facts and
however often one comes; a test holds it to that. For a million facts it takes seconds and some hundred megabytes: an
entry is a number of 16 bytes, and all entries of one day, rule and worth share one place.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from services.scoring.domain.awards import LASTING, CardKey, corrections_of, named
from services.scoring.domain.card import Card, Day, Total
from services.scoring.domain.generation import Generation
from services.scoring.domain.tally_line import Place, Places, TallyLine, lines_of
from shared.events.base import Correction, Event, Fact
from shared.events.catalogue import CATALOGUE
from shared.events.scoring import ObjectionUpheld, Standard
from shared.kernel.ids import SEPARATOR, id_number

_READER = "scoring"
_REVERSAL = "reversal"
_Name = tuple[object, ...]
"""A line and what it saw."""


class _Where:
    """Where entries that look the same are written: their places, and the generations as bits.

    There may be more generations than wanted places. `stands` tells awards from reversals.
    """

    __slots__ = ("is_placed", "mask", "places", "stands")

    def __init__(self, places: Places, periods: frozenset[str] | None, *, stands: bool) -> None:
        self.mask = sum(1 << number for number, place in enumerate(places) if place is not None)
        if periods is not None:
            places = tuple(place if place and place.period in periods else None for place in places)
        self.places = places
        self.is_placed = any(place is not None for place in places)
        self.stands = stands

    def within(self, mask: int) -> "_Where":
        """The same in these of its generations alone."""
        places = tuple(place if mask >> number & 1 else None for number, place in enumerate(self.places))
        found = _Where(places, None, stands=self.stands)
        found.mask = mask
        return found


class _Spot:
    """The entries of one subject that are written to the same places, how many were taken back in each generation."""

    __slots__ = ("count", "gone", "where")

    def __init__(self, where: _Where) -> None:
        self.where = where
        self.count = 0
        self.gone: list[int] | None = None

    def take_back(self, mask: int) -> None:
        """One of them no longer stands in these generations."""
        if self.gone is None:
            self.gone = [0] * len(self.where.places)
        for number in range(len(self.gone)):
            self.gone[number] += mask >> number & 1

    def total(self, number: int, place: Place) -> Total:
        """What they come to in a generation."""
        gone = 0 if self.gone is None else self.gone[number]
        standing = self.count - gone if self.where.stands else 0
        return Total(self.count, standing * place.points, standing)


class TallySheet:
    """The totals of a standard under several generations, out of facts in batches.

    `subjects` and `periods` are whose and which are wanted; without them, all. What lasts is always wanted.
    """

    def __init__(
        self,
        standard: Standard,
        generations: Sequence[Generation],
        *,
        subjects: Collection[str] | None = None,
        periods: Collection[str] | None = None,
    ) -> None:
        self._standard = standard
        self._lines = lines_of(standard, generations)
        self._correcting = _correcting({_service(type_) for type_ in self._lines})
        self._all = sum(1 << number for number, each in enumerate(generations) if each.of(standard))
        self._generations = len(generations)
        self._subjects = None if subjects is None else frozenset(subjects)
        self._periods = None if periods is None else frozenset((*periods, LASTING))
        self._wheres: dict[_Name, _Where] = {}
        self._spots: dict[str, dict[_Where, _Spot]] = {}
        self._given: dict[int, _Spot] = {}
        self._given_elsewhere: dict[int, tuple[_Spot, ...]] = {}
        """Where one award is written for generations whose books name another field, or another kind of line."""
        self._taken: dict[int, int] = {}
        self._corrected: dict[int, int] = {}
        """In which generations the reversal of an award is written."""
        self._objected: set[tuple[int, str]] = set()

    @property
    def types(self) -> frozenset[str]:
        """The types of facts that can change anything here: those the books look at, and those that may correct them.

        A fact corrects facts of its own service, so what corrects nothing the books look at need not even be read.
        """
        return frozenset((*self._lines, *self._correcting, ObjectionUpheld.TYPE))

    def add(self, facts: Iterable[Fact[Event]]) -> None:
        """Fold these facts."""
        lines_of_type, correcting = self._lines, self._correcting
        for fact in facts:
            event = fact.event
            type_ = event.TYPE
            for line in lines_of_type.get(type_, ()):
                self._award(line, fact, event)
            if type_ in correcting:
                for correction in corrections_of(event):
                    for line in lines_of_type.get(correction.type, ()):
                        self._take_back(line, fact, correction)
            elif isinstance(event, ObjectionUpheld) and event.standard == self._standard:
                self._uphold(event)

    @property
    def subjects(self) -> Iterable[str]:
        """Everybody who has an entry."""
        return self._spots.keys()

    def cards(self, subject_id: str) -> tuple[Mapping[CardKey, Card], ...]:
        """The subject's cards in each generation, by their keys; an empty one is not there."""
        found: list[dict[str, dict[Day, Total]]] = [{} for _ in range(self._generations)]
        for where, spot in self._spots.get(subject_id, {}).items():
            if not spot.count:
                continue
            for number, place in enumerate(where.places):
                if place is not None:
                    days, day = found[number].setdefault(place.period, {}), Day(place.rule_id, place.day)
                    days[day] = _added(days.get(day), spot.total(number, place))
        return tuple({card.key: card for card in self._cards(subject_id, each)} for each in found)

    def _cards(self, subject_id: str, periods: Mapping[str, Mapping[Day, Total]]) -> Iterator[Card]:
        for period, days in periods.items():
            yield Card(CardKey(self._standard, subject_id, period), days)

    def _award(self, line: TallyLine, fact: Fact[Event], event: Event) -> None:
        where: _Where | None = None
        for subject_id in named(getattr(event, line.to)):
            if self._subjects is not None and subject_id not in self._subjects:
                continue
            if where is None:
                seen = line.seen(event)
                where = self._wheres.get((line, seen)) or self._where((line, seen), line.places(seen))
            if not where.is_placed:
                return
            number = line.number(f"{subject_id}{SEPARATOR}{fact.subject}{SEPARATOR}{fact.revision}")
            given = self._given.get(number)
            if given is None:
                self._given[number] = self._give(number, subject_id, where)
            elif given.where is not where:
                self._give_elsewhere(number, subject_id, where, given)

    def _give(self, number: int, subject_id: str, where: _Where) -> _Spot:
        spot = self._spot(subject_id, where)
        spot.count += 1
        if number in self._taken:
            spot.take_back(self._taken[number])
        return spot

    def _give_elsewhere(self, number: int, subject_id: str, where: _Where, given: _Spot) -> None:
        """The award in those generations that have it from none of the lines looked at before."""
        others = self._given_elsewhere.get(number, ())
        mask = where.mask
        for spot in (given, *others):
            mask &= ~spot.where.mask
        if mask:
            self._given_elsewhere[number] = (*others, self._give(number, subject_id, self._within(where, mask)))

    def _take_back(self, line: TallyLine, fact: Fact[Event], correction: Correction) -> None:
        seen = line.seen_again(fact.event, correction)
        name = (_REVERSAL, line, seen)
        where = self._wheres.get(name) or self._where(name, line.places_again(seen), stands=False)
        if not where.mask:
            return
        for subject_id in line.concerned(fact.event, correction):
            if self._subjects is not None and subject_id not in self._subjects:
                continue
            number = line.number(f"{subject_id}{SEPARATOR}{fact.subject}{SEPARATOR}{correction.revision}")
            before = self._corrected.get(number, 0)
            mask = where.mask & ~before
            if mask:
                self._corrected[number] = before | mask
                self._spot(subject_id, self._within(where, mask)).count += 1
                self._stands_no_longer(number, mask)

    def _uphold(self, event: ObjectionUpheld) -> None:
        number = id_number(event.award_id)
        wanted = self._subjects is None or event.subject_id in self._subjects
        if not wanted or (number, event.objection_id) in self._objected:
            return
        self._objected.add((number, event.objection_id))
        place = Place(event.period, event.rule_id, event.counts_on, 0)
        places = tuple(place if self._all >> each & 1 else None for each in range(self._generations))
        name = (_REVERSAL, place)
        where = self._wheres.get(name) or self._where(name, places, stands=False)
        self._spot(event.subject_id, where).count += 1
        self._stands_no_longer(number, self._all)

    def _stands_no_longer(self, number: int, mask: int) -> None:
        """The award of that number counts nothing in these generations, if it is known, or once it is."""
        before = self._taken.get(number, 0)
        self._taken[number] = before | mask
        spot = self._given.get(number)
        if spot is not None and mask & ~before:
            for each in (spot, *self._given_elsewhere.get(number, ())):
                each.take_back(mask & ~before)

    def _where(self, name: _Name, places: Places, *, stands: bool = True) -> _Where:
        self._wheres[name] = where = _Where(places, self._periods, stands=stands)
        return where

    def _within(self, where: _Where, mask: int) -> _Where:
        if mask == where.mask:
            return where
        name = (where, mask)
        found = self._wheres.get(name)
        if found is None:
            found = self._wheres[name] = where.within(mask)
        return found

    def _spot(self, subject_id: str, where: _Where) -> _Spot:
        spots = self._spots.get(subject_id)
        if spots is None:
            spots = self._spots[subject_id] = {}
        spot = spots.get(where)
        if spot is None:
            spot = spots[where] = _Spot(where)
        return spot


def _added(before: Total | None, more: Total) -> Total:
    if before is None:
        return more
    return Total(before.entries + more.entries, before.points + more.points, before.standing + more.standing)


def _correcting(services: Collection[str]) -> frozenset[str]:
    """The types of these services' facts that may correct others."""
    return frozenset(
        type_
        for type_, entry in CATALOGUE.items()
        if _service(type_) in services and "corrects" in entry.event.model_fields and _READER in entry.consumers
    )


def _service(type_: str) -> str:
    return type_.split(".")[1]
