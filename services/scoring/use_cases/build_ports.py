"""What building generations beside the live one needs of the world."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.scoring.domain.awards import Award, CardKey
from services.scoring.domain.build import Build
from services.scoring.domain.build_comparison import BuildComparison
from services.scoring.domain.build_register import AskedBy
from services.scoring.domain.generation import Generation
from services.scoring.domain.rule_book import RuleBook
from services.scoring.domain.seal import Seal
from services.scoring.use_cases.directory_ports import Directory
from services.scoring.use_cases.log_ports import Offsets
from services.scoring.use_cases.ports import Ports
from shared.events.base import Event, Fact
from shared.kernel.clock import Clock


class Builds(Protocol):
    """The builds and which of them is live; each change is one write, and at any moment exactly one is live."""

    async def all(self) -> tuple[Build, ...]:
        """Every build whose results may be there, and the last ones given up, oldest first."""
        ...

    async def live(self) -> Build | None:
        """The one people see; None before the first."""
        ...

    async def folded(self) -> tuple[Build, ...]:
        """Those that new facts are folded into, the live one first.

        Asked for by a write that a majority confirms: it knows every build whose beginning was confirmed before.
        """
        ...

    async def find(self, build_id: str) -> Build | None:
        """The build of that name."""
        ...

    async def asked(self) -> str | None:
        """The digest of the books that were shipped or published when somebody last looked."""
        ...

    async def first(self, generation: Generation, at: datetime) -> Build:
        """The live one; this generation, live at once, where there is none."""
        ...

    async def begin(self, generation: Generation, reason: AskedBy, at: datetime) -> None:
        """A build of books that were shipped or published, unless they were asked for last; gives up one under way."""
        ...

    async def rebuild(self, at: datetime) -> Build:
        """The live generation anew; raises NothingLive, BuildUnderWay."""
        ...

    async def go_back(self, build_id: str, at: datetime) -> Build:
        """A kept build brought up to date, or one given up tried anew.

        Raises BuildUnknown, BuildNotKept, BuildUnderWay.
        """
        ...

    async def progress(self, build_id: str, facts: int) -> bool:
        """So many facts are read; False when the build was given up meanwhile."""
        ...

    async def finished(self, build_id: str) -> bool:
        """It is complete (building → ready); False when it was given up meanwhile."""
        ...

    async def failed(self, build_id: str) -> None:
        """It is given up."""
        ...

    async def switch(self, build_id: str) -> bool:
        """People see it from now on (ready → live), and the former one is kept; False when it is not ready."""
        ...


@dataclass(frozen=True, slots=True)
class Counts:
    """How many entries and cards the results of a build are."""

    entries: int
    cards: int


class BulkLedger(Protocol):
    """Ledger and cards of one build, written and read in bulk by a process of its own."""

    async def add(self, entries: Sequence[Award]) -> None:
        """Put the entries into the set in any order; they are durable after `settle`."""
        ...

    async def settle(self) -> None:
        """Return once everything added is durable."""
        ...

    async def close(self) -> None:
        """Let go what adding holds, also when it failed; what is not settled is forgotten."""
        ...

    async def retotal(self) -> None:
        """Total everything in the ledger again and let it into the cards, where a larger count stays."""
        ...

    def entries(self) -> AsyncIterator[Sequence[Award]]:
        """All entries, those of one card together in one batch."""
        ...

    async def of_cards(self, keys: Collection[CardKey]) -> Mapping[CardKey, Sequence[Award]]:
        """The entries of these cards, where there are any."""
        ...

    def cards(self) -> AsyncIterator[CardKey]:
        """The names of all cards."""
        ...

    async def counts(self) -> Counts:
        """How much there is."""
        ...


class Results(Protocol):
    """The results of all builds in one store."""

    async def names(self) -> Collection[str]:
        """Every name under which there are results."""
        ...

    async def drop(self, name: str) -> None:
        """Remove the results of that name."""
        ...


class BuildComparisons(Protocol):
    """What builds change against the one that was live, kept under their names."""

    async def keep(self, comparison: BuildComparison) -> None:
        """Put it in the place of an earlier one of the build; who keeps the same at the same time keeps it once."""
        ...

    async def find(self, build_id: str) -> BuildComparison | None:
        """The build's, with everybody who moves."""
        ...

    async def all(self) -> Sequence[BuildComparison]:
        """All of them, without those who move."""
        ...

    async def names(self) -> Collection[str]:
        """Every name under which there is one, or part of one."""
        ...

    async def drop(self, build_id: str) -> None:
        """Remove the build's."""
        ...


class SealList(Protocol):
    """What was sealed, as a list."""

    async def page(self, limit: int, after: CardKey | None = None) -> Sequence[Seal]:
        """Seals in an order in which those of one subject follow each other, so many, after one of them."""
        ...


class SecondReader(Protocol):
    """Somebody beside this process who reads a share of the log into the same build."""

    @property
    def facts(self) -> int:
        """How many facts of its share it has read so far."""
        ...

    async def begin(self, build_id: str, until: Offsets) -> None:
        """Let it read the facts before these offsets; what it was doing before is of no interest any more."""
        ...

    async def is_done(self) -> bool:
        """Whether all it earns is durable, after a moment's wait; raises Unavailable when a part it needs is away."""
        ...


class Published(Protocol):
    """The rule books that were published."""

    async def published(self) -> tuple[RuleBook, ...]:
        """All of them."""
        ...


class WholeLog(Protocol):
    """All facts ever published, and how far the live fold has acknowledged them."""

    async def ends(self) -> Offsets:
        """Where the log ends now; raises Unavailable."""
        ...

    async def acknowledged(self) -> Offsets:
        """Before which offsets every fact has had its effect; raises Unavailable."""
        ...

    def facts(
        self, until: Offsets, types: Collection[str], since: Offsets | None = None
    ) -> AsyncGenerator[Sequence[Fact[Event]], None]:
        """The facts of these types between these offsets, batch by batch; raises Unavailable."""
        ...


@dataclass(frozen=True, slots=True)
class BuildPorts:
    """Everything the use cases of builds may reach."""

    builds: Builds
    ports_of: Callable[[Build], Ports]
    bulk_of: Callable[[Build], BulkLedger]
    results: Results
    comparisons: BuildComparisons
    directory: Directory
    seals: SealList
    log: WholeLog
    published: Published
    shipped: Generation
    clock: Clock
    second_reader: SecondReader | None = None


@dataclass(frozen=True, slots=True)
class BuildsOnRecord:
    """What reading about builds takes."""

    builds: Builds
    comparisons: BuildComparisons
