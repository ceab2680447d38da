"""What identity refuses, in the words people read."""

from datetime import timedelta
from typing import ClassVar

from shared.kernel.access import Caller
from shared.kernel.errors import Conflict, DomainError, Forbidden, Invalid

_MINUTE = timedelta(minutes=1)


class TokenRefused(DomainError):
    """No token is given; `outcome` is the word the metric counts it under."""

    outcome: ClassVar[str] = "refused"


class SignInRefused(TokenRefused):
    """Unknown username or wrong password: which of the two is not said."""

    code = "sign_in.refused"
    detail = "用户名或密码不正确，请核对后重试；连续输错 5 次将暂停登录 5 分钟，忘记密码请联系管理员重置"


class SignInPaused(TokenRefused):
    """Too many wrong passwords for this username, whether or not such an account exists."""

    code = "sign_in.paused"
    detail = "连续输错次数过多，请约 {minutes} 分钟后重试，忘记密码请联系管理员重置"
    outcome = "paused"

    def __init__(self, left: timedelta) -> None:
        self.seconds = max(1, -(-left // timedelta(seconds=1)))
        super().__init__(minutes=max(1, -(-left // _MINUTE)))


class SessionEnded(TokenRefused):
    """A refresh token that is unknown, used, expired, or of a sign-in that was ended."""

    code = "session.ended"
    detail = "登录已结束，请重新登录"
    outcome = "ended"


class SessionReused(SessionEnded):
    """A refresh token that was used up is shown again: two hold the sign-in, and one of them is not its person."""

    code = "session.reused"
    detail = "该登录凭证已经用过，可能被他人获取；为安全起见本次登录已结束，请重新登录，如非本人操作请修改密码"
    outcome = "reused"


class AccountDisabled(TokenRefused, Forbidden):
    """The password was right but the account is disabled; told only to who knows the password."""

    code = "account.disabled"
    detail = "该账号已停用，如需恢复请联系管理员"
    outcome = "disabled"


class AccountIdTaken(Conflict):
    """The id names another account."""

    code = "account.id_taken"
    detail = "该编号已用于另一个账号，或该账号的内容、密码已改动；请更换编号，或到该账号下修改"
    field = "id"


class UsernameTaken(Conflict):
    """Another account has this username."""

    code = "account.username_taken"
    detail = "用户名 {username} 已被使用，请换一个"
    field = "username"


class UsernameUnusable(Invalid):
    """A username people could not type or tell apart."""

    code = "account.username_unusable"
    detail = "用户名应为 2–32 个汉字、英文字母、数字或 . _ - ，且以汉字、字母或数字开头"
    field = "username"


class WeakPassword(Invalid):
    """A password that is too easy to guess; the kinds of it say why."""

    field = "password"


class PasswordTooShort(WeakPassword):
    """Every character makes guessing dearer."""

    code = "password.too_short"
    detail = "密码至少需要 {least} 个字符，请换一个更长的密码"


class PasswordBlank(WeakPassword):
    """Nothing but spaces."""

    code = "password.blank"
    detail = "密码不能全是空格，请换一个"


class PasswordTooUniform(WeakPassword):
    """The same few characters over and over."""

    code = "password.too_uniform"
    detail = "密码至少要用到 {least} 个不同的字符，请换一个"


class PasswordIsSequence(WeakPassword):
    """Characters in the order of the alphabet or of the digits."""

    code = "password.sequence"
    detail = "密码不能由连续或重复的字符拼成（如 1234567890、abcdef123456），请换一个"


class PasswordHoldsUsername(WeakPassword):
    """The username, or something around it."""

    code = "password.holds_username"
    detail = "密码中不能含有用户名，请换一个"


class PasswordCommon(WeakPassword):
    """One of those that are guessed first."""

    code = "password.common"
    detail = "这个密码很常见，容易被猜到，请换一个；可以用几个互不相干的词连成一句"


class PasswordUnchanged(Invalid):
    """The new password is the old one."""

    code = "password.unchanged"
    detail = "新密码不能与原密码相同，请换一个"
    field = "new_password"


class OldPasswordWrong(Invalid):
    """Who changes a password must know the one that stands."""

    code = "password.old_wrong"
    detail = "原密码不正确，请重新输入；连续输错 5 次将暂停登录 5 分钟"
    field = "old_password"


class AdministratorStandsAlone(Invalid):
    """An administrator keeps the platform running and sees no business content."""

    code = "account.administrator_stands_alone"
    detail = "管理员只管账号和系统运行，不能同时担任其他角色；请为业务工作另开账号"
    field = "roles"


class ScopeUnusable(Invalid):
    """A role over nothing that could be an organisation."""

    code = "account.scope_unusable"
    detail = "角色的范围（scope）应为组织编号；管理员的范围应为 *"
    field = "roles"


class PersonMissing(Invalid):
    """Who enters, who verifies and who approves are compared by person; an account without one would evade that."""

    code = "account.person_missing"
    detail = "担任业务角色的账号必须填写人员编号（person_id）"
    field = "person_id"


class OwnAccount(Forbidden):
    """Nobody disables himself or changes his own roles: one administrator always remains."""

    code = "account.own"
    detail = "不能停用自己的账号或更改自己的角色，请由另一位管理员操作"


class PasswordMustChange(Forbidden):
    """An administrator chose the password; `bearer` is who signed in with it, and may do nothing but change it."""

    code = "password.must_change"
    detail = "当前使用的是初始密码，请先修改密码（POST /api/identity/password），再办理其他事项"

    def __init__(self, bearer: Caller) -> None:
        self.bearer = bearer
        super().__init__()
