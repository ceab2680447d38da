"""The closing of periods over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from services.scoring.api.closing_views import ClosingInFullView, ClosingView
from services.scoring.api.parameters import given
from services.scoring.domain.closing import Closing, ClosingState
from services.scoring.use_cases.access import DESK
from services.scoring.use_cases.closing_ports import ClosingListing, ClosingPorts
from services.scoring.use_cases.confirm_sealing import ConfirmSealing, confirm_sealing
from services.scoring.use_cases.open_notice import OpenNotice, open_notice
from services.scoring.use_cases.read_closings import ReadClosings, list_closings, read_closing
from services.scoring.use_cases.visible_closing import CLOSING_READERS
from shared.events.scoring import Standard
from shared.kernel.access import Caller
from shared.web.access import allow
from shared.web.pages import Page, Wanted
from shared.web.preconditions import SeenRevision, tag

router = APIRouter(prefix="/api/scoring/closings", tags=["公示与归档"])
_STANDARDS = "branch 支部 · cadre 联村干部 · member 党员"


async def _closings(request: Request) -> ClosingPorts:
    closings: ClosingPorts = await given(request.app.state.closings)
    return closings


ClosingPortsOf = Annotated[ClosingPorts, Depends(_closings)]
Closer = Annotated[Caller, allow(*DESK)]
Reader = Annotated[Caller, allow(*CLOSING_READERS)]
StandardNamed = Annotated[Standard, Path(description=_STANDARDS)]
PeriodNamed = Annotated[str, Path(max_length=20, description="考评周期：2023（年）或 2023-Q1（季）")]


def _view(closing: Closing, response: Response) -> ClosingView:
    tag(response, closing.revision)
    return ClosingView.of(closing)


@router.get("", summary="公示与归档列表")
async def get_closings(
    caller: Reader,
    ports: ClosingPortsOf,
    wanted: Wanted,
    *,
    standard: Annotated[Standard | None, Query(description=_STANDARDS)] = None,
    period: Annotated[str | None, Query(max_length=20, description="考评周期：2023（年）或 2023-Q1（季）")] = None,
    state: Annotated[ClosingState | None, Query(description="notice 公示 · sealing 归档中 · sealed 已归档")] = None,
) -> Page[ClosingView]:
    """管理范围内各乡镇的考评周期：最近开始公示的在前。"""
    asked = ReadClosings(
        by=caller,
        limit=wanted.one_more,
        standard=standard,
        period=period,
        state=state,
        after=wanted.after_key(date.fromisoformat, str),
    )
    return wanted.page(await list_closings(asked, ports), ClosingView.of, ClosingListing.key)


@router.get("/{standard}/{township_id}/{period}", summary="查看公示与归档")
async def get_closing(
    standard: StandardNamed,
    township_id: str,
    period: PeriodNamed,
    caller: Reader,
    ports: ClosingPortsOf,
    response: Response,
) -> ClosingInFullView:
    """一个考评周期的公示和归档情况，以及归档之前还缺什么；ETag 为其版本号。"""
    found = await read_closing(standard, township_id, period, caller, ports)
    tag(response, found.closing.revision)
    return ClosingInFullView.of_found(found)


@router.put("/{standard}/{township_id}/{period}/notice", summary="开始公示")
async def put_notice(
    standard: StandardNamed,
    township_id: str,
    period: PeriodNamed,
    caller: Closer,
    ports: ClosingPortsOf,
    response: Response,
) -> ClosingView:
    """由组织委员或党委书记在考评周期结束之后开始公示，公示期 5 个工作日；重复提交，返回原公示。"""
    command = OpenNotice(by=caller, standard=standard, township_id=township_id, period=period)
    return _view(await open_notice(command, ports), response)


@router.put("/{standard}/{township_id}/{period}/sealing", summary="确认归档")
async def put_sealing(
    standard: StandardNamed,
    township_id: str,
    period: PeriodNamed,
    caller: Closer,
    seen: SeenRevision,
    ports: ClosingPortsOf,
    response: Response,
) -> ClosingView:
    """公示期满、异议办结、评议录入之后，由开始公示者以外的党委书记确认（党委书记开始公示的，可由组织委员确认）；随后逐个归档，归档后得分不再改变。"""
    command = ConfirmSealing(by=caller, standard=standard, township_id=township_id, period=period, seen_revision=seen)
    return _view(await confirm_sealing(command, ports), response)
