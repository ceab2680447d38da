"""Townships' go-live days and history spans over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Response, status

from services.members.api.forms import GoLiveForm, HistorySpanForm
from services.members.api.parameters import PortsOf
from services.members.api.views import TownshipView
from services.members.domain.township import Township
from services.members.use_cases.access import may_read_trail
from services.members.use_cases.close_history_span import CloseHistorySpan, close_history_span
from services.members.use_cases.declare_history_span import DeclareHistorySpan, declare_history_span
from services.members.use_cases.set_go_live import SetGoLive, set_go_live, township_of
from shared.kernel.access import BUSINESS, Caller, Role
from shared.kernel.ids import OrganisationId, SpanId
from shared.web.access import allow
from shared.web.preconditions import SeenRevision, SeenRevisionIfAny, tag

router = APIRouter(prefix="/api/members/townships", tags=["乡镇启用与补录"])
Keeper = Annotated[Caller, allow(Role.ORGANISER, Role.SECRETARY, Role.COUNTY_ORGANISER)]
Reader = Annotated[Caller, allow(*BUSINESS)]


def _view(township: Township, caller: Caller, response: Response) -> TownshipView:
    tag(response, township.revision)
    return TownshipView.of(township, traced=may_read_trail(caller, township.path))


@router.get("/{township_id}", summary="查看启用日期和补录时段")
async def get_township(township_id: str, caller: Reader, ports: PortsOf, response: Response) -> TownshipView:
    """乡镇的启用日期和补录时段；ETag 为其版本号。"""
    return _view(await township_of(ports, caller, OrganisationId(township_id)), caller, response)


@router.put("/{township_id}/go-live", summary="设置启用日期")
async def put_go_live(
    township_id: str,
    form: GoLiveForm,
    caller: Keeper,
    seen: SeenRevisionIfAny,
    ports: PortsOf,
    response: Response,
) -> TownshipView:
    """设置启用日期，不早于本周一；到了这一天就不能再改。首次设置可不带 If-Match。"""
    command = SetGoLive(
        by=caller, township_id=OrganisationId(township_id), seen_revision=seen, go_live_on=form.go_live_on
    )
    return _view(await set_go_live(command, ports), caller, response)


@router.post("/{township_id}/history-spans", status_code=status.HTTP_201_CREATED, summary="申报补录时段")
async def post_history_span(
    township_id: str, form: HistorySpanForm, caller: Keeper, ports: PortsOf, response: Response
) -> TownshipView:
    """申报要补录的历史时段，应在启用日期之前，且互不重叠。"""
    command = DeclareHistorySpan(
        by=caller,
        township_id=OrganisationId(township_id),
        span_id=SpanId(form.id),
        from_on=form.from_on,
        to_on=form.to_on,
    )
    return _view(await declare_history_span(command, ports), caller, response)


@router.put("/{township_id}/history-spans/{span_id}/closure", summary="结束补录时段")
async def put_history_span_closure(
    township_id: str, span_id: str, caller: Keeper, seen: SeenRevision, ports: PortsOf, response: Response
) -> TownshipView:
    """结束补录：该时段的应办事项就此一次结算，不再接受补录。"""
    command = CloseHistorySpan(
        by=caller, township_id=OrganisationId(township_id), span_id=SpanId(span_id), seen_revision=seen
    )
    return _view(await close_history_span(command, ports), caller, response)
