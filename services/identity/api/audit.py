"""The audit log over HTTP, for administrators."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from services.identity.api.parameters import PortsOf
from services.identity.api.views import AuditEntryView
from services.identity.domain.audit import Audited
from services.identity.use_cases.ports import AuditListing
from services.identity.use_cases.read_audit import read_audit
from shared.kernel.access import Caller, Role
from shared.kernel.clock import start_of_day
from shared.kernel.ids import UUID_PATTERN, AccountId
from shared.web.access import allow
from shared.web.pages import Page, Wanted, an_instant

router = APIRouter(prefix="/api/identity/audit", tags=["审计"])
_FIRST, _LAST = date(1901, 1, 1), date(2998, 12, 31)


@router.get("", summary="审计记录")
async def get_audit(
    _caller: Annotated[Caller, allow(Role.ADMINISTRATOR)],
    ports: PortsOf,
    wanted: Wanted,
    account_id: Annotated[str | None, Query(pattern=UUID_PATTERN, description="只看该账号")] = None,
    what: Annotated[Audited | None, Query(description="只看这一类")] = None,
    on: Annotated[date | None, Query(ge=_FIRST, le=_LAST, description="只看这一天（北京时间）")] = None,
) -> Page[AuditEntryView]:
    """登录、登录被拒、退出、账号办理和签名密钥，最近的在前；只有编号，没有姓名、用户名和密码。

    同一账号一天内被拒的登录合为一条，times 为次数；不存在的用户名一天合为一条。至少保存六个月。
    """
    after = wanted.after_key(an_instant, str)
    listing = AuditListing(
        wanted.one_more,
        account_id=None if account_id is None else AccountId(account_id),
        what=what,
        since=None if on is None else start_of_day(on),
        until=None if on is None else start_of_day(on + timedelta(days=1)),
        before=None if after is None else (an_instant(after[0]), after[1]),
    )
    found = await read_audit(listing, ports)
    return wanted.page(found, AuditEntryView.of, lambda each: (each.at.isoformat(), each.id))
