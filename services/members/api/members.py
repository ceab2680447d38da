"""Members over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from services.members.api.forms import MemberForm
from services.members.api.parameters import PortsOf, own_or_not
from services.members.api.views import MemberInFull, MemberView
from services.members.domain.member import Member
from services.members.use_cases.access import may_read_name, may_read_trail
from services.members.use_cases.enrol_member import EnrolMember, enrol_member
from services.members.use_cases.read_members import ReadMembers, list_members, read_member
from shared.kernel.access import Caller, Role
from shared.kernel.ids import BranchId, MemberId, PersonId
from shared.web.access import allow
from shared.web.pages import Page, Wanted
from shared.web.preconditions import tag

router = APIRouter(prefix="/api/members/members", tags=["党员"])
Desk = Annotated[Caller, allow(Role.ORGANISER, Role.SECRETARY)]
Reader = Annotated[
    Caller,
    allow(Role.ORGANISER, Role.SECRETARY, Role.BRANCH_SECRETARY, Role.COUNTY_ORGANISER, Role.CADRE, Role.MEMBER),
]


def _listed(member: Member, caller: Caller) -> MemberView:
    return MemberView.of(member, named=may_read_name(caller, member.person_id, member.path))


def _view(member: Member, caller: Caller, response: Response) -> MemberInFull:
    tag(response, member.revision)
    named = may_read_name(caller, member.person_id, member.path)
    return MemberInFull.of(member, named=named, traced=may_read_trail(caller, member.path))


@router.post("", status_code=status.HTTP_201_CREATED, summary="党员编入支部")
async def post_member(form: MemberForm, caller: Desk, ports: PortsOf, response: Response) -> MemberInFull:
    """把党员编入党支部；一人只编入一个支部；姓名只保存在本服务中。"""
    member = await enrol_member(
        EnrolMember(
            by=caller,
            member_id=MemberId(form.id),
            branch_id=BranchId(form.branch_id),
            name=form.name,
            standing=form.standing,
            joined_on=form.joined_on,
            person_id=PersonId(form.person_id) if form.person_id else None,
        ),
        ports,
    )
    return _view(member, caller, response)


@router.get("", summary="党员列表")
async def get_members(
    caller: Reader,
    ports: PortsOf,
    wanted: Wanted,
    *,
    mine: Annotated[bool, Query(description="只看本人的记录")] = False,
    branch_id: Annotated[str | None, Query(description="只看该支部的党员")] = None,
) -> Page[MemberView]:
    """本人的记录，或管理范围内的党员；本人的在前，其余按编入支部的先后。"""
    asked_for = ReadMembers(
        by=caller,
        limit=wanted.one_more,
        mine=mine,
        branch_id=BranchId(branch_id) if branch_id else None,
        after=wanted.after_key(own_or_not, date.fromisoformat, str),
    )
    members = await list_members(asked_for, ports)
    return wanted.page(members, lambda member: _listed(member, caller), asked_for.key)


@router.get("/{member_id}", summary="查看党员")
async def get_member(member_id: str, caller: Reader, ports: PortsOf, response: Response) -> MemberInFull:
    """一名党员；党员可查看本人的记录。"""
    member = await read_member(MemberId(member_id), caller, ports)
    return _view(member, caller, response)
