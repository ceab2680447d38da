"""Change an exemption: it lasts to another day, or nobody knows yet to which."""

from dataclasses import dataclass
from datetime import date

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
class ChangeExemption:
    """To which day the exemption lasts, None for open, as the person saw it before."""

    by: Caller
    exemption_id: ExemptionId
    seen_revision: int
    ends_on: date | None


@repeatable
async def change_exemption(command: ChangeExemption, ports: Ports) -> Exemption:
    """Store the last day; saying again what stands changes nothing.

    Raises UnknownExemption, Forbidden, OwnAbsence, PersonNotKnown, ExemptionIsWithdrawn, LastDayBeforeFirst,
    ExemptionReachesFarBack, HistoryClosed, ExemptionRunsIntoNext, Stale.
    """
    exemption = await visible_exemption(ports, command.by, command.exemption_id)
    require_exempter(command.by, exemption.person_id, exemption.path)
    if not exemption.withdrawn and exemption.ends_on == command.ends_on:
        return exemption
    if exemption.revision != command.seen_revision:
        raise Stale
    before, today = exemption, ports.clock.today()
    exemption, changed = exemption.change(ends_on=command.ends_on, today=today)
    require_recent(command.by, exemption.path, exemption.differs_from(before), today=today, field="ends_on")
    townships, after = exemption.townships, exemption.days
    await refuse_closed_days(ports, townships, before=before.days, after=after, field="ends_on")
    exemption = noted(exemption, "changed", command.by, ports.clock.now())
    await ports.exemptions.save(exemption, changed)
    return exemption
