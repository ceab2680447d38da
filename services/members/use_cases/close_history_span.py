"""Close a history span: all that is to be entered of it is entered."""

from dataclasses import dataclass

from services.members.domain.refusals import UnknownSpan
from services.members.domain.township import Township
from services.members.domain.trail import noted
from services.members.use_cases.ports import Ports
from services.members.use_cases.set_go_live import KEEPERS, township_of
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.ids import OrganisationId, SpanId
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class CloseHistorySpan:
    """Which span of which township, as the person saw it."""

    by: Caller
    township_id: OrganisationId
    span_id: SpanId
    seen_revision: int


@repeatable
async def close_history_span(command: CloseHistorySpan, ports: Ports) -> Township:
    """Close it for good; closing it again changes nothing.

    Raises UnknownOrganisation, NotATownship, Forbidden, UnknownSpan, Stale.
    """
    township = await township_of(ports, command.by, command.township_id)
    command.by.require(KEEPERS, township.path)
    span = township.span(command.span_id)
    if span is None:
        raise UnknownSpan
    if span.closed_on is not None:
        return township
    if township.revision != command.seen_revision:
        raise Stale
    township, fact = township.close(command.span_id, today=ports.clock.today())
    township = noted(township, "span_closed", command.by, ports.clock.now())
    await ports.townships.save(township, fact)
    return township
