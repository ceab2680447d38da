"""Withdraw a deed: who reported it before it counts, the branch and the desk at any time, with a reason."""

from dataclasses import dataclass

from services.scoring.domain.deed import Deed
from services.scoring.domain.record_refusals import DeedOfAnother, ReasonMissing
from services.scoring.use_cases.access import BRANCH_OR_DESK, owns_deed, visible_deed
from services.scoring.use_cases.record_ports import RecordPorts
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class WithdrawDeed:
    """Who takes back which deed, as he saw it, and why."""

    by: Caller
    deed_id: str
    seen_revision: int
    reason: str = ""


@repeatable
async def withdraw_deed(command: WithdrawDeed, ports: RecordPorts) -> Deed:
    """Take the deed back; taking it back again changes nothing. If it counted, its points go with it.

    Raises DeedUnknown, Forbidden, DeedOfAnother, ReasonMissing, HistoryClosed, Stale.
    """
    deed = await visible_deed(ports, command.by, command.deed_id)
    oversees = command.by.may(BRANCH_OR_DESK, deed.path)
    its_own = command.by.is_person(deed.reported_by) or await owns_deed(ports, command.by, deed.member_id)
    if not its_own and not oversees:
        raise DeedOfAnother
    if deed.is_taken_back:
        return deed
    if deed.revision != command.seen_revision:
        raise Stale
    if not deed.is_open and not oversees:
        raise DeedOfAnother
    township = await ports.directory.township(deed.path)
    township.refuse_closed(deed.done_on, field="done_on")
    now = ports.clock.now()
    if its_own and deed.is_open:
        deed, fact = deed.withdraw(reason=command.reason, by=command.by, at=now)
    elif command.reason:
        deed, fact = deed.refuse(reason=command.reason, by=command.by, at=now)
    else:
        raise ReasonMissing
    await ports.deeds.save(deed, fact)
    return deed
