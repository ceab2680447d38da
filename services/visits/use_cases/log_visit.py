"""Log a visit that happened, at once or synced later from a phone that was offline."""

from dataclasses import dataclass
from datetime import datetime

from services.visits.domain.refusals import HappensLater, UnknownBranch
from services.visits.domain.visit import Visit
from services.visits.use_cases.access import require_own_visit
from services.visits.use_cases.follow_if_moved import follow_if_moved
from services.visits.use_cases.ports import Ports
from services.visits.use_cases.require_posted import require_posted
from shared.kernel.access import Caller, OrganisationPath
from shared.kernel.clock import local_day
from shared.kernel.creation import created_once
from shared.kernel.ids import BranchId, CadreId, HouseholdRef, TownshipId, VisitId, digest_of
from shared.kernel.trail import TrailEntry


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

    Raises UnknownBranch, UnknownCadre, NotPostedThen, HappensLater, NotLiveYet, HistoryClosed, VisitOfAnother, and
    AlreadyThere when the id names another visit.
    """
    path = await ports.directory.branch(command.branch_id)
    if path is None:
        raise UnknownBranch
    require_own_visit(command.by, command.cadre_id, path)

    async def log() -> Visit:
        visit = await _happened(command, path, ports)
        await ports.visits.save(visit, visit.logged())
        return visit

    visit = await created_once(log, lambda: ports.visits.find(command.visit_id), digest=command.digest)
    await follow_if_moved(visit, ports.visits, ports)
    return visit


async def _happened(command: LogVisit, path: OrganisationPath, ports: Ports) -> Visit:
    now, day = ports.clock.now(), local_day(command.occurred_at)
    await require_posted(ports, command.cadre_id, path, on=day, field="occurred_at")
    if command.occurred_at > now:
        raise HappensLater
    township_id = TownshipId(path.township_id)
    township = await ports.directory.township(township_id)
    late_after_days = ports.deadlines.late_after_days
    entry = township.entry(day, today=local_day(now), late_after_days=late_after_days, field="occurred_at")
    return Visit(
        id=command.visit_id,
        cadre_id=command.cadre_id,
        branch_id=command.branch_id,
        path=path,
        township_id=township_id,
        occurred_at=command.occurred_at,
        entry=entry,
        made_from=command.digest(),
        note=command.note,
        household_ref=command.household_ref,
        trail=(TrailEntry.left_by(command.by, "logged", at=now),),
    )
