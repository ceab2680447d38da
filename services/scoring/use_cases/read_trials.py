"""Read trials: one with its result, or the list of those in the reader's scopes."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.scoring.domain.trial import Trial, TrialId
from services.scoring.use_cases.laboratory_ports import LaboratoryPorts, TrialListing
from services.scoring.use_cases.require_trial import TRIERS, require_trial
from shared.kernel.access import Caller


@dataclass(frozen=True, slots=True)
class ListTrials:
    """Which part of the list."""

    by: Caller
    limit: int
    after: tuple[str, ...] | None = None


async def read_trial(trial_id: TrialId, by: Caller, ports: LaboratoryPorts) -> Trial:
    """One trial. Raises TrialUnknown, Forbidden."""
    return await require_trial(trial_id, by, ports)


async def list_trials(wanted: ListTrials, ports: LaboratoryPorts) -> Sequence[Trial]:
    """The trials about the reader's organisations and those below, the last asked first, without results."""
    return await ports.trials.list(TrialListing(wanted.by.scopes(TRIERS), wanted.limit, wanted.after))
