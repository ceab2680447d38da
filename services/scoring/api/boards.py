"""Boards and curves over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.scoring.api.board_views import BoardView, CurveView
from services.scoring.api.parameters import PeriodName, PortsOf
from services.scoring.use_cases.access import OVERSEERS
from services.scoring.use_cases.read_board import ReadBoard, read_board
from services.scoring.use_cases.read_curve import read_curve
from services.scoring.use_cases.read_score import ReadScore
from shared.events.scoring import Standard
from shared.kernel.access import BUSINESS, Caller, Role
from shared.web.access import allow

router = APIRouter(prefix="/api/scoring", tags=["看板"])
Overseer = Annotated[Caller, allow(*OVERSEERS, Role.SUPERVISOR)]
Reader = Annotated[Caller, allow(*BUSINESS)]
OrganisationId = Annotated[str | None, Query(max_length=36, description="只看这个组织；不填为管理范围全部")]


@router.get("/boards/{standard}", summary="看板")
async def get_board(
    standard: Standard,
    caller: Overseer,
    ports: PortsOf,
    period: PeriodName = None,
    organisation_id: OrganisationId = None,
) -> BoardView:
    """范围内得分的分布、待评数、各规则合计；不排名。"""
    found = await read_board(ReadBoard(caller, standard, period, organisation_id), ports)
    return BoardView.of(found, ports.generation.id)


@router.get("/scores/{standard}/{subject_id}/curve", summary="得分走势")
async def get_curve(
    standard: Standard, subject_id: str, caller: Reader, ports: PortsOf, period: PeriodName = None
) -> CurveView:
    """按事实计入的日期，每周一点。"""
    return CurveView.of(await read_curve(ReadScore(caller, standard, subject_id, period), ports))
