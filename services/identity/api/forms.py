"""What people send, checked field by field."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from services.identity.domain.account import MAX_GRANTS
from services.identity.domain.password import MOST
from services.identity.domain.username import MAX_TYPED
from shared.kernel.access import Grant, Role
from shared.kernel.ids import UUID_PATTERN

_MAX_REFRESH = 200
Typed = Annotated[str, Field(min_length=1, max_length=MAX_TYPED, description="用户名，不分大小写")]
Password = Annotated[
    SecretStr, Field(min_length=1, max_length=MOST, description="密码，至少 10 个字符，不能常见或含用户名")
]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TokenForm(BaseModel):
    """登录或续期（RFC 6749 第 4.3.2、6 节的表单；scope 与 client_id 不予理会）"""

    grant_type: Annotated[Literal["password", "refresh_token"], Field(description="password 登录，refresh_token 续期")]
    username: Annotated[str | None, Field(max_length=MAX_TYPED, description="用户名（登录时必填）")] = None
    password: Annotated[SecretStr | None, Field(max_length=MOST, description="密码（登录时必填）")] = None
    refresh_token: Annotated[SecretStr | None, Field(max_length=_MAX_REFRESH, description="续期时必填")] = None


class SignOutForm(BaseModel):
    """退出登录"""

    refresh_token: Annotated[SecretStr, Field(max_length=_MAX_REFRESH, description="登录或上次续期得到的续期令牌")]


class RoleForm(_Form):
    """角色，及其管理的组织（含下级）"""

    role: Annotated[Role, Field(description="角色代码")]
    scope: Annotated[str, Field(max_length=36, description="组织编号；管理员为 *")]

    def grant(self) -> Grant:
        """As the domain knows it."""
        return Grant(self.role, self.scope)


Roles = Annotated[list[RoleForm], Field(min_length=1, max_length=MAX_GRANTS, description="角色与范围")]


class AccountForm(_Form):
    """新账号"""

    id: Annotated[str, Field(pattern=UUID_PATTERN, description="由客户端生成的 UUID")]
    username: Typed
    person_id: Annotated[str | None, Field(pattern=UUID_PATTERN, description="人员编号，管理员可不填")] = None
    roles: Roles
    password: Password
    must_change: Annotated[
        bool, Field(strict=True, description="所给为初始密码，本人登录后须先修改；仅由本人设定密码时填 false")
    ] = True


class RolesForm(_Form):
    """账号的全部角色"""

    roles: Roles


class DisabledForm(_Form):
    """停用或恢复"""

    disabled: Annotated[bool, Field(strict=True, description="true 停用，false 恢复")]


class ResetForm(_Form):
    """重置密码：所给为初始密码，本人登录后须先修改"""

    password: Password


class PasswordForm(_Form):
    """修改密码"""

    old_password: Annotated[SecretStr, Field(min_length=1, max_length=MOST, description="原密码")]
    new_password: Password
