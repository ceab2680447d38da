"""What somebody made up is refused and never a fault: cursors, ids and bodies, at every route that takes one."""

import json
import re
from typing import Any, NamedTuple

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from deploy.openapi import FOLDER
from shared.web.pages import cursor_of
from tests.contract.apis import APIS
from tests.contract.things import BODIES, filled
from tests.contract.told import EVERYBODY

REFUSALS = {400, 403, 404, 405, 409, 412, 422}


class Walk(NamedTuple):
    """One guarded route of one service."""

    service: str
    method: str
    path: str

    @property
    def named(self) -> str:
        return f"{self.method} {self.path}"


def guarded_routes() -> list[Walk]:
    """As the committed documents say, which another test holds to the code."""
    found = []
    for service in APIS:
        document = json.loads((FOLDER / f"{service}.json").read_text("utf-8"))
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                if "x-roles" in operation:
                    found.append(Walk(service, method.upper(), path))
    return found


GUARDED = guarded_routes()
THINGS = [route for route in GUARDED if "{" in route.path]
LISTS = [route for route in GUARDED if route.method == "GET" and "{" not in route.path]


def each(routes: list[Walk]) -> list[Any]:
    return [pytest.param(route, id=route.named) for route in routes]


class Door:
    """The front doors of the services; an api is made when the first knocks there."""

    def __init__(self) -> None:
        self._apps: dict[str, FastAPI] = {}

    async def knock(self, route: Walk, **given: Any) -> httpx.Response:
        with capture_logs():
            if route.service not in self._apps:
                self._apps[route.service] = await APIS[route.service]()
            transport = httpx.ASGITransport(app=self._apps[route.service], raise_app_exceptions=False)
            headers = {"If-Match": '"1"', "Authorization": f"Bearer {EVERYBODY}"}
            wanted = {"path": filled(route.path), "json": BODIES.get(route.named), **given}
            client = httpx.AsyncClient(transport=transport, base_url="http://service", headers=headers)
            async with client:
                return await client.request(route.method, wanted.pop("path"), **wanted)


@pytest.fixture(scope="session")
def door() -> Door:
    """One for all: what is refused changes nothing."""
    return Door()


def test_every_request_with_a_body_has_one_here() -> None:
    writing = {route.named for route in GUARDED if route.method in {"POST", "PUT", "PATCH"}}
    bare = {
        named
        for named in writing
        if named.endswith(("/cancellation", "/closure", "/notice", "/read", "/sealing", "/withdrawal"))
    }
    bare.add("PUT /api/scoring/deeds/{deed_id}/confirmation")

    assert writing - bare == set(BODIES)


@pytest.mark.parametrize("route", each(LISTS))
async def test_a_cursor_somebody_made_up_is_never_a_fault(route: Walk, door: Door) -> None:
    keys = [
        [],
        [""],
        ["a"],
        ["a", "b"],
        ["a", "b", "c", "d"],
        ["\0", ""],
        ["2023-11-20", "x"],
        ["0001-01-01T00:00+14:00", ""],
    ]
    made_up = [cursor_of(key) for key in keys]
    answers = {cursor: await door.knock(route, params={"cursor": cursor}) for cursor in made_up}

    assert {cursor: answer.text for cursor, answer in answers.items() if answer.status_code not in {200, 422}} == {}


@pytest.mark.parametrize("route", each(THINGS))
async def test_an_id_somebody_made_up_is_never_a_fault(route: Walk, door: Door) -> None:
    made_up = ("%00", "%F0%9F%92%A5", "..%2F..%2Fetc", "a" * 3000, "%FF%FE", "$where", "2023-Q5", "-1")
    paths = [re.sub(r"\{\w+\}", id_, route.path) for id_ in made_up]
    answers = {path: await door.knock(route, path=path) for path in paths}

    assert {path: answer.text for path, answer in answers.items() if answer.status_code not in REFUSALS} == {}


@pytest.mark.parametrize("route", each([route for route in GUARDED if route.named in BODIES]))
async def test_a_body_that_does_not_fit_names_what_is_wrong(route: Walk, door: Door) -> None:
    bodies: tuple[Any, ...] = (None, [], {}, "text", 7, {"extra": 1})
    answers = [await door.knock(route, json=body) for body in bodies]

    assert [(answer.status_code, "field" in answer.json()) for answer in answers] == [(422, True)] * len(bodies)
