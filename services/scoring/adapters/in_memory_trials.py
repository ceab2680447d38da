"""Trials in memory: for tests, held to the same suite as the real store; they are never removed."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.scoring.domain.trial import Trial
from services.scoring.use_cases.directory_ports import Directory
from services.scoring.use_cases.laboratory_ports import LaboratoryPorts, TrialListing
from services.scoring.use_cases.log_ports import Offsets
from services.scoring.use_cases.publication_ports import PublicationPorts
from shared.events.base import Event, Fact
from shared.events.recording import Recorder
from shared.kernel.clock import Clock
from shared.testing.in_memory_store import InMemoryAggregates

_PLACE = ("facts", 0)


class InMemoryTrials(InMemoryAggregates[Trial]):
    """The trials in a dictionary."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder, name="trials")

    async def keep(self, trial: Trial, *, attempts: int) -> bool:
        """Write how far a trial is, unless it is over or was begun anew meanwhile."""
        stands = self.things.get(trial.id)
        if stands is None or stands.is_over or stands.attempts != attempts:
            return False
        self.things[trial.id] = trial
        return True

    async def list(self, listing: TrialListing) -> Sequence[Trial]:
        """Trials below the scopes, the last asked first, without their results."""
        found = [trial for trial in self.things.values() if not listing.scopes.isdisjoint(trial.path.segments)]
        found.sort(key=lambda trial: (-trial.asked_at.timestamp(), trial.id))
        if listing.after is not None:
            asked, id_ = listing.after
            seen = (-datetime.fromisoformat(asked).timestamp(), id_)
            found = [trial for trial in found if (-trial.asked_at.timestamp(), trial.id) > seen]
        return [replace(trial, result=None) for trial in found[: listing.limit]]

    async def waiting(self) -> int:
        """How many are not over."""
        return sum(not trial.is_over for trial in self.things.values())

    async def next(self) -> Trial | None:
        """What was begun and left, or else what waits longest."""
        waiting = sorted(
            (trial.state == "queued", trial.asked_at, trial.id) for trial in self.things.values() if not trial.is_over
        )
        return self.things[waiting[0][2]] if waiting else None


@dataclass(slots=True)
class InMemoryFactLog:
    """The facts of the past in a list, given in batches."""

    kept: list[Fact[Event]] = field(default_factory=list)
    batch: int = 100

    async def ends(self) -> Offsets:
        """Where the list ends now."""
        return {_PLACE: len(self.kept)}

    async def facts(self, until: Offsets, types: Collection[str]) -> AsyncIterator[Sequence[Fact[Event]]]:
        """The facts of these types before this place, batch by batch."""
        for start in range(0, until[_PLACE], self.batch):
            read = self.kept[start : min(start + self.batch, until[_PLACE])]
            yield [fact for fact in read if fact.type in types]


def in_memory_laboratory(
    publication: PublicationPorts, directory: Directory, clock: Clock, facts: Sequence[Fact[Event]] = ()
) -> LaboratoryPorts:
    """All ports of the laboratory over no trials and these facts."""
    trials = InMemoryTrials(Recorder("scoring", clock))
    return LaboratoryPorts(
        trials=trials, publication=publication, directory=directory, log=InMemoryFactLog(list(facts)), clock=clock
    )
