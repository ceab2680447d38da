"""What the use cases need of the world."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.scoring.domain.awards import Award, CardKey
from services.scoring.domain.card import Card, Day, Total
from services.scoring.domain.generation import Generation
from services.scoring.domain.rule_book import AppliesTo
from services.scoring.domain.subject import Organisation, Posting, Subject
from shared.events.base import Event, Fact
from shared.events.scoring import Standard
from shared.kernel.calendar import Period
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True, order=True)
class Touched:
    """One rule and day of one card that new entries may have changed."""

    card: CardKey
    day: Day


class Ledger(Protocol):
    """The grow-only set of all awards and reversals of a generation (积分台账)."""

    async def add(self, entries: Sequence[Award]) -> None:
        """Put the entries into the set; one that is there already is passed over. Nothing is ever changed."""
        ...

    async def totals(self, touched: Collection[Touched]) -> Mapping[CardKey, Mapping[Day, Total]]:
        """What the set holds for these rules and days now."""
        ...

    async def entries(self, key: CardKey) -> Sequence[Award]:
        """All entries of one card, in no order."""
        ...


@dataclass(frozen=True, slots=True)
class Behind:
    """A card touched since somebody last looked at it; `touches` tells whether it was touched again meanwhile."""

    card: Card
    touches: int


class Cards(Protocol):
    """The cards (得分表) of a generation."""

    async def enter(self, totals: Mapping[CardKey, Mapping[Day, Total]]) -> None:
        """Let each total into its card unless a larger count is there; a card nobody knows begins empty."""
        ...

    async def get(self, keys: Collection[CardKey]) -> Mapping[CardKey, Card]:
        """The cards of these keys, empty ones for those nothing happened to."""
        ...

    def behind(self) -> AsyncIterator[Behind]:
        """Every card that may have another score than was announced."""
        ...

    async def caught_up(self, cards: Sequence[Behind]) -> None:
        """What these cards say is announced, or news of nobody; those touched again meanwhile stay behind."""
        ...

    async def look_again(self, standard: Standard, subject_id: str) -> None:
        """Put all cards of a subject behind: what may be told of them may be another thing now."""
        ...


@dataclass(frozen=True, slots=True)
class Announcement:
    """The news that a card's score is another one; of one card a larger size is the later state."""

    key: CardKey
    size: int
    fact: Fact[Event]


class Announcements(Protocol):
    """What was announced last of each card, with the facts not yet published."""

    async def announce(self, announcements: Sequence[Announcement]) -> None:
        """Record each together with its fact, unless the same state or a later one was announced before."""
        ...


@dataclass(frozen=True, slots=True)
class Listing:
    """Which subjects: whom a standard applies to, below the scopes, after an id, so many."""

    applies_to: AppliesTo
    scopes: frozenset[str]
    period: Period
    limit: int
    after: str | None = None
    besides: str | None = None
    """A subject to leave out, because it is shown already."""


class Directory(Protocol):
    """What this service has learnt from the members service's facts: organisations and postings."""

    async def learn_organisation(self, organisation: Organisation, revision: int) -> None:
        """Remember what an organisation is; an older revision changes nothing.

        Its postings hang where it hangs, also when it is no news: who learnt it may have died before they did.
        """
        ...

    async def learn_posting(self, posting: Posting, revision: int) -> None:
        """Remember who holds a post; an older revision changes nothing.

        It hangs where its organisation hangs, or, while that is unknown, where it was recorded.
        """
        ...

    async def organisation(self, organisation_id: str) -> Organisation | None:
        """The organisation; None while it is unknown."""
        ...

    async def postings(self, cadre_id: str) -> tuple[Posting, ...]:
        """All posts a person holds or held."""
        ...

    async def branches(self, listing: Listing) -> Sequence[Subject]:
        """Branches by id."""
        ...

    async def cadres(self, listing: Listing) -> Sequence[Subject]:
        """Persons by id who held one of the posts in the period."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything a use case may reach."""

    generation: Generation
    ledger: Ledger
    cards: Cards
    announcements: Announcements
    directory: Directory
    clock: Clock
