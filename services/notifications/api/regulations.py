"""The regulation library over HTTP, read only: it changes by new files, reviewed like code."""

from typing import Annotated

from fastapi import APIRouter

from services.notifications.api.parameters import PortsOf
from services.notifications.api.views import RegulationView
from shared.kernel.access import BUSINESS, Caller
from shared.web.access import allow

router = APIRouter(prefix="/api/notifications/regulations", tags=["应办规定"])


@router.get("", summary="应办规定")
async def get_regulations(_caller: Annotated[Caller, allow(*BUSINESS)], ports: PortsOf) -> list[RegulationView]:
    """全部规定的全部版本及其出处；事项按登记时的版本办结。"""
    return [RegulationView.of(regulation) for regulation in ports.library.regulations]
