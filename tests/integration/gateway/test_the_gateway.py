"""The real Envoy before the real identity: who gets in, how often, and how it refuses."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator

import httpx
import pytest

from deploy.local.stack import Stack
from shared.kernel.access import Caller, Grant, Role
from shared.kernel.ids import AccountId
from tests.people import token
from tests.running import running_stack

PARTS = ("mongod", "identity-api", "envoy")
# Bursts are a quarter of a minute's allowance: 15 requests for a person, 10 log-ins for an address.
SETTINGS = {"XIANFENG_RATE_PER_MINUTE": "60", "XIANFENG_TOKEN_RATE_PER_MINUTE": "40"}


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running_stack(PARTS, SETTINGS) as running:
        yield running


@pytest.fixture
def anybody(stack: Stack) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stack.urls["gateway"], timeout=20, trust_env=False) as client:
        yield client


def bearer(stack: Stack, account: str) -> dict[str, str]:
    caller = Caller(AccountId(account), None, (Grant(Role.ADMINISTRATOR, "*"),))
    return {"authorization": f"Bearer {token(stack, caller)}"}


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["detail"]
    return answer.status_code, body["code"]


def test_without_a_token_nobody_gets_in(anybody: httpx.Client) -> None:
    assert problem(anybody.get("/api/identity/accounts")) == (401, "gateway.unauthenticated")


def test_a_token_somebody_else_signed_is_refused(anybody: httpx.Client) -> None:
    forged = {"authorization": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9."}

    assert problem(anybody.get("/api/identity/accounts", headers=forged)) == (401, "gateway.unauthenticated")


def test_a_token_signed_with_a_key_that_is_gone_asks_for_a_new_one(stack: Stack, anybody: httpx.Client) -> None:
    # As after `make reset`, in a browser that was left open.
    _, content, signature = bearer(stack, "left-over")["authorization"].split(".")
    header = urlsafe_b64encode(b'{"alg":"RS256","typ":"JWT","kid":"gone"}').decode().rstrip("=")
    left_over = {"authorization": f"Bearer {header}.{content}.{signature}"}

    assert problem(anybody.get("/api/identity/accounts", headers=left_over)) == (401, "gateway.unauthenticated")


def test_a_good_token_passes_and_the_service_looks_again(stack: Stack, anybody: httpx.Client) -> None:
    # Rightly signed, but identity knows no such account.
    answer = anybody.get("/api/identity/accounts", headers=bearer(stack, "unheard-of"))

    assert problem(answer) == (401, "access.unauthenticated")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/api/identity/jwks",
        "/api/identity/openapi.json",
        "/api/identity/docs",
        "/api/identity/docs/assets/swagger-ui.css",
        "/api/identity/readyz",
        "/.well-known/oauth-authorization-server",
        "/.well-known/oauth-authorization-server/api/identity",
    ],
)
def test_what_is_open_answers_without_a_token(path: str, anybody: httpx.Client) -> None:
    assert anybody.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics", "/nothing"])
def test_what_is_for_operators_does_not_pass_the_gateway(path: str, anybody: httpx.Client) -> None:
    assert problem(anybody.get(path)) == (404, "gateway.not_found")


@pytest.mark.parametrize("path", ["/api/identity/docs/../accounts", "/api/identity//accounts"])
def test_an_odd_path_is_no_way_round(path: str, stack: Stack) -> None:
    # Sent as it is: a client library would tidy the path up.
    with httpx.Client(trust_env=False) as client:
        request = client.build_request("GET", stack.urls["gateway"])
        request.url = request.url.copy_with(raw_path=path.encode())

        assert client.send(request).status_code == 401


def test_a_service_that_is_away_is_a_problem_with_a_time_to_retry(stack: Stack, anybody: httpx.Client) -> None:
    answer = anybody.get("/api/visits/visits", headers=bearer(stack, "early"))

    assert problem(answer) == (503, "gateway.unavailable")
    assert answer.headers["retry-after"] == "2"


def test_one_who_asks_too_often_is_told_when_to_come_back_and_others_are_not_held_up(
    stack: Stack, anybody: httpx.Client
) -> None:
    hurried, calm = bearer(stack, "hurried"), bearer(stack, "calm")
    answers = [anybody.get("/api/identity/accounts", headers=hurried) for _ in range(40)]
    refused = [answer for answer in answers if answer.status_code == 429]

    assert refused
    assert problem(refused[0]) == (429, "gateway.too_many_requests")
    assert refused[0].headers["retry-after"] == "1"
    assert anybody.get("/api/identity/accounts", headers=calm).status_code != 429


def test_log_ins_are_counted_by_address(anybody: httpx.Client) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": "none"}
    answers = [anybody.post("/api/identity/token", data=form) for _ in range(20)]

    assert 429 in {answer.status_code for answer in answers}


def test_a_body_beyond_the_limit_is_refused(stack: Stack, anybody: httpx.Client) -> None:
    headers = bearer(stack, "verbose")

    assert problem(anybody.post("/api/identity/accounts", headers=headers, content=b" " * 8_400_000)) == (
        413,
        "gateway.too_large",
    )


def test_no_foreign_page_may_call_it(anybody: httpx.Client) -> None:
    answer = anybody.get("/api/identity/readyz", headers={"origin": "https://elsewhere.example"})

    assert "access-control-allow-origin" not in answer.headers


def test_the_start_page_may_load_only_what_we_serve(anybody: httpx.Client) -> None:
    answer = anybody.get("/")

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'; script-src 'self'" in answer.headers["content-security-policy"]


def test_the_keys_are_kept_while_identity_is_away(stack: Stack, anybody: httpx.Client) -> None:
    headers = bearer(stack, "patient")
    stack.stop("identity-api")
    try:
        assert problem(anybody.get("/api/visits/visits", headers=headers)) == (503, "gateway.unavailable")
    finally:
        stack.start("identity-api")
