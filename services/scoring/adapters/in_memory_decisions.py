"""Permits, signed grades and changes in memory: for tests, held to the same suite as the real stores."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from services.scoring.domain.ranking import RankingPermit
from services.scoring.domain.signed_grade import SignedGrade
from services.scoring.use_cases.decision_ports import DecisionPorts
from services.scoring.use_cases.read_changes import Change
from shared.events.base import Event, Fact
from shared.events.recording import Recorder
from shared.events.scoring import ScoreChanged
from shared.kernel.access import OrganisationPath
from shared.kernel.clock import Clock
from shared.testing.in_memory_store import InMemoryAggregates


class InMemoryRankingPermits(InMemoryAggregates[RankingPermit]):
    """The permits in a dictionary."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder, name="ranking_permits")

    async def moved(self, organisation_id: str, path: OrganisationPath) -> None:
        """The organisation hangs elsewhere now, and its permits with it."""
        self.things.update(
            {
                id_: replace(each, path=path)
                for id_, each in self.things.items()
                if each.organisation_id == organisation_id
            }
        )


class InMemorySignedGrades(InMemoryAggregates[SignedGrade]):
    """The signed grades in a dictionary."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder, name="signed_grades")

    async def moved(self, organisation_id: str, path: OrganisationPath) -> None:
        """The organisation hangs elsewhere now, and the grades of those at home there with it."""
        self.things.update(
            {
                id_: replace(each, path=path)
                for id_, each in self.things.items()
                if each.organisation_id == organisation_id
            }
        )


@dataclass(slots=True)
class InMemoryChanges:
    """The facts that were published, in order; a fact's number is its position from 1 on."""

    published: list[Fact[Event]] = field(default_factory=list)

    async def append(self, facts: Sequence[Fact[Event]]) -> None:
        """These facts were published."""
        self.published += facts

    async def newest(self) -> int:
        """The number of the newest fact."""
        return len(self.published)

    async def after(self, sequence: int, limit: int) -> tuple[Sequence[Change], int]:
        """The changes among the next so many facts, and the number of the last fact looked at."""
        looked_at = self.published[sequence : sequence + limit]
        found = [
            Change(number, fact.path, fact.event)
            for number, fact in enumerate(looked_at, start=sequence + 1)
            if isinstance(fact.event, ScoreChanged)
        ]
        return found, sequence + len(looked_at)


def in_memory_decisions(clock: Clock) -> DecisionPorts:
    """Empty stores."""
    recorder = Recorder("scoring", clock)
    return DecisionPorts(InMemoryRankingPermits(recorder), InMemorySignedGrades(recorder))
