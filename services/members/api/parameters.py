"""What routes take besides their forms."""

from typing import Annotated

from fastapi import Depends, Path, Request

from services.members.use_cases.ports import Ports
from shared.events.base import YEARS


async def _ports(request: Request) -> Ports:
    ports: Ports = request.app.state.ports
    return ports


def own_or_not(part: str) -> str:
    """A kind of key part: the rank of one's own entries, or of all others. Raises ValueError."""
    if part not in {"0", "1"}:
        raise ValueError(part)
    return part


PortsOf = Annotated[Ports, Depends(_ports)]
Year = Annotated[int, Path(ge=1949, lt=YEARS.stop, description="年份")]
