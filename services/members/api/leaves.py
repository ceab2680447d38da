"""Leaves over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from services.members.api.absence_views import LeaveInFull, LeaveView
from services.members.api.forms import LeaveDaysForm, LeaveForm
from services.members.api.parameters import PortsOf, own_or_not
from services.members.domain.leave import Leave
from services.members.use_cases.access import DESK, may_read_trail
from services.members.use_cases.change_leave import ChangeLeave, change_leave
from services.members.use_cases.grant_leave import GrantLeave, grant_leave
from services.members.use_cases.read_leaves import ReadLeaves, list_leaves, read_leave
from services.members.use_cases.withdraw_leave import WithdrawLeave, withdraw_leave
from shared.kernel.access import Caller, Role
from shared.kernel.ids import CadreId, LeaveId, OrganisationId
from shared.web.access import allow
from shared.web.pages import Page, Wanted
from shared.web.preconditions import SeenRevision, tag

router = APIRouter(prefix="/api/members/leaves", tags=["请假"])
Desk = Annotated[Caller, allow(Role.ORGANISER, Role.SECRETARY)]
Reader = Annotated[Caller, allow(Role.ORGANISER, Role.SECRETARY, Role.CADRE)]


def _listed(leave: Leave, caller: Caller) -> LeaveView:
    return LeaveView.of(leave, reasoned=caller.may(DESK, leave.path))


def _view(leave: Leave, caller: Caller, response: Response) -> LeaveInFull:
    tag(response, leave.revision)
    reasoned, traced = caller.may(DESK, leave.path), may_read_trail(caller, leave.path)
    return LeaveInFull.of(leave, reasoned=reasoned, traced=traced)


@router.post("", status_code=status.HTTP_201_CREATED, summary="登记请假")
async def post_leave(form: LeaveForm, caller: Desk, ports: PortsOf, response: Response) -> LeaveInFull:
    """登记干部的一次请假，期间暂停计走访等任务；不能由本人登记；同一人的请假日期不重叠。"""
    leave = await grant_leave(
        GrantLeave(
            by=caller,
            leave_id=LeaveId(form.id),
            cadre_id=CadreId(form.cadre_id),
            organisation_id=OrganisationId(form.organisation_id),
            starts_on=form.starts_on,
            ends_on=form.ends_on,
            reason=form.reason,
        ),
        ports,
    )
    return _view(leave, caller, response)


@router.get("", summary="请假列表")
async def get_leaves(
    caller: Reader,
    ports: PortsOf,
    wanted: Wanted,
    *,
    mine: Annotated[bool, Query(description="只看本人的请假")] = False,
    cadre_id: Annotated[str | None, Query(description="只看该干部的请假")] = None,
    organisation_id: Annotated[str | None, Query(description="只看该党组织批准的请假")] = None,
) -> Page[LeaveView]:
    """本人的请假，或管理范围内的请假；本人的在前，其余最近开始的在前；含已撤回的。"""
    asked_for = ReadLeaves(
        by=caller,
        limit=wanted.one_more,
        mine=mine,
        cadre_id=CadreId(cadre_id) if cadre_id else None,
        organisation_id=OrganisationId(organisation_id) if organisation_id else None,
        after=wanted.after_key(own_or_not, date.fromisoformat, str),
    )
    leaves = await list_leaves(asked_for, ports)
    return wanted.page(leaves, lambda leave: _listed(leave, caller), asked_for.key)


@router.get("/{leave_id}", summary="查看请假")
async def get_leave(leave_id: str, caller: Reader, ports: PortsOf, response: Response) -> LeaveInFull:
    """一次请假；ETag 为其版本号。"""
    return _view(await read_leave(LeaveId(leave_id), caller, ports), caller, response)


@router.put("/{leave_id}", summary="更改请假日期")
async def put_leave(
    leave_id: str, form: LeaveDaysForm, caller: Desk, seen: SeenRevision, ports: PortsOf, response: Response
) -> LeaveInFull:
    """更改请假的起止日期；相应任务按新日期重新判定。"""
    command = ChangeLeave(
        by=caller, leave_id=LeaveId(leave_id), seen_revision=seen, starts_on=form.starts_on, ends_on=form.ends_on
    )
    return _view(await change_leave(command, ports), caller, response)


@router.put("/{leave_id}/withdrawal", summary="撤回请假")
async def put_leave_withdrawal(
    leave_id: str, caller: Desk, seen: SeenRevision, ports: PortsOf, response: Response
) -> LeaveInFull:
    """撤回请假，视同未请假。"""
    command = WithdrawLeave(by=caller, leave_id=LeaveId(leave_id), seen_revision=seen)
    return _view(await withdraw_leave(command, ports), caller, response)
