"""The refusals of identity whose status is not in the common tree: 401 for a sign-in, 429 for a pause."""

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from services.identity.domain.refusals import AccountDisabled, SessionEnded, SignInPaused, SignInRefused, TokenRefused
from shared.telemetry.metrics import TOKENS
from shared.web.problem import domain_problem, problem

_UNAUTHORISED = 401
_TOO_MANY = 429


def add(app: FastAPI) -> None:
    """Answer them; every one is counted by its outcome."""
    app.add_exception_handler(SignInRefused, _refused)
    app.add_exception_handler(SessionEnded, _refused)
    app.add_exception_handler(SignInPaused, _paused)
    app.add_exception_handler(AccountDisabled, _disabled)


async def _refused(_request: Request, error: Exception) -> Response:
    """`error` is the word of RFC 6749, section 5.2, for clients that know it."""
    assert isinstance(error, TokenRefused)  # noqa: S101 - registered for nothing else
    TOKENS.labels(error.outcome).inc()
    return problem(
        _UNAUTHORISED,
        title="登录未成功",
        detail=str(error),
        code=error.code,
        more={"error": "invalid_grant"},
        headers={"WWW-Authenticate": "Bearer"},
    )


async def _paused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, SignInPaused)  # noqa: S101 - registered for nothing else
    TOKENS.labels(error.outcome).inc()
    return problem(
        _TOO_MANY,
        title="暂停登录",
        detail=str(error),
        code=error.code,
        more={"error": "invalid_grant"},
        headers={"Retry-After": str(error.seconds)},
    )


async def _disabled(request: Request, error: Exception) -> Response:
    assert isinstance(error, AccountDisabled)  # noqa: S101 - registered for nothing else
    TOKENS.labels(error.outcome).inc()
    return await domain_problem(request, error)
