"""What the laboratory's child does: run one trial, and tell by its exit code what became of it."""

import gc
import os
import sys

from services.scoring.domain.trial import TrialId
from services.scoring.use_cases.laboratory_ports import LaboratoryPorts
from services.scoring.use_cases.run_trial import run_trial
from services.scoring.worker.laboratory import PART_AWAY
from services.scoring.worker.parent import end_with_parent
from shared.kernel.errors import Unavailable

_NICE = 10
"""Nobody's request waits because somebody tries a rule book."""
_OBJECTS_BEFORE_COLLECTION = 1_000_000
"""What is folded is kept to the end and has no cycles: looking for some again and again would cost a tenth."""


async def carry_out_trial(trial_id: str, ports: LaboratoryPorts) -> int:
    """Run the trial, behind everything else this machine does; ends with whoever started it. Gives the exit code."""
    os.nice(_NICE)
    end_with_parent()
    gc.set_threshold(_OBJECTS_BEFORE_COLLECTION)
    try:
        await run_trial(TrialId(trial_id), ports)
    except Unavailable as error:
        sys.stderr.write(f"{error.what} is away\n")
        return PART_AWAY
    return 0
