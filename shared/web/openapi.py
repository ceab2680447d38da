"""The OpenAPI document says what the code does: who may call a route, and what a refusal looks like."""

from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI

from shared.web.access import RouteAccess
from shared.web.problem import MEDIA_TYPE

_TEXT = {"type": "string"}
_PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457：为什么没有被接受，哪一项有误，下一步怎么办",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {**_TEXT, "description": "urn:xianfeng:problem:<code>"},
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": {**_TEXT, "description": "给使用者看的说明"},
        "code": {**_TEXT, "description": "稳定的代码：subject.reason"},
        "field": {**_TEXT, "description": "有误的一项"},
        "errors": {
            "type": "array",
            "items": {"type": "object", "properties": {"field": _TEXT, "detail": _TEXT}},
        },
        "request_id": {**_TEXT, "description": "反映问题时请提供"},
    },
}
_REFUSAL = {
    "description": "未被接受",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_LOCAL_TIME = {"type": "string", "pattern": r"^\d{2}:\d{2}(:\d{2})?$", "description": "当地时间（北京时间）"}
_SIGN_IN = {
    "type": "oauth2",
    "flows": {"password": {"tokenUrl": "/api/identity/token", "refreshUrl": "/api/identity/token", "scopes": {}}},
}


def describe(app: FastAPI, access: Iterable[RouteAccess]) -> None:
    """Add to the document: problem+json for every refusal, the sign-in, and `x-roles` for each guarded route."""
    plain = app.openapi
    roles = {(route.path, route.method.lower()): route.roles for route in access}

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(plain(), roles)
        return plain()

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(document: dict[str, Any], roles: dict[tuple[str, str], Any]) -> None:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = _PROBLEM
    for schema in schemas.values():
        _say_local_time(schema)
    components["responses"] = {"Refusal": _REFUSAL}
    components["securitySchemes"] = {"signIn": _SIGN_IN}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = {"$ref": "#/components/responses/Refusal"}
            allowed = roles.get((path, method))
            if allowed is not None:
                operation["security"] = [{"signIn": []}]
                operation["x-roles"] = sorted(allowed)


def _say_local_time(schema: dict[str, Any]) -> None:
    """Our times of day have no zone, which the format `time` of JSON Schema asks for."""
    for name, described in schema.get("properties", {}).items():
        if described.get("format") == "time":
            schema["properties"][name] = {**_LOCAL_TIME, "title": described.get("title", name)}
