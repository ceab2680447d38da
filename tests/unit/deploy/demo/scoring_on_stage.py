"""Scoring in memory for the theatre: it folds what was recorded, lets deeds take effect, seals what was confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from fastapi import FastAPI

from services.scoring.adapters.closing_procedures import read_closing_procedure
from services.scoring.adapters.in_memory import (
    InMemoryAnnouncements,
    InMemoryCards,
    InMemoryLedger,
    InMemoryNotices,
    InMemorySeals,
)
from services.scoring.adapters.in_memory_closings import InMemoryClosings, InMemorySealRecords
from services.scoring.adapters.in_memory_directory import InMemoryDirectory
from services.scoring.adapters.in_memory_records import InMemoryDeeds, InMemoryObjections, InMemoryReviews
from services.scoring.adapters.procedures import read_deed_procedure
from services.scoring.adapters.rule_files import load_generation
from services.scoring.bootstrap import Beside, api_over
from services.scoring.use_cases.closing_ports import ClosingPorts
from services.scoring.use_cases.fold_facts import fold_facts
from services.scoring.use_cases.make_deeds_effective import make_deeds_effective
from services.scoring.use_cases.ports import Ports
from services.scoring.use_cases.record_ports import RecordPorts
from services.scoring.use_cases.seal_period import seal_period
from shared.events.base import Event, Fact
from shared.events.recording import Recorder
from shared.testing.access import KnownCallers
from shared.testing.clock import StoppedClock
from shared.testing.in_memory_store import InMemoryAggregates

_AT_ONCE = 20


@dataclass(slots=True)
class ScoringOnStage:
    """The scoring service without its news and its builds."""

    scored: Ports
    records: RecordPorts
    closings: ClosingPorts
    stores: dict[str, InMemoryAggregates[Any]]
    _folded: set[str] = field(default_factory=set)

    @classmethod
    def over(cls, clock: StoppedClock) -> Self:
        """An empty one."""
        recorder = Recorder("scoring", clock)
        deeds, reviews, objections = InMemoryDeeds(recorder), InMemoryReviews(recorder), InMemoryObjections(recorder)
        closings, seals = InMemoryClosings(recorder), InMemorySealRecords(recorder)
        directory, ledger = InMemoryDirectory(), InMemoryLedger()
        scored = Ports(
            generation=load_generation(),
            ledger=ledger,
            cards=InMemoryCards(),
            announcements=InMemoryAnnouncements(),
            seals=InMemorySeals(),
            notices=InMemoryNotices(),
            directory=directory,
            clock=clock,
        )
        return cls(
            scored,
            RecordPorts(deeds, reviews, objections, directory, ledger, read_deed_procedure(), clock),
            ClosingPorts(closings, seals, objections, read_closing_procedure(), scored),
            {"deeds": deeds, "reviews": reviews, "objections": objections, "closings": closings, "seals": seals},
        )

    def api(self, callers: KnownCallers) -> FastAPI:
        """Its front door."""
        return api_over(self.scored, callers, (), Beside(records=self.records, closings=self.closings))

    async def settle(self, facts: Sequence[Fact[Event]]) -> None:
        """Fold what is new, do what is due; what that records is folded at the next turn."""
        news = [fact for fact in facts if fact.id not in self._folded]
        self._folded.update(fact.id for fact in news)
        await fold_facts(news, self.scored)
        await make_deeds_effective(self.scored.clock.now(), self.records)
        for closing in await self.closings.closings.sealing(_AT_ONCE):
            await seal_period(closing, self.closings)
