"""What the use cases need of the world."""

import hashlib
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.scoring.domain.awards import Award, CardKey
from services.scoring.domain.card import Card, Day, Total
from services.scoring.domain.generation import Generation
from services.scoring.domain.seal import Seal
from services.scoring.use_cases.directory_ports import Directory
from shared.events.base import Event, Fact
from shared.events.scoring import ScoreChanged, Standard
from shared.kernel.access import OrganisationPath
from shared.kernel.clock import Clock
from shared.kernel.ids import EventId, derived_id

_SOURCE = "scoring"
_TOLD_LENGTH = 32


@dataclass(frozen=True, slots=True, order=True)
class Touched:
    """A part of one rule and day of one card that new entries may have changed."""

    card: CardKey
    day: Day


class Ledger(Protocol):
    """The grow-only set of all awards and reversals of a generation (积分台账)."""

    async def add(self, entries: Sequence[Award]) -> None:
        """Put the entries into the set; one that is there already is passed over. Nothing is ever changed."""
        ...

    async def totals(self, touched: Collection[Touched]) -> Mapping[CardKey, Mapping[Day, Total]]:
        """What the set holds for these parts of days now."""
        ...

    async def entries(self, key: CardKey) -> Sequence[Award]:
        """All entries of one card, in no order."""
        ...


@dataclass(frozen=True, slots=True)
class Behind:
    """A card touched since somebody last looked at it; `touches` tells whether it was touched again meanwhile."""

    key: CardKey
    touches: int


class Cards(Protocol):
    """The cards (得分表) of a generation."""

    async def enter(self, totals: Mapping[CardKey, Mapping[Day, Total]]) -> None:
        """Let each total into its card unless a larger count is there; a card nobody knows begins empty.

        Each is of a part of a day or, of corrections, of a whole one; a day never has both.
        """
        ...

    async def get(self, keys: Collection[CardKey]) -> Mapping[CardKey, Card]:
        """The cards of these keys, empty ones for those nothing happened to; their days are whole."""
        ...

    async def behind(self, limit: int, after: CardKey | None = None) -> Sequence[Behind]:
        """Cards that may have another score than was announced, in their order, so many, after one of them."""
        ...

    async def count_behind(self) -> int:
        """How many there are."""
        ...

    async def caught_up(self, cards: Sequence[Behind]) -> None:
        """What these cards say is announced, or news of nobody; those touched again meanwhile stay behind."""
        ...

    async def look_again(self, standard: Standard, *subject_ids: str) -> None:
        """Put all cards of the subjects behind: what may be told of them may be another thing now.

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
    """What a card says now, as the news it may be; `touches` are the card's, read before anything else was."""

    key: CardKey
    touches: int
    event: ScoreChanged
    path: OrganisationPath
    at: datetime

    @property
    def told(self) -> str:
        """All that it says as a short name: only what differs from what was told last is news."""
        text = f"{self.event.model_dump_json(exclude={'occurred_on'})} {self.path}"
        return hashlib.sha256(text.encode()).hexdigest()[:_TOLD_LENGTH]

    def fact(self, number: int) -> Fact[Event]:
        """The fact of it, as the news of that number of its card, whatever generation it comes from."""
        names = (self.key.standard, self.key.subject_id, self.key.period)
        return Fact(
            id=EventId(derived_id("score-changed", self.event.generation, *names, self.told, number)),
            source=_SOURCE,
            subject="/".join(names),
            revision=number,
            recorded_at=self.at,
            path=self.path,
            event=self.event,
        )


class Announcements(Protocol):
    """What was told last of each card, its number, and the facts not yet published; one for all builds.

    Seen from one build: what was told of a build that was shown later, or of the card when it was touched more often,
    stays.
    """

    async def announce(self, announcements: Sequence[Announcement]) -> int:
        """Record each with its fact and the next number, unless it was told last; returns how many were news."""
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
