"""Turn rankings off again."""

from dataclasses import dataclass

from services.scoring.domain.decision_refusals import PermitUnknown
from services.scoring.domain.ranking import RankingPermit, permit_id
from services.scoring.use_cases.decision_ports import DecisionPorts
from services.scoring.use_cases.permit_ranking import GRANTERS
from services.scoring.use_cases.ports import Ports
from shared.events.scoring import Standard
from shared.kernel.access import BUSINESS, Caller
from shared.kernel.errors import Forbidden, Stale
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class WithdrawRankingPermit:
    """Which permit, as it was seen."""

    by: Caller
    standard: Standard
    organisation_id: str
    seen_revision: int


@repeatable
async def withdraw_ranking_permit(
    command: WithdrawRankingPermit, decisions: DecisionPorts, ports: Ports
) -> RankingPermit:
    """Withdraw the basis; one that is withdrawn is given as it is. Raises PermitUnknown, Forbidden, Stale."""
    permit = await decisions.permits.find(permit_id(command.standard, command.organisation_id))
    if permit is None or not command.by.may(BUSINESS, permit.path):
        raise PermitUnknown
    if not command.by.may(GRANTERS, permit.path):
        raise Forbidden
    if permit.state == "off":
        return permit
    if permit.revision != command.seen_revision:
        raise Stale
    withdrawn = permit.withdraw(by=command.by, at=ports.clock.now())
    await decisions.permits.save(withdrawn)
    return withdrawn
