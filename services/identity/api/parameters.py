"""What routes take besides their forms."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request

from services.identity.use_cases.ports import Ports


async def _ports(request: Request) -> Ports:
    ports: Ports = request.app.state.ports
    return ports


async def _public_keys(request: Request) -> dict[str, Any]:
    keys: Callable[[], dict[str, Any]] = request.app.state.public_keys
    return keys()


async def _issuer(request: Request) -> str:
    issuer: str = request.app.state.issuer
    return issuer


PortsOf = Annotated[Ports, Depends(_ports)]
PublicKeys = Annotated[dict[str, Any], Depends(_public_keys)]
Issuer = Annotated[str, Depends(_issuer)]
