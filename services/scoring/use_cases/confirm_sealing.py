"""Confirm the sealing (确认归档) of a period whose notice has ended."""

from dataclasses import dataclass

from services.scoring.domain.closing import Closing, closing_id
from services.scoring.domain.closing_refusals import EarlierPeriodOpen, ObjectionsOpen, ReviewsAwaited
from services.scoring.use_cases.closing_ports import ClosingPorts
from services.scoring.use_cases.find_hindrances import find_hindrances
from services.scoring.use_cases.visible_closing import visible_closing
from shared.events.scoring import Standard
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class ConfirmSealing:
    """Who confirms which closing, as he saw it."""

    by: Caller
    standard: Standard
    township_id: str
    period: str
    seen_revision: int


@repeatable
async def confirm_sealing(command: ConfirmSealing, ports: ClosingPorts) -> Closing:
    """Let the scores be sealed; confirming again changes nothing. The worker seals them one by one.

    Raises ClosingUnknown, Forbidden, OwnNoticeNotSealed, NoticeNotOver, ObjectionsOpen, ReviewsAwaited,
    EarlierPeriodOpen, Stale.
    """
    id_ = closing_id(command.standard, command.township_id, command.period)
    closing = await visible_closing(ports.closings, command.by, id_)
    command.by.require(closing.confirmers, closing.path)
    if closing.state != "notice":
        return closing
    if closing.revision != command.seen_revision:
        raise Stale
    confirmed = closing.confirm(by=command.by, at=ports.scored.clock.now())
    hindrances = await find_hindrances(closing, ports)
    if hindrances.objections:
        raise ObjectionsOpen(count=hindrances.objections)
    if hindrances.reviews:
        raise ReviewsAwaited(count=hindrances.reviews, ids="、".join(hindrances.reviews_of))
    if hindrances.earlier is not None:
        raise EarlierPeriodOpen(period=hindrances.earlier)
    await ports.closings.save(confirmed)
    return confirmed
