"""Meetings over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from services.duties.api.forms import CorrectionForm, Day, Kind, MeetingForm
from services.duties.api.parameters import PortsOf
from services.duties.api.views import MeetingInFull, MeetingView, RollView
from services.duties.use_cases.correct_meeting import CorrectMeeting, correct_meeting
from services.duties.use_cases.hold_meeting import HoldMeeting, hold_meeting
from services.duties.use_cases.ports import MeetingListing
from services.duties.use_cases.read_meetings import ListMeetings, list_meetings, read_meeting
from services.duties.use_cases.read_roll import ReadRoll, read_roll
from services.duties.use_cases.withdraw_meeting import WithdrawMeeting, withdraw_meeting
from shared.kernel.access import Caller, Role
from shared.kernel.ids import BranchId, MeetingId
from shared.web.access import allow
from shared.web.pages import Page, Wanted
from shared.web.preconditions import SeenRevision, tag

router = APIRouter(prefix="/api/duties", tags=["三会一课和主题党日"])
_KEEPERS = (Role.BRANCH_SECRETARY, Role.ORGANISER, Role.SECRETARY)
Keeper = Annotated[Caller, allow(*_KEEPERS)]
Reader = Annotated[Caller, allow(*_KEEPERS, Role.COUNTY_ORGANISER, Role.SUPERVISOR)]


@router.get("/branches/{branch_id}/roll", summary="应到名册")
async def get_roll(
    branch_id: str,
    caller: Keeper,
    ports: PortsOf,
    kind: Annotated[Kind, Query(description="会议类别，默认支部党员大会")] = "general_meeting",
    held_on: Annotated[Day | None, Query(description="召开日期，默认今天")] = None,
) -> RollView:
    """某日某类会议谁应到、谁免于参会、需多少人到会；登记时只需填写请假和缺席人员。"""
    wanted = ReadRoll(by=caller, branch_id=BranchId(branch_id), kind=kind, held_on=held_on)
    return RollView.of(branch_id, kind, await read_roll(wanted, ports))


@router.post("/meetings", status_code=status.HTTP_201_CREATED, summary="登记会议")
async def post_meeting(form: MeetingForm, caller: Keeper, ports: PortsOf, response: Response) -> MeetingView:
    """登记一次三会一课或主题党日；应到、缺席人数和会议是否有效由系统算出。同一编号、同一内容重复提交，返回原记录。"""
    meeting = await hold_meeting(
        HoldMeeting(
            by=caller,
            meeting_id=MeetingId(form.id),
            branch_id=BranchId(form.branch_id),
            kind=form.kind,
            held_on=form.held_on,
            said=form.said(),
            note=form.note,
        ),
        ports,
    )
    tag(response, meeting.revision)
    return MeetingView.of(meeting)


@router.get("/meetings", summary="会议列表")
async def get_meetings(
    caller: Reader,
    ports: PortsOf,
    wanted: Wanted,
    branch_id: Annotated[str | None, Query(description="只看该支部的会议")] = None,
    kind: Annotated[Kind | None, Query(description="只看该类会议")] = None,
    from_on: Annotated[date | None, Query(description="召开日期不早于")] = None,
    to_on: Annotated[date | None, Query(description="召开日期不晚于")] = None,
) -> Page[MeetingView]:
    """管理范围内的会议（人数），按召开日期，最近的在前。"""
    asked = ListMeetings(
        by=caller,
        limit=wanted.one_more,
        branch_id=BranchId(branch_id) if branch_id else None,
        kind=kind,
        from_on=from_on,
        to_on=to_on,
        after=wanted.after_key(date.fromisoformat, str),
    )
    return wanted.page(await list_meetings(asked, ports), MeetingView.of, MeetingListing.key)


@router.get("/meetings/{meeting_id}", summary="查看会议")
async def get_meeting(meeting_id: str, caller: Reader, ports: PortsOf, response: Response) -> MeetingInFull:
    """一次会议及其人员名单、备注和办理痕迹；县级和监督员只看人数。ETag 为其版本号。"""
    found = await read_meeting(MeetingId(meeting_id), caller, ports)
    tag(response, found.meeting.revision)
    return MeetingInFull.read(found)


@router.put("/meetings/{meeting_id}", summary="更正会议")
async def put_meeting(
    meeting_id: str, form: CorrectionForm, caller: Keeper, seen: SeenRevision, ports: PortsOf, response: Response
) -> MeetingView:
    """更正召开日期、到会情况等；原有计分随之更正，不覆盖历史。"""
    meeting = await correct_meeting(
        CorrectMeeting(
            by=caller,
            meeting_id=MeetingId(meeting_id),
            seen_revision=seen,
            held_on=form.held_on,
            said=form.said(),
            note=form.note,
        ),
        ports,
    )
    tag(response, meeting.revision)
    return MeetingView.of(meeting)


@router.put("/meetings/{meeting_id}/withdrawal", summary="撤回会议")
async def put_meeting_withdrawal(
    meeting_id: str, caller: Keeper, seen: SeenRevision, ports: PortsOf, response: Response
) -> MeetingView:
    """撤回未实际召开的会议；记录保留并标为已撤回。"""
    command = WithdrawMeeting(by=caller, meeting_id=MeetingId(meeting_id), seen_revision=seen)
    meeting = await withdraw_meeting(command, ports)
    tag(response, meeting.revision)
    return MeetingView.of(meeting)
