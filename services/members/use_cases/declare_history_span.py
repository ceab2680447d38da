"""Declare past days whose facts will be entered (补录)."""

from dataclasses import dataclass
from datetime import date

from services.members.domain.township import Township
from services.members.domain.trail import noted
from services.members.use_cases.ports import Ports
from services.members.use_cases.set_go_live import ATTEMPTS, KEEPERS, township_of
from shared.kernel.access import Caller
from shared.kernel.errors import AlreadyThere, Stale
from shared.kernel.ids import OrganisationId, SpanId


@dataclass(frozen=True, slots=True)
class DeclareHistorySpan:
    """Which days of which township."""

    by: Caller
    township_id: OrganisationId
    span_id: SpanId
    from_on: date
    to_on: date


async def declare_history_span(command: DeclareHistorySpan, ports: Ports) -> Township:
    """Store the span once; the same request again gives the township as it is.

    Raises UnknownOrganisation, NotATownship, Forbidden, SpanBackwards, SpanNotPast, SpanOverlaps, AlreadyThere when the
    id names another span, here or in another township, and Stale when others were faster every time.
    """
    for _ in range(ATTEMPTS):
        township = await township_of(ports, command.by, command.township_id)
        command.by.require(KEEPERS, township.path)
        standing = township.span(command.span_id)
        if standing is not None:
            if (standing.from_on, standing.to_on) != (command.from_on, command.to_on):
                raise AlreadyThere(field="id")
            return township
        township, fact = township.declare(command.span_id, command.from_on, command.to_on, today=ports.clock.today())
        township = noted(township, "span_declared", command.by, ports.clock.now())
        try:
            await ports.townships.save(township, fact)
        except Stale:
            continue
        return township
    raise Stale
