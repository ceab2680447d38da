"""What routes take besides their forms."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from pydantic import AfterValidator, AwareDatetime

from services.scoring.use_cases.ports import Ports
from services.scoring.use_cases.publication_ports import PublicationPorts
from shared.events.base import YEARS


async def given(state: Any) -> Any:
    """What an app was given: as it is, or what the function it was given says now."""
    return await state() if callable(state) else state


async def _ports(request: Request) -> Ports:
    ports: Ports = await given(request.app.state.ports)
    return ports


async def _publication(request: Request) -> PublicationPorts:
    publication: PublicationPorts = request.app.state.publication
    return publication


def _of_our_years(instant: datetime) -> datetime:
    if instant.year not in YEARS:
        raise ValueError("年份须在 1901 至 2998 之间")
    return instant


PortsOf = Annotated[Ports, Depends(_ports)]
PublicationPortsOf = Annotated[PublicationPorts, Depends(_publication)]
PeriodName = Annotated[
    str | None, Query(max_length=20, description="考评周期：2023（年）或 2023-Q1（季）；不填为当前周期")
]
AsOf = Annotated[
    Annotated[AwareDatetime, AfterValidator(_of_our_years)] | None,
    Query(description="按该时刻所知（含时区的时刻，如 2024-01-05T09:00:00+08:00）；不填为现在"),
]
