"""Deny by default; readiness, metrics and documentation of every app."""

from typing import Annotated
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter, FastAPI, WebSocket

from shared.kernel.access import Caller, Role
from shared.web.access import UnguardedRoute, allow
from shared.web.preconditions import SeenRevision
from tests.unit.shared.web.conftest import an_app, router


def test_an_unguarded_route_keeps_the_app_from_starting() -> None:
    bare = APIRouter(prefix="/api/things")
    bare.add_api_route("/open", lambda: None)

    with pytest.raises(UnguardedRoute, match="/api/things/open"):
        an_app(router, bare)
    assert an_app(router, bare, open_paths=("/api/things/open",))


def test_what_could_hide_a_route_keeps_the_app_from_starting() -> None:
    async def talk(_socket: WebSocket) -> None:
        """Say nothing."""

    nested, sockets = APIRouter(), APIRouter()
    nested.mount("/api/things/more", FastAPI())
    sockets.add_api_websocket_route("/api/things/talk", talk)

    for hiding in (nested, sockets):
        with pytest.raises(UnguardedRoute):
            an_app(hiding)


def test_a_route_that_does_not_ask_first_who_calls_keeps_the_app_from_starting() -> None:
    async def put_thing(_seen: SeenRevision, _caller: Annotated[Caller, allow(Role.CADRE)]) -> None:
        """Change nothing."""

    curious = APIRouter()
    curious.add_api_route("/api/things/thing", put_thing, methods=["PUT"])

    with pytest.raises(UnguardedRoute, match="before the caller"):
        an_app(curious)


def test_the_app_knows_what_each_route_asks_for() -> None:
    access = {(route.method, route.path): route.roles for route in an_app(router).state.access}

    assert access["PUT", "/api/things/revision"] == {Role.CADRE}
    assert access["GET", "/api/things/me"] == set(Role)


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", "Basic cadre", "cadre", "Bearer stranger"])
async def test_without_a_good_token_nothing_is_answered(client: httpx.AsyncClient, authorization: str) -> None:
    answer = await client.get("/me", headers={"Authorization": authorization})

    assert (answer.status_code, answer.json()["code"]) == (401, "access.unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_headers_that_claim_an_identity_are_not_believed(client: httpx.AsyncClient) -> None:
    told = {"Authorization": "", "X-Person-Id": "secretary", "X-Roles": "administrator"}

    assert (await client.get("/me", headers=told)).status_code == 401


async def test_another_role_may_not(client: httpx.AsyncClient) -> None:
    answer = await client.get("/pages", headers={"Authorization": "Bearer administrator"})

    assert (answer.status_code, answer.json()["code"]) == (403, "access.forbidden")


async def test_readiness_names_what_is_missing_inside_and_only_yes_or_no_outside() -> None:
    class Broken:
        name = "mongodb"

        async def missing(self) -> str | None:
            return "does not answer"

    transport = httpx.ASGITransport(app=an_app(router, checks=(Broken(),)))
    async with httpx.AsyncClient(transport=transport, base_url="http://things") as client:
        inside, outside = await client.get("/readyz"), await client.get("/api/things/readyz")

    assert (inside.status_code, inside.json()["missing"]) == (503, {"mongodb": "does not answer"})
    assert (outside.status_code, outside.json()) == (503, {"ready": False})


async def test_a_request_is_counted_by_its_route_and_never_by_its_path(client: httpx.AsyncClient) -> None:
    await client.get("/errors/not_found")
    await client.get("/nobody-asked-for-this")
    metrics = (await client.get("http://things/metrics")).text

    assert 'http_route="/api/things/errors/{name}"' in metrics
    assert "nobody-asked-for-this" not in metrics


async def test_a_trace_goes_on_through_the_request_id(client: httpx.AsyncClient) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    answer = await client.get("/me", headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})

    assert answer.headers["x-request-id"] == str(UUID(trace))


async def test_the_gateways_request_id_is_quoted_and_goes_into_the_facts(client: httpx.AsyncClient) -> None:
    gateways = "0e8400e2-9b1d-4c1f-8a55-446655440000"
    answer = await client.get("/errors/not_found", headers={"x-request-id": gateways})

    assert answer.json()["request_id"] == answer.headers["x-request-id"] == gateways


async def test_a_request_id_that_is_none_begins_a_trace_of_our_own(client: httpx.AsyncClient) -> None:
    answer = await client.get("/me", headers={"x-request-id": "<script>"})

    assert UUID(answer.headers["x-request-id"])


async def test_the_document_says_who_may_call_and_what_a_refusal_is(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    operation = document["paths"]["/api/things/revision"]["put"]

    assert (operation["x-roles"], operation["security"]) == (["cadre"], [{"signIn": []}])
    assert set(operation["responses"]) == {"200", "default"}
    assert document["components"]["schemas"]["Problem"]["required"] == ["type", "title", "status", "detail", "code"]
    assert "HTTPValidationError" not in document["components"]["schemas"]


async def test_the_documentation_page_asks_no_foreign_host(client: httpx.AsyncClient) -> None:
    page = (await client.get("/docs", headers={"Authorization": ""})).text

    assert "http://" not in page
    assert "https://" not in page


async def test_what_readiness_misses_stands_in_the_metrics_until_it_is_back() -> None:
    class Broker:
        name = "broker-of-this-test"
        answers = False

        async def missing(self) -> str | None:
            return None if self.answers else "does not answer"

    broker = Broker()
    transport = httpx.ASGITransport(app=an_app(router, checks=(broker,)))
    async with httpx.AsyncClient(transport=transport, base_url="http://things") as client:
        away = (await client.get("/metrics")).text
        broker.answers = True
        back = (await client.get("/metrics")).text

    assert 'xianfeng_part_missing_info{part="broker-of-this-test"} 1.0' in away
    assert 'xianfeng_part_missing_info{part="broker-of-this-test"} 0.0' in back
