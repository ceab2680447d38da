"""What routes take besides their forms."""

from typing import Annotated

from fastapi import Depends, Path, Request

from services.members.use_cases.ports import Ports


async def _ports(request: Request) -> Ports:
    ports: Ports = request.app.state.ports
    return ports


PortsOf = Annotated[Ports, Depends(_ports)]
Year = Annotated[int, Path(ge=1949, le=2999, description="年份")]
