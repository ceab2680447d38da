"""Deeds over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from services.scoring.api.record_forms import DeedForm, DeedWithdrawalForm
from services.scoring.api.record_parameters import DonePeriod, RecordsOf, a_rank
from services.scoring.api.record_views import DeedInFull, DeedView
from services.scoring.domain.deed import Deed, DeedId, DeedState
from services.scoring.use_cases.access import BRANCH_OR_DESK, OVERSEERS
from services.scoring.use_cases.confirm_deed import ConfirmDeed, confirm_deed
from services.scoring.use_cases.read_deeds import ReadDeeds, list_deeds, read_deed
from services.scoring.use_cases.report_deed import ReportDeed, report_deed
from services.scoring.use_cases.withdraw_deed import WithdrawDeed, withdraw_deed
from shared.kernel.access import Caller, Role
from shared.web.access import allow
from shared.web.pages import Page, Wanted
from shared.web.preconditions import SeenRevision, tag

router = APIRouter(prefix="/api/scoring/deeds", tags=["记实事项"])
Reporter = Annotated[Caller, allow(Role.MEMBER, *BRANCH_OR_DESK)]
Confirmer = Annotated[Caller, allow(*BRANCH_OR_DESK)]
Reader = Annotated[Caller, allow(Role.MEMBER, *OVERSEERS)]


def _view(deed: Deed, response: Response) -> DeedView:
    tag(response, deed.revision)
    return DeedView.of(deed)


@router.post("", status_code=status.HTTP_201_CREATED, summary="登记记实事项")
async def post_deed(form: DeedForm, caller: Reporter, records: RecordsOf, response: Response) -> DeedView:
    """党员本人登记，或由党支部书记、组织委员、党委书记代填；同一编号、同一内容重复提交，返回原记录。"""
    command = ReportDeed(
        by=caller,
        deed_id=DeedId(form.id),
        member_id=form.member_id,
        kind=form.kind,
        done_on=form.done_on,
        note=form.note,
    )
    return _view(await report_deed(command, records), response)


@router.get("", summary="记实事项列表")
async def get_deeds(
    caller: Reader,
    records: RecordsOf,
    wanted: Wanted,
    period: DonePeriod = None,
    *,
    mine: Annotated[bool, Query(description="只看本人的记实事项")] = False,
    state: Annotated[
        DeedState | None,
        Query(description="按状态；党员查看 confirmed 时，另含本支部公示名单（只显示党员、类别和日期）"),
    ] = None,
    member_id: Annotated[str | None, Query(description="只看该党员的记实事项")] = None,
    branch_id: Annotated[str | None, Query(description="只看该支部的记实事项")] = None,
) -> Page[DeedView]:
    """本人的和管理范围内的记实事项：本人的在前，各按办理日期，最近的在前。"""
    asked = ReadDeeds(
        by=caller,
        limit=wanted.one_more,
        mine=mine,
        member_id=member_id,
        branch_id=branch_id,
        state=state,
        period=period,
        after=wanted.after_key(a_rank, date.fromisoformat, str),
    )
    found = await list_deeds(asked, records)
    return wanted.page(found.deeds, DeedView.of, found.listing.key)


@router.get("/{deed_id}", summary="查看记实事项")
async def get_deed(deed_id: str, caller: Reader, records: RecordsOf, response: Response) -> DeedInFull:
    """一件记实事项及其办理痕迹；ETag 为其版本号。"""
    deed = await read_deed(deed_id, caller, records)
    tag(response, deed.revision)
    return DeedInFull.of(deed)


@router.put("/{deed_id}/confirmation", summary="确认记实事项")
async def put_confirmation(
    deed_id: str, caller: Confirmer, seen: SeenRevision, records: RecordsOf, response: Response
) -> DeedView:
    """由登记人和当事党员以外的人确认；确认次日起公示，公示期满无异议即生效计分。补录的事项不公示，确认即生效。"""
    command = ConfirmDeed(by=caller, deed_id=deed_id, seen_revision=seen)
    return _view(await confirm_deed(command, records), response)


@router.put("/{deed_id}/withdrawal", summary="撤回记实事项")
async def put_withdrawal(
    deed_id: str,
    form: DeedWithdrawalForm,
    caller: Reporter,
    seen: SeenRevision,
    records: RecordsOf,
    response: Response,
) -> DeedView:
    """生效之前可由登记人或本人撤回；党支部和组织委员、党委书记查实不符的，写明理由后随时撤回，已计的分随之冲回。"""
    command = WithdrawDeed(by=caller, deed_id=deed_id, seen_revision=seen, reason=form.reason)
    return _view(await withdraw_deed(command, records), response)
