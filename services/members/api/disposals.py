"""Disposals over HTTP: restricted."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Response, status

from services.members.api.forms import DisposalForm
from services.members.api.parameters import PortsOf
from services.members.api.views import DisposalInFull, DisposalView
from services.members.domain.disposal import Disposal
from services.members.use_cases.access import may_read_trail
from services.members.use_cases.read_disposals import list_disposals, read_disposal
from services.members.use_cases.record_disposal import RecordDisposal, record_disposal
from shared.kernel.access import Caller, Role
from shared.kernel.ids import CaseId, MemberId
from shared.web.access import allow
from shared.web.pages import Page, Wanted, cursor_of
from shared.web.preconditions import tag

router = APIRouter(prefix="/api/members/disposals", tags=["组织处置（限制查阅）"])
Desk = Annotated[Caller, allow(Role.ORGANISER, Role.SECRETARY)]


def _view(disposal: Disposal, caller: Caller, response: Response) -> DisposalInFull:
    tag(response, disposal.revision)
    return DisposalInFull.of(disposal, traced=may_read_trail(caller, disposal.path))


@router.post("", status_code=status.HTTP_201_CREATED, summary="登记组织处置")
async def post_disposal(form: DisposalForm, caller: Desk, ports: PortsOf, response: Response) -> DisposalInFull:
    """登记已作出的处置决定；系统不作决定，也不影响任何得分。"""
    disposal = await record_disposal(
        RecordDisposal(
            by=caller,
            case_id=CaseId(form.id),
            member_id=MemberId(form.member_id),
            document_number=form.document_number,
            decided_on=form.decided_on,
            measure=form.measure,
        ),
        ports,
    )
    return _view(disposal, caller, response)


@router.get("", summary="组织处置列表")
async def get_disposals(caller: Desk, ports: PortsOf, wanted: Wanted) -> Page[DisposalView]:
    """本乡镇的处置登记，最近决定的在前；每次查阅均留痕。"""
    shown, more = await list_disposals(caller, wanted.limit, wanted.after_key(date.fromisoformat, str), ports)
    following = cursor_of((shown[-1].decided_on.isoformat(), shown[-1].id)) if more else None
    return Page(items=[DisposalView.of(disposal) for disposal in shown], next=following)


@router.get("/{case_id}", summary="查看组织处置")
async def get_disposal(case_id: str, caller: Desk, ports: PortsOf, response: Response) -> DisposalInFull:
    """一份处置登记；查阅留痕。"""
    disposal = await read_disposal(CaseId(case_id), caller, ports)
    return _view(disposal, caller, response)
