"""Accounts over HTTP, for administrators; nobody else learns who has one."""

from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from services.identity.api.forms import AccountForm, DisabledForm, ResetForm, RolesForm
from services.identity.api.parameters import PortsOf
from services.identity.api.views import AccountView, TrailEntryView
from services.identity.domain.username import MAX_TYPED
from services.identity.use_cases.change_roles import ChangeRoles, change_roles
from services.identity.use_cases.disable_account import DisableAccount, disable_account
from services.identity.use_cases.open_account import OpenAccount, open_account
from services.identity.use_cases.ports import Listing
from services.identity.use_cases.read_accounts import list_accounts, read_account
from services.identity.use_cases.read_trail import read_trail
from services.identity.use_cases.reset_password import ResetPassword, reset_password
from shared.kernel.access import Caller, Role
from shared.kernel.ids import AccountId, PersonId
from shared.web.access import allow
from shared.web.pages import Page, Wanted
from shared.web.preconditions import SeenRevision, tag

router = APIRouter(prefix="/api/identity/accounts", tags=["账号"])
Administrator = Annotated[Caller, allow(Role.ADMINISTRATOR)]


@router.post("", status_code=status.HTTP_201_CREATED, summary="开设账号")
async def post_account(form: AccountForm, caller: Administrator, ports: PortsOf, response: Response) -> AccountView:
    """同一编号、同样内容再次提交，返回原账号；内容不同则拒绝。密码为初始密码，本人登录后须先修改。"""
    account = await open_account(
        OpenAccount(
            by=caller,
            account_id=AccountId(form.id),
            username=form.username,
            person_id=PersonId(form.person_id) if form.person_id else None,
            grants=tuple(role.grant() for role in form.roles),
            password=form.password.get_secret_value(),
            must_change=form.must_change,
        ),
        ports,
    )
    tag(response, account.revision)
    return AccountView.of(account)


@router.get("", summary="账号列表")
async def get_accounts(
    _caller: Administrator,
    ports: PortsOf,
    wanted: Wanted,
    username: Annotated[str, Query(max_length=MAX_TYPED, description="用户名的开头")] = "",
) -> Page[AccountView]:
    """按用户名排列。"""
    (after,) = wanted.after_key(str) or (None,)
    found = await list_accounts(Listing(wanted.one_more, username, after), ports)
    return wanted.page(found, AccountView.of, lambda account: (account.username,))


@router.get("/{account_id}", summary="查看账号")
async def get_account(account_id: str, _caller: Administrator, ports: PortsOf, response: Response) -> AccountView:
    """一个账号；ETag 为其版本号。"""
    account = await read_account(AccountId(account_id), ports)
    tag(response, account.revision)
    return AccountView.of(account)


@router.get("/{account_id}/trail", summary="账号办理痕迹")
async def get_trail(account_id: str, _caller: Administrator, ports: PortsOf, wanted: Wanted) -> Page[TrailEntryView]:
    """谁在何时对该账号做了什么，最近的在前；只增不改。连续被暂停登录的，一天只记一次。"""
    (before,) = wanted.after_key(int) or (None,)
    found = await read_trail(
        AccountId(account_id), ports, limit=wanted.one_more, before=None if before is None else int(before)
    )
    return wanted.page(
        found, lambda each: TrailEntryView.of(AccountId(account_id), each[1]), lambda each: (str(each[0]),)
    )


@router.put("/{account_id}/roles", summary="更改角色")
async def put_roles(
    account_id: str, caller: Administrator, form: RolesForm, seen: SeenRevision, ports: PortsOf, response: Response
) -> AccountView:
    """以所给角色取代全部现有角色，至迟 15 分钟内生效。"""
    grants = tuple(role.grant() for role in form.roles)
    account = await change_roles(ChangeRoles(caller, AccountId(account_id), seen, grants), ports)
    tag(response, account.revision)
    return AccountView.of(account)


@router.put("/{account_id}/disabled", summary="停用或恢复账号")
async def put_disabled(
    account_id: str, caller: Administrator, form: DisabledForm, seen: SeenRevision, ports: PortsOf, response: Response
) -> AccountView:
    """停用后不能再登录和续期，已发出的访问令牌在本服务立即失效，在其他服务至迟 15 分钟失效。"""
    command = DisableAccount(caller, AccountId(account_id), seen, form.disabled)
    account = await disable_account(command, ports)
    tag(response, account.revision)
    return AccountView.of(account)


@router.put("/{account_id}/password", summary="重置密码")
async def put_password(
    account_id: str, caller: Administrator, form: ResetForm, seen: SeenRevision, ports: PortsOf, response: Response
) -> AccountView:
    """重置后该账号的全部登录结束，暂停登录同时解除；所给为初始密码，本人登录后须先修改。"""
    command = ResetPassword(caller, AccountId(account_id), seen, form.password.get_secret_value())
    account = await reset_password(command, ports)
    tag(response, account.revision)
    return AccountView.of(account)
