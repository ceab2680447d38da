"""A small app about things, made as every service makes its own."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Any, Literal

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.responses import Response

from shared.kernel.access import Caller, Role
from shared.kernel.errors import AlreadyThere, Conflict, DomainError, Forbidden, Invalid, NotFound, Stale, Unavailable
from shared.testing.access import KnownCallers, a_caller
from shared.web.access import EVERYONE, allow
from shared.web.app import create_app
from shared.web.pages import Page, Wanted, cursor_of
from shared.web.preconditions import SeenRevision, SeenRevisionIfAny, tag

router = APIRouter(prefix="/api/things")
Cadre = Annotated[Caller, allow(Role.CADRE)]
ERRORS: dict[str, Exception] = {
    "not_found": NotFound(),
    "conflict": Conflict(),
    "there": AlreadyThere(field="id"),
    "stale": Stale(),
    "forbidden": Forbidden(),
    "invalid": Invalid(field="note"),
    "other": DomainError(),
    "away": Unavailable("mongodb"),
    "fault": RuntimeError("secret"),
}


class Thing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Literal["one", "two"]
    name: Annotated[str, Field(min_length=1, max_length=3)]
    at: AwareDatetime
    on: date | None = None
    path: Annotated[int, Field(ge=1, le=9)] = 1
    parts: Annotated[list[str], Field(min_length=1, max_length=2)] = ["part"]


@router.get("/errors/{name}")
async def get_error(name: str, _caller: Cadre) -> None:
    raise ERRORS[name]


@router.post("/things")
async def post_thing(thing: Thing, _caller: Cadre) -> Thing:
    return thing


@router.put("/revision")
async def put_revision(_caller: Cadre, seen: SeenRevision, response: Response) -> int:
    tag(response, seen + 1)
    return seen


@router.put("/first")
async def put_first(_caller: Cadre, seen: SeenRevisionIfAny) -> int | None:
    return seen


@router.get("/pages")
async def get_pages(_caller: Cadre, wanted: Wanted) -> Page[str]:
    return Page(items=list(wanted.after_key(str, int) or ()), next=cursor_of(("b", str(wanted.limit))))


@router.get("/me")
async def get_me(caller: Annotated[Caller, allow(*EVERYONE)]) -> str | None:
    return caller.person_id


def an_app(*routers: APIRouter, **given: Any) -> FastAPI:
    callers = KnownCallers(
        {"cadre": a_caller(Role.CADRE, "township"), "administrator": a_caller(Role.ADMINISTRATOR, "*")}
    )
    return create_app("things", "先锋 · 事项", verifier=callers, routers=routers, **given)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=an_app(router), raise_app_exceptions=False)
    headers = {"Authorization": "Bearer cadre"}
    async with httpx.AsyncClient(transport=transport, base_url="http://things/api/things", headers=headers) as client:
        yield client
