"""What the use cases need of the world."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.scoring.domain.awards import Award, CardKey
from services.scoring.domain.card import Card, Day, Total
from services.scoring.domain.generation import Generation
from services.scoring.domain.seal import Seal
from services.scoring.use_cases.directory_ports import Directory
from shared.events.base import Event, Fact
from shared.events.scoring import Standard
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
        """Put all cards of a subject behind: what may be told of them may be another thing now.

        Not the card of what lasts, of which nothing is told: whoever looks at that one puts the others behind.
        """
        ...


@dataclass(frozen=True, slots=True)
class Sealed:
    """A seal, and whether an entry outside it was ever seen."""

    seal: Seal
    is_late: bool


class Seals(Protocol):
    """What was sealed, as its facts tell; the same for every generation."""

    async def put(self, seal: Seal) -> None:
        """Remember a seal; the first one of a subject and period stays."""
        ...

    async def of(self, keys: Collection[CardKey]) -> Mapping[CardKey, Sealed]:
        """The seals of these cards, where there are any."""
        ...

    async def of_subject(self, standard: Standard, subject_id: str) -> Mapping[str, Sealed]:
        """All seals of a subject, by period."""
        ...

    async def late(self, keys: Collection[CardKey]) -> None:
        """Remember that entries outside these seals were seen: from now on whatever touches them is reckoned again."""
        ...


class Notices(Protocol):
    """Which periods are on public notice."""

    async def on_notice(self, standard: Standard, periods: Collection[str]) -> Collection[tuple[str, str]]:
        """The townships and periods, of those named, whose scores are on notice and not sealed yet."""
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


LivePorts = Callable[[], Awaitable["Ports"]]
"""Gives the ports of the build people see now."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything a use case may reach."""

    generation: Generation
    ledger: Ledger
    cards: Cards
    announcements: Announcements
    seals: Seals
    notices: Notices
    directory: Directory
    clock: Clock
