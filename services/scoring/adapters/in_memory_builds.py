"""Builds, their results in bulk and the log in memory: for tests, held to the same suites as the real ones."""

from collections.abc import AsyncGenerator, AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from services.scoring.adapters.in_memory import InMemoryCards, InMemoryLedger
from services.scoring.domain.awards import Award, CardKey
from services.scoring.domain.build_comparison import BuildComparison, CountyComparison
from services.scoring.domain.build_register import BuildRegister
from services.scoring.domain.card import part_of, totals
from services.scoring.use_cases.build_ports import Counts
from services.scoring.use_cases.log_ports import Offsets
from shared.events.base import Event, Fact


@dataclass(slots=True)
class InMemoryRegister:
    """The register as a value."""

    register: BuildRegister = field(default_factory=BuildRegister)
    version: int = 0

    async def read(self, *, newest: bool = True) -> tuple[BuildRegister, int]:  # noqa: ARG002 - always the newest
        """The register and its version."""
        return self.register, self.version

    async def write(self, register: BuildRegister, seen: int) -> bool:
        """Write it if that version still stands."""
        if seen != self.version:
            return False
        self.register, self.version = register, seen + 1
        return True


@dataclass(frozen=True, slots=True)
class InMemoryBulkLedger:
    """The same ledger and cards, in bulk."""

    ledger: InMemoryLedger
    all_cards: InMemoryCards

    async def add(self, entries: Sequence[Award]) -> None:
        """Put the entries into the set."""
        await self.ledger.add(entries)

    async def settle(self) -> None:
        """All is there already."""

    async def close(self) -> None:
        """There is nothing to let go."""

    async def retotal(self) -> None:
        """Total everything again."""
        await self.all_cards.enter(totals(self.ledger.kept.values(), part_of))

    async def entries(self) -> AsyncIterator[Sequence[Award]]:
        """All entries, card by card."""
        by_card: dict[CardKey, list[Award]] = {}
        for entry in self.ledger.kept.values():
            by_card.setdefault(entry.card, []).append(entry)
        for entries in by_card.values():
            yield entries

    async def of_cards(self, keys: Collection[CardKey]) -> Mapping[CardKey, Sequence[Award]]:
        """The entries of these cards."""
        found = {key: await self.ledger.entries(key) for key in keys}
        return {key: entries for key, entries in found.items() if entries}

    async def cards(self) -> AsyncIterator[CardKey]:
        """The names of all cards."""
        for key in list(self.all_cards.kept):
            yield key

    async def counts(self) -> Counts:
        """How much there is."""
        return Counts(len(self.ledger.kept), len(self.all_cards.kept))


@dataclass(slots=True)
class InMemoryResults:
    """The results of builds by name."""

    kept: dict[str, InMemoryBulkLedger] = field(default_factory=dict)

    def of(self, name: str) -> InMemoryBulkLedger:
        """The results of that name, empty at first."""
        return self.kept.setdefault(name, InMemoryBulkLedger(InMemoryLedger(), InMemoryCards()))

    async def names(self) -> Collection[str]:
        """Every name under which there are results."""
        return [name for name, bulk in self.kept.items() if bulk.ledger.kept or bulk.all_cards.kept]

    async def drop(self, name: str) -> None:
        """Remove the results of that name."""
        self.kept.pop(name, None)


@dataclass(slots=True)
class InMemoryBuildComparisons:
    """What builds change, by name."""

    kept: dict[str, BuildComparison] = field(default_factory=dict)

    async def keep(self, comparison: BuildComparison) -> None:
        """Put it in the place of an earlier one of the build."""
        parts = sorted(comparison.parts, key=lambda part: (part.county_id, part.standard))
        self.kept[comparison.build_id] = comparison.with_parts(parts)

    async def find(self, build_id: str) -> BuildComparison | None:
        """The build's, with everybody who moves."""
        return self.kept.get(build_id)

    async def all(self) -> Sequence[BuildComparison]:
        """All of them, without those who move."""
        return [
            comparison.with_parts(_without_movers(part) for part in comparison.parts)
            for _, comparison in sorted(self.kept.items())
        ]

    async def names(self) -> Collection[str]:
        """Every name under which there is one."""
        return list(self.kept)

    async def drop(self, build_id: str) -> None:
        """Remove the build's."""
        self.kept.pop(build_id, None)


def _without_movers(part: CountyComparison) -> CountyComparison:
    return replace(part, result=replace(part.result, movers=()))


@dataclass(slots=True)
class InMemoryWholeLog:
    """Facts in one partition of one topic, read a few at a time; `done` of them the live fold has acknowledged."""

    told: list[Fact[Event]] = field(default_factory=list)
    done: int = 0
    at_once: int = 3
    place: tuple[str, int] = ("facts", 0)

    def tell(self, facts: Iterable[Fact[Event]]) -> None:
        """They are published."""
        self.told.extend(facts)

    async def ends(self) -> Offsets:
        """Where the log ends now."""
        return {self.place: len(self.told)}

    async def acknowledged(self) -> Offsets:
        """Before which offset every fact has had its effect."""
        return {self.place: self.done}

    async def facts(
        self, until: Offsets, types: Collection[str], since: Mapping[tuple[str, int], int] | None = None
    ) -> AsyncGenerator[Sequence[Fact[Event]], None]:
        """The facts of these types between these offsets."""
        first = (since or {}).get(self.place, 0)
        read = self.told[first : until[self.place]]
        for start in range(0, len(read), self.at_once):
            yield [fact for fact in read[start : start + self.at_once] if fact.type in types]
