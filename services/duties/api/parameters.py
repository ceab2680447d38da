"""What routes take besides their forms."""

from typing import Annotated

from fastapi import Depends, Request

from services.duties.use_cases.ports import Ports


async def _ports(request: Request) -> Ports:
    ports: Ports = request.app.state.ports
    return ports


PortsOf = Annotated[Ports, Depends(_ports)]
