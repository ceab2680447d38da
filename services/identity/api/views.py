"""What people get to see."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field

from services.identity.domain.account import Account
from services.identity.use_cases.give_tokens import Bearer
from shared.kernel.access import Role


class TokenView(BaseModel):
    """令牌（RFC 6749 第 5.1 节）"""

    access_token: Annotated[str, Field(description="访问令牌，放在 Authorization: Bearer 请求头中")]
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the kind of token, no secret
    expires_in: Annotated[int, Field(description="访问令牌的有效秒数")]
    refresh_token: Annotated[str, Field(description="续期令牌，只能使用一次，续期时换发新的")]
    refresh_expires_in: Annotated[int, Field(description="续期令牌的有效秒数")]

    @classmethod
    def of(cls, bearer: Bearer) -> Self:
        """What the client keeps."""
        return cls(
            access_token=bearer.access_token,
            expires_in=int(bearer.access_lasts.total_seconds()),
            refresh_token=bearer.refresh_token,
            refresh_expires_in=int(bearer.refresh_lasts.total_seconds()),
        )


class RoleView(BaseModel):
    """角色，及其管理的组织（含下级）"""

    role: Role
    scope: str


class AccountView(BaseModel):
    """账号"""

    id: str
    username: str
    person_id: str | None
    roles: list[RoleView]
    disabled: bool
    revision: int

    @classmethod
    def of(cls, account: Account) -> Self:
        """What is shown of the account."""
        return cls(
            id=account.id,
            username=account.username,
            person_id=account.person_id,
            roles=[RoleView(role=grant.role, scope=grant.scope) for grant in account.grants],
            disabled=account.disabled,
            revision=account.revision,
        )
