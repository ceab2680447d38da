"""Refusals on the wire: RFC 9457 problem+json, in Chinese, naming the field and what to do."""

from collections.abc import Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request

from shared.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Stale
from shared.telemetry.logs import logger
from shared.telemetry.trace import current_traceparent, request_id

log = logger(__name__)
MEDIA_TYPE = "application/problem+json"
_RETRY_SECONDS = "5"
_BAD_REQUEST = 400
_UNPROCESSABLE = 422
_UNSUPPORTED = 415
_SERVER_ERROR = 500


class Unauthenticated(DomainError):
    """No token, or one that does not verify."""

    code = "access.unauthenticated"
    detail = "请先登录，或登录已过期，请重新登录"


class PreconditionMissing(DomainError):
    """A change must say which revision it saw."""

    code = "request.precondition_required"
    detail = "请在 If-Match 请求头中带上您所看到的版本号（ETag），以免覆盖他人的修改"
    field = "If-Match"


_STATUS: tuple[tuple[type[DomainError], int, str], ...] = (
    (Unauthenticated, 401, "需要登录"),
    (PreconditionMissing, 428, "缺少版本号"),
    (NotFound, 404, "没有找到"),
    (Stale, 412, "内容已更新"),
    (Conflict, 409, "与现有记录冲突"),
    (Forbidden, 403, "没有权限"),
    (Invalid, 422, "内容有误"),
)
_TITLES = {400: "请求无法读取", 404: "没有找到", 405: "不支持的操作", 413: "内容过大", 415: "不支持的格式"}
_DETAILS = {
    400: "请求无法读取，请检查格式与编码（UTF-8）",
    404: "没有这个地址，请核对后重试",
    405: "该地址不支持此操作",
    413: "提交的内容过大，请精简后重新提交",
    415: "请以 JSON 提交，并写明请求头 Content-Type: application/json",
}
_SENTENCES = {
    "missing": "缺少必填项",
    "extra_forbidden": "不认识的字段，请删除或核对名称",
    "string_pattern_mismatch": "格式不正确",
    "string_too_short": "内容过短或为空",
    "string_too_long": "内容过长，最多 {max_length} 个字符",
    "enum": "取值不在允许范围内：{expected}",
    "literal_error": "取值不在允许范围内：{expected}",
    "date_from_datetime_parsing": "日期格式应为 2023-10-01",
    "date_parsing": "日期格式应为 2023-10-01",
    "date_type": "日期格式应为 2023-10-01",
    "datetime_parsing": "时间格式应为 2023-10-01T09:30:00+08:00",
    "datetime_from_date_parsing": "时间格式应为 2023-10-01T09:30:00+08:00",
    "datetime_type": "时间格式应为 2023-10-01T09:30:00+08:00",
    "timezone_aware": "时间必须带时区，例如 2023-10-01T09:30:00+08:00",
    "date_from_datetime_inexact": "只填日期，不带时间，例如 2023-10-01",
    "datetime_object_invalid": "时间格式应为 2023-10-01T09:30:00+08:00",
    "int_from_float": "应为整数",
    "int_parsing_size": "数字过大",
    "finite_number": "应为普通数字",
    "float_parsing": "应为数字",
    "float_type": "应为数字",
    "decimal_parsing": "应为数字",
    "decimal_type": "应为数字",
    "dict_type": "应为对象",
    "tuple_type": "应为列表",
    "union_tag_invalid": "取值不在允许范围内",
    "greater_than": "必须大于 {gt}",
    "less_than": "必须小于 {lt}",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "bool_parsing": "应为是或否（true / false）",
    "bool_type": "应为是或否（true / false）",
    "string_type": "应为文本",
    "string_unicode": "含有无法识别的字符，请删除后重新输入",
    "list_type": "应为列表",
    "model_attributes_type": "应为对象",
    "too_long": "条目过多，最多 {max_length} 条",
    "too_short": "条目过少，至少 {min_length} 条",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "json_invalid": "不是有效的 JSON，请检查格式",
}


def problem(
    status: int,
    *,
    title: str,
    detail: str,
    code: str,
    more: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """A problem+json answer; `more` are its extension members (`field`, `errors`)."""
    body: dict[str, Any] = {
        "type": f"urn:xianfeng:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        **(more or {}),
    }
    traceparent = current_traceparent()
    if traceparent is not None:
        body["request_id"] = request_id(traceparent)
    return JSONResponse(body, status_code=status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


async def domain_problem(_request: Request, error: Exception) -> JSONResponse:
    """A DomainError as the status its place in the tree gives it."""
    assert isinstance(error, DomainError)  # noqa: S101 - registered for nothing else
    status, title = next(
        ((status, title) for kind, status, title in _STATUS if isinstance(error, kind)), (_BAD_REQUEST, "未被接受")
    )
    headers = {"WWW-Authenticate": "Bearer"} if isinstance(error, Unauthenticated) else None
    more = {"field": error.field} if error.field is not None else None
    return problem(status, title=title, detail=str(error), code=error.code, more=more, headers=headers)


async def unavailable_problem(_request: Request, error: Exception) -> JSONResponse:
    """503 with Retry-After: the request was right, a part of the platform is away."""
    log.warning("a part is unavailable", error=str(error))
    return problem(
        503,
        title="暂时不可用",
        detail="系统暂时无法处理，请稍后重试；如在提交内容，请用同一编号重新提交，不会重复登记",
        code="platform.unavailable",
        headers={"Retry-After": _RETRY_SECONDS},
    )


async def validation_problem(request: Request, error: Exception) -> JSONResponse:
    """A body, query or path that does not fit its form: every field named with what is wrong with it."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for nothing else
    if isinstance(error.body, bytes | str) and not _says_json(request):
        return problem(
            _UNSUPPORTED,
            title=_TITLES[_UNSUPPORTED],
            detail=_DETAILS[_UNSUPPORTED],
            code="request.not_json",
            more={"field": "Content-Type"},
        )
    errors = [{"field": _field(item["loc"]), "detail": _sentence(item)} for item in error.errors()]
    first = errors[0]
    if any(item["type"] == "json_invalid" for item in error.errors()):
        return problem(
            _BAD_REQUEST, title=_TITLES[_BAD_REQUEST], detail=_SENTENCES["json_invalid"], code="request.unreadable"
        )
    return problem(
        _UNPROCESSABLE,
        title="内容有误",
        detail=f"{first['field']}：{first['detail']}",
        code="request.invalid",
        more={"field": first["field"], "errors": errors},
    )


async def http_problem(_request: Request, error: Exception) -> JSONResponse:
    """What the framework refuses by itself (unknown address, wrong method)."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    status = error.status_code
    return problem(
        status,
        title=_TITLES.get(status, "未被接受"),
        detail=_DETAILS.get(status, "请求未被接受，请核对后重试"),
        code=f"http.{status}",
        headers=error.headers,
    )


async def unexpected_problem(_request: Request, error: Exception) -> JSONResponse:
    """A fault of ours: logged whole, told without insides."""
    log.error("a request failed unexpectedly", exc_info=error)
    return problem(
        _SERVER_ERROR,
        title="系统内部错误",
        detail="系统出现内部错误，已记录；请稍后重试，如仍不行请把请求编号告诉管理员",
        code="platform.fault",
    )


def _says_json(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


def _field(location: tuple[int | str, ...]) -> str:
    where, *parts = (str(part) for part in location)
    return ".".join(parts) or where


def _sentence(item: Mapping[str, Any]) -> str:
    template = _SENTENCES.get(item["type"], "内容不符合要求")
    try:
        return template.format(**item.get("ctx", {})).replace(" or ", "、")
    except (KeyError, IndexError):
        return template
