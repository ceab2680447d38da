"""Log a visit that happened, at once or synced later from a phone that was offline."""

from dataclasses import dataclass
from datetime import datetime

from services.visits.domain.refusals import HappensLater, UnknownBranch, UnknownCadre
from services.visits.domain.visit import Visit
from services.visits.use_cases.access import require_own_visit
from services.visits.use_cases.ports import Ports
from shared.kernel.access import Caller, OrganisationPath
from shared.kernel.clock import local_day
from shared.kernel.creation import created_once
from shared.kernel.ids import BranchId, CadreId, HouseholdRef, VisitId, digest_of


@dataclass(frozen=True, slots=True)
class LogVisit:
    """What the cadre, or the organiser for him, says happened."""

    by: Caller
    visit_id: VisitId
    cadre_id: CadreId
    branch_id: BranchId
    occurred_at: datetime
    household_ref: HouseholdRef | None
    note: str

    def digest(self) -> str:
        """What makes two uploads the same visit."""
        return digest_of(
            {
                "cadre": self.cadre_id,
                "branch": self.branch_id,
                "at": self.occurred_at.timestamp(),
                "household": self.household_ref,
                "note": self.note,
            }
        )


async def log_visit(command: LogVisit, ports: Ports) -> Visit:
    """Store the visit once; the same upload again gives the one that is there.

    Raises UnknownBranch, UnknownCadre, HappensLater, NotLiveYet, HistoryClosed, VisitOfAnother, and AlreadyThere when
    the id names another visit.
    """
    path = await ports.directory.branch(command.branch_id)
    if path is None:
        raise UnknownBranch
    require_own_visit(command.by, command.cadre_id, path)

    async def log() -> Visit:
        visit = await _happened(command, path, ports)
        await ports.visits.save(visit, visit.logged())
        return visit

    return await created_once(log, lambda: ports.visits.find(command.visit_id), digest=command.digest)


async def _happened(command: LogVisit, path: OrganisationPath, ports: Ports) -> Visit:
    if not await ports.directory.knows_cadre(command.cadre_id, path):
        raise UnknownCadre
    if command.occurred_at > ports.clock.now():
        raise HappensLater
    township = await ports.directory.township(path)
    entry = township.entry(
        local_day(command.occurred_at), today=ports.clock.today(), late_after_days=ports.deadlines.late_after_days
    )
    return Visit(
        id=command.visit_id,
        cadre_id=command.cadre_id,
        branch_id=command.branch_id,
        path=path,
        occurred_at=command.occurred_at,
        entry=entry,
        made_from=command.digest(),
        note=command.note,
        household_ref=command.household_ref,
    )
