"""Cancel a trial nobody needs any more."""

from dataclasses import dataclass

from services.scoring.domain.trial import Trial, TrialId
from services.scoring.use_cases.laboratory_ports import LaboratoryPorts
from services.scoring.use_cases.require_trial import require_trial
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class CancelTrial:
    """Which trial, as its reader saw it."""

    by: Caller
    trial_id: TrialId
    seen_revision: int


@repeatable
async def cancel_trial(command: CancelTrial, ports: LaboratoryPorts) -> Trial:
    """Take it out of the queue, or stop it; cancelling again changes nothing.

    Raises TrialUnknown, Forbidden, TrialIsOver, Stale.
    """
    trial = await require_trial(command.trial_id, command.by, ports)
    if trial.state == "cancelled":
        return trial
    cancelled = trial.cancel(at=ports.clock.now())
    if trial.revision != command.seen_revision:
        raise Stale
    await ports.trials.save(cancelled)
    return cancelled
