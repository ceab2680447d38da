"""A generation (测算版本): a set of rule-book versions; everything scored under it carries its digest."""

import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache

from services.scoring.domain.awards import Award, awards
from services.scoring.domain.refusals import NoBookInForce
from services.scoring.domain.rule_book import RuleBook
from shared.events.base import Event, Fact
from shared.events.scoring import Standard
from shared.kernel.calendar import Period

_DIGEST_LENGTH = 12


@dataclass(frozen=True)
class Generation:
    """The rule books that score together; changing any word of one makes another generation."""

    books: tuple[RuleBook, ...]

    @cached_property
    def id(self) -> str:
        """The digest of the books, whatever their order."""
        texts = sorted(book.model_dump_json() for book in self.books)
        return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:_DIGEST_LENGTH]

    def awards(self, fact: Fact[Event]) -> tuple[Award, ...]:
        """What the fact earns or takes back under all books; each awards only for the days it is in force.

        On the first days of a standard the week's Thursday may lie in a score period that no version of it knows: such
        a card nobody could ever reckon, so there is none.
        """
        found = (award for book in self.books for award in awards(book, fact))
        return tuple(award for award in found if self.is_ruled(award.card.standard, _period(award.card.period)))

    def of(self, standard: Standard) -> tuple[RuleBook, ...]:
        """The versions of one standard, oldest first."""
        found = (book for book in self.books if book.standard == standard)
        return tuple(sorted(found, key=lambda book: book.effective.from_))

    def is_ruled(self, standard: Standard, period: Period) -> bool:
        """Whether any version of the standard is in force in the period."""
        return bool(self._in_force(standard, period))

    def book(self, standard: Standard, period: Period) -> RuleBook:
        """The version that rules a score period: the one in force on its last day, or else the last one within it.

        Rules an earlier version had and this one dropped still explain what was awarded under them. Raises
        NoBookInForce when no version is in force in the period.
        """
        found = self._in_force(standard, period)
        if not found:
            raise NoBookInForce(period=period.name)
        last, earlier = found[-1], found[:-1]
        known = {rule.id for rule in last.all_rules}
        retired = {rule.id: rule for book in earlier for rule in book.rules if rule.id not in known}
        owed = {rule.id: rule for book in earlier for rule in book.attainable if rule.id not in known}
        if not retired and not owed:
            return last
        return last.model_copy(
            update={
                "rules": last.rules + tuple(retired.values()),
                "attainable": last.attainable + tuple(owed.values()),
            }
        )

    def _in_force(self, standard: Standard, period: Period) -> tuple[RuleBook, ...]:
        return tuple(book for book in self.of(standard) if book.effective.meets(period.first, period.last))


@lru_cache(maxsize=256)
def _period(name: str) -> Period:
    """The period of that name; a handful of names is read with every fact."""
    return Period.parse(name)
