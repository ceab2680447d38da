"""Confirm a deed: the branch says it is so, and the public notice begins."""

from dataclasses import dataclass

from services.scoring.domain.deed import Deed
from services.scoring.use_cases.access import BRANCH_OR_DESK, visible_deed
from services.scoring.use_cases.record_ports import RecordPorts
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class ConfirmDeed:
    """Who confirms which deed, as he saw it."""

    by: Caller
    deed_id: str
    seen_revision: int


@repeatable
async def confirm_deed(command: ConfirmDeed, ports: RecordPorts) -> Deed:
    """Put the deed on public notice by the calendar of its branch; confirming again changes nothing.

    What was entered in a history span is never on notice: it is effective at once.

    Raises DeedUnknown, Forbidden, OwnDeedNotConfirmed, DeedConfirmedAlready, DeedIsWithdrawn, HistoryClosed, Stale.
    """
    deed = await visible_deed(ports, command.by, command.deed_id)
    command.by.require(BRANCH_OR_DESK, deed.path)
    if deed.state in {"confirmed", "effective"} and command.by.is_person(deed.confirmed_by):
        return deed
    if deed.revision != command.seen_revision:
        raise Stale
    township = await ports.directory.township(deed.path)
    township.refuse_closed(deed.done_on, field="done_on")
    member = await ports.directory.member(deed.member_id)
    calendar = await ports.directory.working_days(deed.path)
    deed, facts = deed.confirm(
        by=command.by,
        about=None if member is None else member.person_id,
        notice=ports.procedure.notice(ports.clock.today(), calendar),
        at=ports.clock.now(),
    )
    await ports.deeds.save(deed, *facts)
    return deed
