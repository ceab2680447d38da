"""A generation (测算版本): a set of rule-book versions; everything scored under it carries its digest."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import cast

from services.scoring.domain.awards import (
    LASTING,
    Award,
    AwardId,
    CardKey,
    awards,
    circumstances,
    corrections_of,
    upheld,
)
from services.scoring.domain.refusals import NoBookInForce
from services.scoring.domain.rule_book import Effective, RuleBook
from shared.events.base import Event, Fact
from shared.events.scoring import ObjectionUpheld, Standard
from shared.kernel.calendar import Period

_DIGEST_LENGTH = 12


@dataclass(frozen=True)
class Generation:
    """The rule books that score together; changing any word of one makes another generation.

    A version is in force until the day before the next version of its standard, or to its own last day if that is
    earlier.
    """

    books: tuple[RuleBook, ...]

    @cached_property
    def id(self) -> str:
        """The digest of the books, whatever their order."""
        texts = sorted(book.model_dump_json() for book in self.books)
        return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:_DIGEST_LENGTH]

    @cached_property
    def versions(self) -> Mapping[Standard, tuple[RuleBook, ...]]:
        """The versions of each standard, oldest first, each ending where the next begins."""
        found: dict[Standard, list[RuleBook]] = {}
        for book in sorted(self.books, key=lambda book: (book.effective.from_, book.version)):
            found.setdefault(book.standard, []).append(book)
        return {standard: _ended(books) for standard, books in found.items()}

    def awards(self, fact: Fact[Event]) -> tuple[Award, ...]:
        """What the fact earns or takes back under all books; each awards only for the days it is in force.

        On the first days of a standard the week's Thursday may lie in a score period that no version of it knows: such
        a card nobody could ever reckon, so there is none. What several versions say of a circumstance is one entry, of
        the version in force on its first day; where none was, of the oldest.
        """
        if isinstance(fact.event, ObjectionUpheld):
            versions = self.versions.get(fact.event.standard, ())
            return (upheld(versions[0], cast("Fact[ObjectionUpheld]", fact)),) if versions else ()
        found: dict[AwardId, Award] = {}
        for book in self._looking_at(fact):
            for award in awards(book, fact):
                if self.is_ruled(award.card):
                    found[award.id] = award
            for award in circumstances(book, fact) if book.lasting else ():
                if award.id not in found or award.day in book.effective:
                    found[award.id] = award
        return tuple(found.values())

    def _looking_at(self, fact: Fact[Event]) -> tuple[RuleBook, ...]:
        """The books that look at the fact or at what it corrects, each standard's oldest version first."""
        corrected = corrections_of(fact.event)
        if not corrected:
            return self._by_type.get(fact.type, ())
        types = {fact.type, *(correction.type for correction in corrected)}
        return tuple(book for book in self._in_order if not types.isdisjoint(book.looked_at))

    @cached_property
    def _in_order(self) -> tuple[RuleBook, ...]:
        return tuple(book for versions in self.versions.values() for book in versions)

    @cached_property
    def _by_type(self) -> Mapping[str, tuple[RuleBook, ...]]:
        types = {name for book in self.books for name in book.looked_at}
        return {name: tuple(book for book in self._in_order if name in book.looked_at) for name in types}

    def of(self, standard: Standard) -> tuple[RuleBook, ...]:
        """The versions of one standard, oldest first."""
        return self.versions.get(standard, ())

    def version_on(self, standard: Standard, day: date) -> RuleBook:
        """The version that says which score period a day lies in: the last one begun by then, else the first.

        A version that is published but not yet in force changes nothing of today. Raises NoBookInForce for a standard
        without any version.
        """
        versions = self.of(standard)
        if not versions:
            raise NoBookInForce(period=day.isoformat())
        begun = [book for book in versions if book.effective.from_ <= day]
        return begun[-1] if begun else versions[0]

    def known_on(self, day: date) -> "Generation":
        """The generation as it was on a day: without the versions that came into force later."""
        return Generation(tuple(book for book in self.books if book.effective.from_ <= day))

    def is_ruled(self, key: CardKey) -> bool:
        """Whether any version of the standard is in force in the card's period."""
        if key.period == LASTING:
            return True
        ruled = self._ruled.get((key.standard, key.period))
        if ruled is None:
            ruled = self._ruled[key.standard, key.period] = bool(self._in_force(key.standard, _period(key.period)))
        return ruled

    @cached_property
    def _ruled(self) -> dict[tuple[Standard, str], bool]:
        """What was found of periods before: a handful of them is asked for with every fact."""
        return {}

    def book(self, standard: Standard, period: Period) -> RuleBook:
        """The version that rules a score period: the one in force on its last day, or else the last one within it.

        Rules an earlier version had and this one dropped still explain what was awarded under them. Raises
        NoBookInForce when no version is in force in the period.
        """
        found = self._in_force(standard, period)
        if not found:
            raise NoBookInForce(period=period.name)
        return _with_retired(found)

    def _in_force(self, standard: Standard, period: Period) -> tuple[RuleBook, ...]:
        return tuple(book for book in self.of(standard) if book.effective.meets(period.first, period.last))


def _ended(books: list[RuleBook]) -> tuple[RuleBook, ...]:
    """Each version ends the day before the next begins."""
    ended = []
    for book, following in pairwise(books):
        last = following.effective.from_ - timedelta(days=1)
        to = last if book.effective.to is None else min(book.effective.to, last)
        ended.append(
            book.model_copy(update={"effective": Effective.model_construct(from_=book.effective.from_, to=to)})
        )
    return (*ended, books[-1])


def _with_retired(found: tuple[RuleBook, ...]) -> RuleBook:
    last, earlier = found[-1], found[:-1]
    known = {rule.id for rule in last.all_rules} | {each.id for each in last.circumstances}
    retired = {rule.id: rule for book in earlier for rule in book.rules if rule.id not in known}
    owed = {rule.id: rule for book in earlier for rule in book.attainable if rule.id not in known}
    lasting = {each.id: each for book in earlier for each in book.circumstances if each.id not in known}
    if not retired and not owed and not lasting:
        return last
    return last.model_copy(
        update={
            "rules": last.rules + tuple(retired.values()),
            "attainable": last.attainable + tuple(owed.values()),
            "circumstances": last.circumstances + tuple(lasting.values()),
        }
    )


@lru_cache(maxsize=256)
def _period(name: str) -> Period:
    """The period of that name; a handful of names is read with every fact."""
    return Period.parse(name)
