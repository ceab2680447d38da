"""What the laboratory (细则测算) needs of the world."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from services.scoring.domain.trial import Trial, TrialId
from services.scoring.use_cases.directory_ports import Directory
from services.scoring.use_cases.log_ports import FactLog
from services.scoring.use_cases.publication_ports import PublicationPorts
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class TrialListing:
    """Which trials: below the scopes, the last asked first, so many after a sort key."""

    scopes: frozenset[str]
    limit: int
    after: tuple[str, ...] | None = None

    @staticmethod
    def key(trial: Trial) -> tuple[str, str]:
        """Where a trial stands in the list."""
        return trial.asked_at.isoformat(), trial.id


class Trials(Protocol):
    """The trials (测算), each kept for thirty days."""

    async def find(self, trial_id: TrialId) -> Trial | None:
        """The trial, if there is one."""
        ...

    async def save(self, trial: Trial) -> None:
        """Store a new one, or one that somebody changed; raises AlreadyThere, Stale."""
        ...

    async def keep(self, trial: Trial, *, attempts: int) -> bool:
        """Write how far a trial is, which had been begun so often when the writer looked.

        False, and nothing is written, when it is over or was begun anew meanwhile.
        """
        ...

    async def list(self, listing: TrialListing) -> Sequence[Trial]:
        """Part of the list; without their results."""
        ...

    async def waiting(self) -> int:
        """How many are not over."""
        ...

    async def next(self) -> Trial | None:
        """What is to be folded now: one that was begun and left, or else the one that waits longest."""
        ...


@dataclass(frozen=True, slots=True)
class LaboratoryPorts:
    """Everything the laboratory may reach; it writes nothing but its trials."""

    trials: Trials
    publication: PublicationPorts
    directory: Directory
    log: FactLog
    clock: Clock
