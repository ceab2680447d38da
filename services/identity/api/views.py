"""What people get to see."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field

from services.identity.domain.account import Account
from services.identity.domain.audit import Audited, AuditEntry
from services.identity.domain.trail import TrailEntry, What
from services.identity.use_cases.begin_session import Bearer
from shared.kernel.access import Grant, Role
from shared.kernel.ids import AccountId


class TokenView(BaseModel):
    """令牌（RFC 6749 第 5.1 节）"""

    access_token: Annotated[str, Field(description="访问令牌，放在 Authorization: Bearer 请求头中")]
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the kind of token, no secret
    expires_in: Annotated[int, Field(description="访问令牌的有效秒数")]
    refresh_token: Annotated[str, Field(description="续期令牌，只能使用一次，续期时换发新的")]
    refresh_expires_in: Annotated[int, Field(description="续期令牌的有效秒数")]
    must_change: Annotated[bool, Field(description="密码是初始密码：令牌不带角色，只能用于修改密码")]

    @classmethod
    def of(cls, bearer: Bearer) -> Self:
        """What the client keeps."""
        return cls(
            access_token=bearer.access_token,
            expires_in=int(bearer.access_lasts.total_seconds()),
            refresh_token=bearer.refresh_token,
            refresh_expires_in=int(bearer.refresh_lasts.total_seconds()),
            must_change=bearer.must_change,
        )


class RoleView(BaseModel):
    """角色，及其管理的组织（含下级）"""

    role: Role
    scope: str

    @classmethod
    def of(cls, grant: Grant) -> Self:
        """What is shown of a role."""
        return cls(role=grant.role, scope=grant.scope)


class AccountView(BaseModel):
    """账号"""

    id: str
    username: str
    person_id: str | None
    roles: list[RoleView]
    disabled: bool
    must_change: Annotated[bool, Field(description="仍是初始密码，本人尚未修改")]
    revision: int

    @classmethod
    def of(cls, account: Account) -> Self:
        """What is shown of the account."""
        return cls(
            id=account.id,
            username=account.username,
            person_id=account.person_id,
            roles=[RoleView.of(grant) for grant in account.grants],
            disabled=account.disabled,
            must_change=account.must_change,
            revision=account.revision,
        )


class TrailEntryView(BaseModel):
    """对账号做过的一件事"""

    account_id: str
    what: Annotated[
        What,
        Field(
            description="opened 开设 · roles_changed 更改角色 · disabled 停用 · enabled 恢复 · "
            "password_reset 重置密码 · password_changed 本人修改密码 · paused 连续输错而暂停登录 · "
            "restored 以新的预设密码恢复首位管理员"
        ),
    ]
    by: Annotated[str | None, Field(description="操作人的账号编号；暂停登录、系统启动时的操作无操作人")]
    at: datetime
    roles: Annotated[list[RoleView], Field(description="开设、更改角色时所给的角色")]

    @classmethod
    def of(cls, account_id: AccountId, line: TrailEntry) -> Self:
        """What is shown of a line."""
        roles = [RoleView.of(grant) for grant in line.grants]
        return cls(account_id=account_id, what=line.what, by=line.by, at=line.at, roles=roles)


class AuditEntryView(BaseModel):
    """审计记录"""

    id: str
    what: Annotated[
        Audited,
        Field(
            description="signed_in 登录 · sign_in_refused 登录被拒（一天一条，times 为次数） · signed_out 退出 · "
            "token_reused 用过的续期令牌再次出示，登录随即结束 · key_published 启用签名密钥 · 其余见账号办理痕迹"
        ),
    ]
    at: Annotated[datetime, Field(description="时间；times 大于 1 时为当天第一次")]
    account_id: Annotated[str | None, Field(description="有关的账号；用户名不存在时、密钥没有")]
    by: Annotated[str | None, Field(description="操作人的账号编号")]
    roles: Annotated[list[RoleView], Field(description="开设、更改角色时所给的角色")]
    times: Annotated[int, Field(description="次数")]
    key_id: Annotated[str | None, Field(description="密钥编号（kid）")]

    @classmethod
    def of(cls, entry: AuditEntry) -> Self:
        """What is shown of an entry."""
        roles = [RoleView.of(grant) for grant in entry.grants]
        return cls(
            id=entry.id,
            what=entry.what,
            at=entry.at,
            account_id=entry.account_id,
            by=entry.by,
            roles=roles,
            times=entry.times,
            key_id=entry.key_id,
        )
