"""What routes take besides their forms."""

from typing import Annotated

from fastapi import Depends, Query, Request

from services.visits.use_cases.ports import OTHERS, OWN, Ports
from shared.kernel.calendar import Period
from shared.kernel.errors import Invalid


class UnreadablePeriod(Invalid):
    """A period nobody could name."""

    code = "request.period_unreadable"
    detail = "时段应写作 2023、2023-Q4、2023-10 或 2023-W40"
    field = "period"


def a_rank(part: str) -> str:
    """A kind of key part: the rank of a list. Raises ValueError."""
    if part not in {OWN, OTHERS}:
        raise ValueError(part)
    return part


async def _ports(request: Request) -> Ports:
    ports: Ports = request.app.state.ports
    return ports


async def _period(
    period: Annotated[str | None, Query(description="时段：2023、2023-Q4、2023-10 或 2023-W40")] = None,
) -> Period | None:
    if period is None:
        return None
    try:
        return Period.parse(period)
    except ValueError as error:
        raise UnreadablePeriod from error


PortsOf = Annotated[Ports, Depends(_ports)]
PeriodName = Annotated[Period | None, Depends(_period)]
