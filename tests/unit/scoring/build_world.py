"""A small world of builds: everything in memory, seals and directory shared, ledger and cards by name."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from services.scoring.adapters.builds import RegisteredBuilds
from services.scoring.adapters.in_memory import InMemoryAnnouncements, InMemoryNotices, InMemorySeals
from services.scoring.adapters.in_memory_builds import (
    InMemoryBuildComparisons,
    InMemoryRegister,
    InMemoryResults,
    InMemoryWholeLog,
)
from services.scoring.adapters.in_memory_directory import InMemoryDirectory
from services.scoring.adapters.rule_files import load_generation
from services.scoring.domain.awards import Award, AwardId, CardKey
from services.scoring.domain.build import Build
from services.scoring.domain.card import Card
from services.scoring.domain.generation import Generation
from services.scoring.domain.points import HUNDREDTHS
from services.scoring.domain.rule_book import RuleBook
from services.scoring.use_cases.build_ports import BuildPorts
from services.scoring.use_cases.fold_into_builds import fold_into_builds
from services.scoring.use_cases.ports import Ports
from shared.events.base import Event, Fact
from shared.testing.clock import StoppedClock


@dataclass
class PublishedBooks:
    """What was published beside the shipped books."""

    books: tuple[RuleBook, ...] = ()

    async def published(self) -> tuple[RuleBook, ...]:
        return self.books


@dataclass
class BuildWorld:
    """Builds over a log; what the worker has acknowledged is what `fold` has folded."""

    log: InMemoryWholeLog = field(default_factory=InMemoryWholeLog)
    register: InMemoryRegister = field(default_factory=InMemoryRegister)
    results: InMemoryResults = field(default_factory=InMemoryResults)
    comparisons: InMemoryBuildComparisons = field(default_factory=InMemoryBuildComparisons)
    seals: InMemorySeals = field(default_factory=InMemorySeals)
    directory: InMemoryDirectory = field(default_factory=InMemoryDirectory)
    published: PublishedBooks = field(default_factory=PublishedBooks)
    told: InMemoryAnnouncements = field(default_factory=InMemoryAnnouncements)
    clock: StoppedClock = field(default_factory=StoppedClock)

    @property
    def ports(self) -> BuildPorts:
        return BuildPorts(
            builds=RegisteredBuilds(self.register),
            ports_of=self.ports_of,
            bulk_of=lambda build: self.results.of(build.id),
            results=self.results,
            comparisons=self.comparisons,
            directory=self.directory,
            seals=self.seals,
            log=self.log,
            published=self.published,
            shipped=load_generation(),
            clock=self.clock,
        )

    def ports_of(self, build: Build) -> Ports:
        results = self.results.of(build.id)
        return Ports(
            generation=build.generation,
            ledger=results.ledger,
            cards=results.all_cards,
            announcements=self.told.of(build.shown),
            seals=self.seals,
            notices=InMemoryNotices(),
            directory=self.directory,
            clock=self.clock,
        )

    async def publish(self, facts: Iterable[Fact[Event]]) -> None:
        """They are in the log, and the worker folds and acknowledges them."""
        new = list(facts)
        self.log.tell(new)
        await fold_into_builds(new, RegisteredBuilds(self.register), self.ports_of)
        self.log.done = len(self.log.told)

    def ledger_of(self, build_id: str) -> dict[AwardId, Award]:
        return self.results.of(build_id).ledger.kept

    def cards_of(self, build_id: str) -> dict[CardKey, Card]:
        return {key: card for key, card in self.results.of(build_id).all_cards.kept.items() if card.totals}


def the_ledger(facts: Iterable[Fact[Event]], generation: Generation) -> dict[AwardId, Award]:
    """What one pure pass over the facts gives."""
    return {award.id: award for fact in facts for award in generation.awards(fact)}


def dearer_visits() -> tuple[Generation, RuleBook]:
    """The shipped books, and a version of the cadres' that gives one point for a visit from 2023-07-01 on."""
    shipped = load_generation()
    book = next(book for book in shipped.books if book.standard == "cadre")
    rules = tuple(
        rule.model_copy(update={"award": rule.award.model_copy(update={"points": HUNDREDTHS})})
        if rule.id == "weekly-visit"
        else rule
        for rule in book.rules
    )
    effective = book.effective.model_copy(update={"from_": book.effective.from_.replace(month=7)})
    changed = book.model_copy(update={"version": "2023.9", "rules": rules, "effective": effective})
    return replace(shipped, books=(*shipped.books, changed)), changed
