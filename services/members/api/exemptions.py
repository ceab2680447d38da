"""Exemptions over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from services.members.api.absence_views import ExemptionInFull, ExemptionView
from services.members.api.forms import ExemptionEndForm, ExemptionForm
from services.members.api.parameters import PortsOf, own_or_not
from services.members.domain.exemption import Exemption
from services.members.use_cases.access import EXEMPTERS, may_read_trail
from services.members.use_cases.change_exemption import ChangeExemption, change_exemption
from services.members.use_cases.grant_exemption import GrantExemption, grant_exemption
from services.members.use_cases.read_exemptions import ReadExemptions, list_exemptions, read_exemption
from services.members.use_cases.withdraw_exemption import WithdrawExemption, withdraw_exemption
from shared.kernel.access import Caller, Role
from shared.kernel.ids import BranchId, ExemptionId, MemberId
from shared.web.access import allow
from shared.web.pages import Page, Wanted
from shared.web.preconditions import SeenRevision, tag

router = APIRouter(prefix="/api/members/exemptions", tags=["免于考勤"])
Exempter = Annotated[Caller, allow(Role.ORGANISER, Role.SECRETARY, Role.BRANCH_SECRETARY)]
Reader = Annotated[Caller, allow(Role.ORGANISER, Role.SECRETARY, Role.BRANCH_SECRETARY, Role.CADRE, Role.MEMBER)]


def _listed(exemption: Exemption, caller: Caller) -> ExemptionView:
    return ExemptionView.of(exemption, grounded=caller.may(EXEMPTERS, exemption.path))


def _view(exemption: Exemption, caller: Caller, response: Response) -> ExemptionInFull:
    tag(response, exemption.revision)
    grounded, traced = caller.may(EXEMPTERS, exemption.path), may_read_trail(caller, exemption.path)
    return ExemptionInFull.of(exemption, grounded=grounded, traced=traced)


@router.post("", status_code=status.HTTP_201_CREATED, summary="登记免于考勤")
async def post_exemption(form: ExemptionForm, caller: Exempter, ports: PortsOf, response: Response) -> ExemptionInFull:
    """登记一名党员自某日起免于会议考勤；不能由本人登记；同一党员同一天只有一条。"""
    exemption = await grant_exemption(
        GrantExemption(
            by=caller,
            exemption_id=ExemptionId(form.id),
            member_id=MemberId(form.member_id),
            starts_on=form.starts_on,
            ends_on=form.ends_on,
            ground=form.ground,
        ),
        ports,
    )
    return _view(exemption, caller, response)


@router.get("", summary="免于考勤列表")
async def get_exemptions(
    caller: Reader,
    ports: PortsOf,
    wanted: Wanted,
    *,
    mine: Annotated[bool, Query(description="只看本人的记录")] = False,
    branch_id: Annotated[str | None, Query(description="只看该支部的党员")] = None,
) -> Page[ExemptionView]:
    """本人的记录，或管理范围内党员的记录；本人的在前，其余最近开始的在前；含已撤回的。"""
    asked_for = ReadExemptions(
        by=caller,
        limit=wanted.one_more,
        mine=mine,
        branch_id=BranchId(branch_id) if branch_id else None,
        after=wanted.after_key(own_or_not, date.fromisoformat, str),
    )
    exemptions = await list_exemptions(asked_for, ports)
    return wanted.page(exemptions, lambda exemption: _listed(exemption, caller), asked_for.key)


@router.get("/{exemption_id}", summary="查看免于考勤")
async def get_exemption(exemption_id: str, caller: Reader, ports: PortsOf, response: Response) -> ExemptionInFull:
    """一名党员的免于考勤；ETag 为其版本号。"""
    return _view(await read_exemption(ExemptionId(exemption_id), caller, ports), caller, response)


@router.put("/{exemption_id}", summary="更改免于考勤结束日期")
async def put_exemption(
    exemption_id: str,
    form: ExemptionEndForm,
    caller: Exempter,
    seen: SeenRevision,
    ports: PortsOf,
    response: Response,
) -> ExemptionInFull:
    """更改结束日期；填空为未定。"""
    command = ChangeExemption(
        by=caller, exemption_id=ExemptionId(exemption_id), seen_revision=seen, ends_on=form.ends_on
    )
    return _view(await change_exemption(command, ports), caller, response)


@router.put("/{exemption_id}/withdrawal", summary="撤回免于考勤")
async def put_exemption_withdrawal(
    exemption_id: str, caller: Exempter, seen: SeenRevision, ports: PortsOf, response: Response
) -> ExemptionInFull:
    """撤回记录，视同未登记。"""
    command = WithdrawExemption(by=caller, exemption_id=ExemptionId(exemption_id), seen_revision=seen)
    return _view(await withdraw_exemption(command, ports), caller, response)
