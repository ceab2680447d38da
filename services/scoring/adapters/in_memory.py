"""Ledger, cards, announcements and seals in memory: for tests, held to the same suite as the real store."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from services.scoring.domain.awards import LASTING, Award, AwardId, CardKey
from services.scoring.domain.card import Card, Day, Total, enter, part_of, totals, whole
from services.scoring.domain.seal import Seal
from services.scoring.use_cases.ports import Announcement, Behind, Sealed, Touched
from shared.events.base import Event, Fact
from shared.events.scoring import Standard
from shared.telemetry.spans import step


@dataclass(slots=True)
class InMemoryLedger:
    """The set of entries in a dictionary."""

    kept: dict[AwardId, Award] = field(default_factory=dict)

    @step("add to ledger")
    async def add(self, entries: Sequence[Award]) -> None:
        """Put the entries into the set."""
        for entry in entries:
            self.kept.setdefault(entry.id, entry)

    async def totals(self, touched: Collection[Touched]) -> Mapping[CardKey, Mapping[Day, Total]]:
        """What the set holds for these parts of days now."""
        wanted = set(touched)
        return {
            key: {day: total for day, total in days.items() if Touched(key, day) in wanted}
            for key, days in totals(self.kept.values(), part_of).items()
            if any(each.card == key for each in wanted)
        }

    async def entries(self, key: CardKey) -> Sequence[Award]:
        """All entries of one card."""
        return [entry for entry in self.kept.values() if entry.card == key]


@dataclass(slots=True)
class InMemoryCards:
    """The cards in a dictionary."""

    in_parts: dict[CardKey, Card] = field(default_factory=dict)
    kept: dict[CardKey, Card] = field(default_factory=dict)
    touches: dict[CardKey, int] = field(default_factory=dict)
    announced: dict[CardKey, int] = field(default_factory=dict)

    @step("enter scorecards")
    async def enter(self, totals: Mapping[CardKey, Mapping[Day, Total]]) -> None:
        """Let each total into its card unless a larger count is there."""
        for key, days in totals.items():
            self.in_parts[key] = enter(self.in_parts.get(key, Card(key)), days)
            self.kept[key] = Card(key, whole(self.in_parts[key].totals))
            self.touches[key] = self.touches.get(key, 0) + 1

    async def get(self, keys: Collection[CardKey]) -> Mapping[CardKey, Card]:
        """The cards of these keys."""
        return {key: self.kept.get(key, Card(key)) for key in keys}

    async def behind(self, limit: int, after: CardKey | None = None) -> Sequence[Behind]:
        """Cards touched since they were announced, in their order."""
        found = sorted(self._behind(), key=lambda each: each.key)
        return [each for each in found if after is None or each.key > after][:limit]

    async def count_behind(self) -> int:
        """How many there are."""
        return len(self._behind())

    def _behind(self) -> list[Behind]:
        return [Behind(key, touches) for key, touches in self.touches.items() if touches != self.announced.get(key)]

    async def caught_up(self, cards: Sequence[Behind]) -> None:
        """Nobody need look at these cards; those touched again meanwhile stay behind."""
        self.announced.update({behind.key: behind.touches for behind in cards})

    async def look_again(self, standard: Standard, *subject_ids: str) -> None:
        """Put all cards of the subjects behind."""
        for key in self.touches:
            if key.standard == standard and key.subject_id in subject_ids and key.period != LASTING:
                self.touches[key] += 1


@dataclass(slots=True)
class InMemorySeals:
    """Seals in a dictionary."""

    kept: dict[CardKey, Sealed] = field(default_factory=dict)

    async def put(self, seal: Seal) -> None:
        """Remember a seal; the first one stays."""
        self.kept.setdefault(seal.key, Sealed(seal, is_late=False))

    async def of(self, keys: Collection[CardKey]) -> Mapping[CardKey, Sealed]:
        """The seals of these cards."""
        return {key: self.kept[key] for key in keys if key in self.kept}

    async def of_subject(self, standard: Standard, subject_id: str) -> Mapping[str, Sealed]:
        """All seals of a subject, by period."""
        wanted = (standard, subject_id)
        return {key.period: each for key, each in self.kept.items() if (key.standard, key.subject_id) == wanted}

    async def page(self, limit: int, after: CardKey | None = None) -> Sequence[Seal]:
        """Seals by standard, subject and period."""
        found = [self.kept[key].seal for key in sorted(self.kept)]
        return [each for each in found if after is None or each.key > after][:limit]

    async def late(self, keys: Collection[CardKey]) -> None:
        """Remember that entries outside these seals were seen."""
        for key in keys:
            self.kept[key] = replace(self.kept[key], is_late=True)


@dataclass(slots=True)
class InMemoryNotices:
    """Which townships' periods are on notice, in a set of (standard, township, period)."""

    kept: set[tuple[Standard, str, str]] = field(default_factory=set)

    async def on_notice(self, standard: Standard, periods: Collection[str]) -> Collection[tuple[str, str]]:
        """The townships and periods on notice."""
        return {(township, period) for which, township, period in self.kept if which == standard and period in periods}


@dataclass(frozen=True, slots=True)
class Told:
    """What was told last of a card: what it said, its number, from which switch on, how often the card was touched."""

    said: str
    number: int
    shown: int
    touches: int


@dataclass(slots=True)
class InMemoryAnnouncements:
    """What was told last of each card, and every fact of it in order; of a build that switch `shown` showed."""

    shown: int = 0
    last: dict[CardKey, Told] = field(default_factory=dict)
    facts: list[Fact[Event]] = field(default_factory=list)

    def of(self, shown: int) -> "InMemoryAnnouncements":
        """The same, seen from a build that another switch showed."""
        return replace(self, shown=shown)

    async def announce(self, announcements: Sequence[Announcement]) -> int:
        """Record each unless it was told last, or a later state was."""
        told = 0
        for each in announcements:
            last = self.last.get(each.key, Told("", 0, 0, 0))
            if (last.shown, last.touches) > (self.shown, each.touches) or last.said == each.told:
                continue
            self.last[each.key] = Told(each.told, last.number + 1, self.shown, each.touches)
            self.facts.append(each.fact(last.number + 1))
            told += 1
        return told
