"""Mark an entry of the inbox as read."""

from dataclasses import dataclass

from services.notifications.domain.refusals import UnknownObligation
from services.notifications.use_cases.access import DESK, owns, reader_of, visible_obligation
from services.notifications.use_cases.ports import Ports
from shared.kernel.access import Caller
from shared.kernel.ids import ObligationId


@dataclass(frozen=True, slots=True)
class MarkRead:
    """Who has read which entry, as it was in which revision: what came after is still news to him."""

    by: Caller
    obligation_id: ObligationId
    seen_revision: int


async def mark_read(command: MarkRead, ports: Ports) -> None:
    """Remember it; doing so again changes nothing.

    Raises UnknownObligation for what is not in his inbox, Forbidden when it is only in others' of his scope.
    """
    obligation = await visible_obligation(ports, command.by, command.obligation_id, DESK)
    told = obligation.noticed if owns(command.by, obligation) else obligation.escalated
    if told is None:
        raise UnknownObligation
    seen = min(command.seen_revision, obligation.revision)
    await ports.obligations.mark_read(obligation.id, reader_of(command.by), seen)
