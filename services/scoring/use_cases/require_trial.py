"""Who tries rule books, and who sees what came of it."""

from services.scoring.domain.laboratory_refusals import TrialUnknown
from services.scoring.domain.trial import Trial, TrialId
from services.scoring.use_cases.laboratory_ports import LaboratoryPorts
from shared.kernel.access import BUSINESS, Caller, Role
from shared.kernel.errors import Forbidden

TRIERS = (Role.COUNTY_ORGANISER, Role.ORGANISER, Role.SECRETARY)
"""Who may ask what a rule book would change, each for the subjects of his own scope."""


async def require_trial(trial_id: TrialId, by: Caller, ports: LaboratoryPorts) -> Trial:
    """The trial, for who oversees the organisation it is about.

    Raises TrialUnknown outside his scopes, Forbidden for another role inside.
    """
    trial = await ports.trials.find(trial_id)
    if trial is None:
        raise TrialUnknown
    if by.may(TRIERS, trial.path):
        return trial
    raise Forbidden if by.may(BUSINESS, trial.path) else TrialUnknown
