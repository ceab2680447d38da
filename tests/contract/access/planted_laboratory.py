"""The trials of the walk through scoring: in each home one that waits and one that is done."""

from services.scoring.domain.trial import TrialId
from services.scoring.use_cases.laboratory_ports import LaboratoryPorts
from services.scoring.use_cases.run_trial import run_trial
from shared.kernel.access import Role
from shared.testing.access import a_caller
from tests.contract.access.in_memory import Service
from tests.contract.access.places import HOMES
from tests.contract.access.rows_laboratory import TRIAL


async def trials(service: Service, ports: LaboratoryPorts) -> None:
    """Both asked for by an organiser."""
    for home in HOMES:
        organiser = a_caller(Role.ORGANISER, home.township)
        for kind in ("trial", "done trial"):
            form = {**TRIAL, "id": service.id_of(kind, home), "organisation_id": home.township}
            await service.make(organiser, "/api/scoring/laboratory", form)
        await run_trial(TrialId(service.id_of("done trial", home)), ports)
