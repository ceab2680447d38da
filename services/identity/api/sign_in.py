"""Signing in over HTTP: tokens, the keys that verify them, one's own account and password."""

from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Form, Response, status

from services.identity.api.forms import PasswordForm, SignOutForm, TokenForm
from services.identity.api.parameters import Issuer, PortsOf, PublicKeys
from services.identity.api.standing import AllowedBeforeChange
from services.identity.api.views import AccountView, TokenView
from services.identity.use_cases.change_password import ChangePassword, change_password
from services.identity.use_cases.note_keys import note_keys
from services.identity.use_cases.read_accounts import read_account
from services.identity.use_cases.refresh_session import refresh_session
from services.identity.use_cases.sign_in import SignIn, sign_in
from services.identity.use_cases.sign_out import sign_out
from shared.kernel.access import Caller
from shared.kernel.errors import Conflict, Invalid, Unavailable
from shared.telemetry.logs import logger
from shared.telemetry.metrics import TOKENS
from shared.web.access import EVERYONE, allow
from shared.web.preconditions import tag

log = logger(__name__)
PREFIX = "/api/identity"
METADATA = "/.well-known/oauth-authorization-server"
METADATA_OF_ISSUER = f"{METADATA}{PREFIX}"
"""Where RFC 8414, section 3.1, looks for it: our issuer has a path."""
OPEN_PATHS = (f"{PREFIX}/token", f"{PREFIX}/sign-out", f"{PREFIX}/jwks", METADATA, METADATA_OF_ISSUER)
_NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_KEPT = {"Cache-Control": "public, max-age=300"}

router = APIRouter(prefix=PREFIX, tags=["登录"])
metadata_router = APIRouter(tags=["登录"])
T = TypeVar("T")
Anybody = Annotated[Caller, allow(*EVERYONE)]
AnybodyBeforeChange = Annotated[Caller, Depends(AllowedBeforeChange(EVERYONE))]


class FieldMissing(Invalid):
    """A field this kind of request needs."""

    code = "request.field_missing"
    detail = "缺少必填项 {name}，请填写后重新提交"


class SignInElsewhere(Conflict):
    """The platform trusts another issuer: a token of ours would open nothing."""

    code = "sign_in.elsewhere"
    detail = "本平台由 {issuer} 统一登录，请在该处登录"


@router.post("/token", summary="登录，或续期")
async def post_token(
    form: Annotated[TokenForm, Form()], issuer: Issuer, ports: PortsOf, response: Response
) -> TokenView:
    """密码登录得到访问令牌（15 分钟）和续期令牌（12 小时，一次有效）；连续输错 5 次暂停 5 分钟。

    一次登录最长 7 天。用过的续期令牌再次出示（应答丢失的 10 秒内除外）视为被他人获取，该登录随即结束。
    must_change 为 true 时密码是初始密码，令牌不带任何角色，只能用于修改密码。
    """
    response.headers.update(_NOT_KEPT)
    _own(issuer)
    if form.grant_type == "password":
        command = SignIn(_given("username", form.username), _given("password", form.password).get_secret_value())
        bearer, outcome = await sign_in(command, ports), "signed_in"
    else:
        shown = _given("refresh_token", form.refresh_token).get_secret_value()
        bearer, outcome = await refresh_session(shown, ports), "refreshed"
    TOKENS.labels(outcome).inc()
    return TokenView.of(bearer)


@router.post("/sign-out", status_code=status.HTTP_204_NO_CONTENT, summary="退出登录")
async def post_sign_out(form: Annotated[SignOutForm, Form()], ports: PortsOf) -> None:
    """结束持有该续期令牌的登录；令牌已失效也同样答复。已发出的访问令牌至迟 15 分钟失效。"""
    await sign_out(form.refresh_token.get_secret_value(), ports)


@router.get("/jwks", summary="验签公钥")
async def get_jwks(keys: PublicKeys, ports: PortsOf, response: Response) -> dict[str, Any]:
    """RFC 7517 公钥集；换钥期间有两把。"""
    response.headers.update(_KEPT)
    try:
        await note_keys([key["kid"] for key in keys["keys"]], ports)
    except Unavailable:
        log.warning("the keys published could not be noted; they will be when they are asked for again")
    return keys


@router.get("/me", summary="我的账号")
async def get_me(caller: Anybody, ports: PortsOf, response: Response) -> AccountView:
    """当前账号及其现有角色。"""
    account = await read_account(caller.account_id, ports)
    tag(response, account.revision)
    return AccountView.of(account)


@router.post("/password", summary="修改我的密码")
async def post_password(
    form: PasswordForm, caller: AnybodyBeforeChange, ports: PortsOf, response: Response
) -> TokenView:
    """改后其他设备上的登录全部结束，本次登录换发新令牌；初始密码必须先在此修改。"""
    response.headers.update(_NOT_KEPT)
    command = ChangePassword(caller, form.old_password.get_secret_value(), form.new_password.get_secret_value())
    return TokenView.of(await change_password(command, ports))


@metadata_router.get(METADATA_OF_ISSUER, summary="OAuth 元数据", name="get_issuer_metadata")
@metadata_router.get(METADATA, summary="OAuth 元数据（不带路径的地址）")
async def get_metadata(issuer: Issuer, response: Response) -> dict[str, Any]:
    """RFC 8414 元数据：只列本平台确实支持的；没有授权端点，不是 OpenID 提供方。"""
    response.headers.update(_KEPT)
    _own(issuer)
    return {
        "issuer": issuer,
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/jwks",
        "response_types_supported": [],
        "grant_types_supported": ["password", "refresh_token"],
        "token_endpoint_auth_methods_supported": ["none"],
        "service_documentation": f"{issuer}/docs",
        "ui_locales_supported": ["zh-CN"],
    }


def _own(issuer: str) -> None:
    """Raise SignInElsewhere unless the issuer the platform trusts is this service."""
    if not issuer.endswith(PREFIX):
        raise SignInElsewhere(issuer=issuer)


def _given(name: str, value: T | None) -> T:
    """The value of a field that may not be left out here."""
    if value is None:
        raise FieldMissing(field=name, name=name)
    return value
