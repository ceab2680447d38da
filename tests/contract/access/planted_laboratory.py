"""Of the walk through scoring: in each home a trial that waits and one that is done; a build people see."""

from dataclasses import replace

from services.scoring.adapters.builds import RegisteredBuilds
from services.scoring.adapters.in_memory_builds import InMemoryBuildComparisons, InMemoryRegister
from services.scoring.domain.build import Build
from services.scoring.domain.build_register import BuildRegister
from services.scoring.domain.generation import Generation
from services.scoring.domain.trial import TrialId
from services.scoring.use_cases.build_ports import BuildsOnRecord
from services.scoring.use_cases.laboratory_ports import LaboratoryPorts
from services.scoring.use_cases.run_trial import run_trial
from shared.kernel.access import Role
from shared.kernel.clock import Clock
from shared.testing.access import a_caller
from tests.contract.access.in_memory import Service
from tests.contract.access.places import HOMES
from tests.contract.access.rows_laboratory import BUILD, TRIAL


async def trials(service: Service, ports: LaboratoryPorts) -> None:
    """Both asked for by an organiser."""
    for home in HOMES:
        organiser = a_caller(Role.ORGANISER, home.township)
        for kind in ("trial", "done trial"):
            form = {**TRIAL, "id": service.id_of(kind, home), "organisation_id": home.township}
            await service.make(organiser, "/api/scoring/laboratory", form)
        await run_trial(TrialId(service.id_of("done trial", home)), ports)


def builds(generation: Generation, clock: Clock) -> BuildsOnRecord:
    """One that is live, and was compared with none."""
    live = replace(Build.first(generation, clock.now()), id=BUILD)
    register = InMemoryRegister(BuildRegister((live,), 1, generation.id))
    return BuildsOnRecord(RegisteredBuilds(register), InMemoryBuildComparisons())
