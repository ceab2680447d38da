"""Open the notice (公示) of a period's scores in a township."""

from dataclasses import dataclass

from services.scoring.domain.closing import Closing, closing_id
from services.scoring.domain.closing_refusals import MeanNotClosed, PeriodIsHistory, PeriodNotOver, TownshipUnknown
from services.scoring.domain.periods import asked_period
from services.scoring.domain.subject import Organisation
from services.scoring.use_cases.access import DESK
from services.scoring.use_cases.closing_ports import ClosingPorts
from services.scoring.use_cases.follow_if_moved import follow_if_moved
from shared.events.scoring import Standard
from shared.kernel.access import BUSINESS, Caller
from shared.kernel.calendar import Period
from shared.kernel.errors import AlreadyThere, Forbidden


@dataclass(frozen=True, slots=True)
class OpenNotice:
    """Whose scores of which period."""

    by: Caller
    standard: Standard
    township_id: str
    period: str


async def open_notice(command: OpenNotice, ports: ClosingPorts) -> Closing:
    """Put the period on notice by the township's calendar; one that is on notice or closed already is given as it is.

    Raises TownshipUnknown, Forbidden, PeriodNotOver, PeriodIsHistory, MeanNotClosed, and what is wrong with the period.
    """
    township = await _township(command, ports)
    period = await _closable(command, township, ports)
    id_ = closing_id(command.standard, township.id, period.name)
    standing = await ports.closings.find(id_)
    if standing is not None:
        return standing
    calendar = await ports.scored.directory.working_days(township.path)
    now = ports.scored.clock.now()
    closing, opened = Closing.open(
        command.standard,
        township.path,
        period.name,
        notice=ports.procedure.notice(ports.scored.clock.today(), calendar),
        by=command.by,
        at=now,
    )
    try:
        await ports.closings.save(closing, opened)
    except AlreadyThere:  # by somebody else, or by an earlier try of this very request
        return await ports.closings.find(id_) or closing
    await follow_if_moved(closing.path, ports.closings, ports.scored.directory)
    return closing


async def _township(command: OpenNotice, ports: ClosingPorts) -> Organisation:
    township = await ports.scored.directory.organisation(command.township_id)
    if township is None or township.kind != "township" or not command.by.may(BUSINESS, township.path):
        raise TownshipUnknown
    if not command.by.may(DESK, township.path):
        raise Forbidden
    return township


async def _closable(command: OpenNotice, township: Organisation, ports: ClosingPorts) -> Period:
    """The score period, if it is over and was lived."""
    today = ports.scored.clock.today()
    asked = asked_period(ports.scored.generation, command.standard, command.period, today)
    period, book = asked.parts[0]
    if not asked.is_whole:
        raise MeanNotClosed(title=book.title, example=period.name)
    if today <= period.last:
        raise PeriodNotOver(period=period.name, last=period.last)
    times = await ports.scored.directory.township(township.path)
    if times.go_live_on is None or period.last < times.go_live_on:
        raise PeriodIsHistory(period=period.name)
    return period
