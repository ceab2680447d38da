"""The card (得分表): for each rule and day how many ledger entries there are and what they are worth together.

A ledger is a grow-only set, so for one rule and day a larger count always is the later state: `enter` lets it win, and
neither order nor repetition nor several writers can make a card wrong. The same holds of each part of a day.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from services.scoring.domain.awards import Award, AwardId, CardKey

_DIGEST_LENGTH = 32
_CORRECTION = "correction/"
_OF_NO_AWARD = "none"


@dataclass(frozen=True, slots=True, order=True)
class Day:
    """One rule on one local day of a card, or a part of it: the awards whose names begin with that digit.

    A store totals parts, so that a day with many awards is not read whole for each new one; what is read of a card
    knows whole days only (`whole`).
    """

    rule_id: str
    on: date
    part: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """How many entries, what the standing awards among them are worth (hundredths), how many stand."""

    entries: int
    points: int
    standing: int

    def plus(self, other: "Total") -> "Total":
        """Both together."""
        return Total(self.entries + other.entries, self.points + other.points, self.standing + other.standing)


@dataclass(frozen=True, slots=True)
class Card:
    """The totals of one subject in one score period; an empty one is that of a subject nothing happened to."""

    key: CardKey
    totals: Mapping[Day, Total] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many ledger entries it sums up; it only grows."""
        return sum(total.entries for total in self.totals.values())

    @property
    def digest(self) -> str:
        """The card's content as a short name: the same totals always have the same."""
        text = "\n".join(
            f"{day.rule_id} {day.on} {total.entries} {total.points} {total.standing}"
            for day, total in sorted(self.totals.items())
        )
        return hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_LENGTH]


def correction_day(sealed: str, on: date) -> Day:
    """Where a card holds what a sealed period of that name would have changed by (更正记录)."""
    return Day(f"{_CORRECTION}{sealed}", on)


def correction_of(day: Day) -> str | None:
    """The sealed period a card's day corrects; None for a day of a rule."""
    return day.rule_id.removeprefix(_CORRECTION) if day.rule_id.startswith(_CORRECTION) else None


def enter(card: Card, totals: Mapping[Day, Total]) -> Card:
    """The card with these totals in it; a larger count wins, anything else changes nothing."""
    larger = {
        day: total
        for day, total in totals.items()
        if total.entries > (card.totals[day].entries if day in card.totals else 0)
    }
    return replace(card, totals={**card.totals, **larger}) if larger else card


def day_of(entry: Award) -> Day:
    """The whole day an entry belongs to."""
    return Day(entry.rule_id, entry.day)


def part_of(entry: Award) -> Day:
    """The part of a day an entry belongs to; what takes an award back belongs to the part of that award.

    What an upheld objection names is text of its fact: one that no award can have has a part of its own.
    """
    digit = entry.award_id[:1]
    return Day(entry.rule_id, entry.day, digit if digit.isalnum() else _OF_NO_AWARD)


def whole(parts: Mapping[Day, Total]) -> dict[Day, Total]:
    """The totals of whole days from those of their parts."""
    found: dict[Day, Total] = {}
    for part, total in parts.items():
        day = Day(part.rule_id, part.on)
        before = found.get(day)
        found[day] = total if before is None else before.plus(total)
    return found


def totals(entries: Iterable[Award], of_entry: Callable[[Award], Day] = day_of) -> dict[CardKey, dict[Day, Total]]:
    """The totals of a set of ledger entries, of whole days unless of parts is asked (`part_of`).

    An entry given twice counts once, a reversed award for nothing.
    """
    kept = {entry.id: entry for entry in entries}.values()
    gone = reversed_awards(kept)
    found: dict[CardKey, dict[Day, Total]] = {}
    for entry in kept:
        days, day = found.setdefault(entry.card, {}), of_entry(entry)
        before = days.get(day, Total(0, 0, 0))
        stands = not entry.takes_back and entry.id not in gone
        days[day] = Total(before.entries + 1, before.points + (entry.points if stands else 0), before.standing + stands)
    return found


def reversed_awards(entries: Iterable[Award]) -> frozenset[AwardId]:
    """The awards that these entries take back."""
    return frozenset(entry.award_id for entry in entries if entry.takes_back)


class RunningTotals:
    """The totals of a set of entries that grows one by one, each at the cost of that entry alone.

    At every moment they are what `totals` gives of all entries so far, whatever their order: an award may come after
    the word that it no longer stands.
    """

    def __init__(self, entries: Iterable[Award] = ()) -> None:
        self._totals: dict[CardKey, dict[Day, Total]] = {}
        self._known: set[AwardId] = set()
        self._standing: dict[AwardId, Award] = {}
        self._gone: set[AwardId] = set()
        for entry in entries:
            self.add(entry)

    def add(self, entry: Award) -> None:
        """One more entry; one that was added before changes nothing."""
        if entry.id in self._known:
            return
        self._known.add(entry.id)
        self._move(entry, entries=1)
        if entry.takes_back:
            self._gone.add(entry.award_id)
            fallen = self._standing.pop(entry.award_id, None)
            if fallen is not None:
                self._move(fallen, points=-fallen.points, standing=-1)
        elif entry.id not in self._gone:
            self._standing[entry.id] = entry
            self._move(entry, points=entry.points, standing=1)

    def card(self, key: CardKey) -> Card:
        """The card of that key as it is now; it does not grow along."""
        return Card(key, dict(self._totals.get(key, {})))

    def _move(self, entry: Award, *, entries: int = 0, points: int = 0, standing: int = 0) -> None:
        days, day = self._totals.setdefault(entry.card, {}), day_of(entry)
        before = days.get(day, Total(0, 0, 0))
        days[day] = Total(before.entries + entries, before.points + points, before.standing + standing)
