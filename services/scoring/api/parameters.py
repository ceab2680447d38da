"""What routes take besides their forms."""

from typing import Annotated

from fastapi import Depends, Query, Request

from services.scoring.use_cases.ports import Ports


async def _ports(request: Request) -> Ports:
    ports: Ports = request.app.state.ports
    return ports


PortsOf = Annotated[Ports, Depends(_ports)]
PeriodName = Annotated[
    str | None, Query(max_length=20, description="考评周期：2023（年）或 2023-Q1（季）；不填为当前周期")
]
