"""Withdraw an exemption that is none after all."""

from dataclasses import dataclass

from services.members.domain.exemption import Exemption
from services.members.domain.trail import noted
from services.members.use_cases.access import require_exempter, require_recent, visible_exemption
from services.members.use_cases.ports import Ports
from services.members.use_cases.refuse_closed_days import refuse_closed_days
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.ids import ExemptionId
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class WithdrawExemption:
    """Who takes back which exemption, as he saw it."""

    by: Caller
    exemption_id: ExemptionId
    seen_revision: int


@repeatable
async def withdraw_exemption(command: WithdrawExemption, ports: Ports) -> Exemption:
    """Take the exemption back; taking it back again changes nothing.

    Raises UnknownExemption, Forbidden, OwnAbsence, PersonNotKnown, ExemptionReachesFarBack, HistoryClosed, Stale.
    """
    exemption = await visible_exemption(ports, command.by, command.exemption_id)
    require_exempter(command.by, exemption.person_id, exemption.path)
    if exemption.withdrawn:
        return exemption
    if exemption.revision != command.seen_revision:
        raise Stale
    today, field = ports.clock.today(), "starts_on"
    require_recent(command.by, exemption.path, exemption.starts_on, today=today, field=field)
    await refuse_closed_days(ports, exemption.townships, before=exemption.days, after=None, field=field)
    exemption, withdrawn = exemption.withdraw(today=today)
    exemption = noted(exemption, "withdrawn", command.by, ports.clock.now())
    await ports.exemptions.save(exemption, withdrawn)
    return exemption
