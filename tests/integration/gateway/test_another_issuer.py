"""The real Envoy told of another issuer: its tokens pass, whatever it signs them with, and nobody else's do."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from deploy.local.stack import Stack
from shared.kernel.clock import wall_now
from tests.running import running_stack

ISSUER = "https://sign-on.county.example/realms/county"
RSA = RSAKey.generate_key(2048, parameters={"kid": "rsa"}, auto_kid=False)
CURVE = ECKey.generate_key("P-256", parameters={"kid": "curve"}, auto_kid=False)
STRANGER = RSAKey.generate_key(2048, parameters={"kid": "rsa"}, auto_kid=False)
PUBLISHED = {"keys": [{**key.as_dict(private=False), "kid": key.kid, "use": "sig"} for key in (RSA, CURVE)]}


class Keys(BaseHTTPRequestHandler):
    """What the issuer publishes."""

    def do_GET(self) -> None:
        body = json.dumps(PUBLISHED).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@contextmanager
def publishing() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Keys)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/realms/county/certs"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with publishing() as keys:
        settings = {"XIANFENG_ISSUER": ISSUER, "XIANFENG_JWKS_URL": keys, "XIANFENG_AUDIENCE": "xianfeng"}
        with running_stack(("mongod", "identity-api", "envoy"), settings) as running:
            yield running


def signed(alg: str = "RS256", key: Any = RSA, **changed: Any) -> str:
    claims = {
        "iss": ISSUER,
        "aud": ["account", "xianfeng"],
        "sub": "somebody",
        "exp": int(wall_now().timestamp()) + 300,
    }
    return jwt.encode({"alg": alg, "kid": key.kid}, {**claims, **changed}, key, algorithms=[alg])


def unsigned(alg: str) -> str:
    head = base64.urlsafe_b64encode(json.dumps({"alg": alg, "kid": "rsa"}).encode()).decode().rstrip("=")
    return ".".join([head, *signed().split(".")[1:2], ""])


def asked(stack: Stack, token: str) -> str:
    """What the gateway says; with `gateway.unavailable` it let the token through to visits, which does not run."""
    with httpx.Client(base_url=stack.urls["gateway"], trust_env=False) as client:
        answer = client.get("/api/visits/visits", headers={"authorization": f"Bearer {token}"})
    return str(answer.json()["code"])


@pytest.mark.parametrize(("alg", "key"), [("RS256", RSA), ("PS256", RSA), ("ES256", CURVE)])
def test_its_tokens_pass(stack: Stack, alg: str, key: Any) -> None:
    assert asked(stack, signed(alg, key)) == "gateway.unavailable"


def test_nobody_elses_do(stack: Stack) -> None:
    tokens = [
        signed(key=STRANGER),
        signed(iss=stack.urls["gateway"]),
        signed(exp=1),
        unsigned("none"),
        unsigned("HS256"),
    ]

    assert {asked(stack, token) for token in tokens} == {"gateway.unauthenticated"}
    assert asked(stack, signed(aud="elsewhere")) == "gateway.token_not_for_us"


def test_identity_signs_nobody_in_and_says_where(stack: Stack) -> None:
    form = {"grant_type": "password", "username": "admin", "password": stack.passwords.of("admin")}
    with httpx.Client(base_url=stack.urls["gateway"], trust_env=False) as client:
        answer = client.post("/api/identity/token", data=form)

    assert (answer.status_code, answer.json()["code"]) == (409, "sign_in.elsewhere")
    assert ISSUER in answer.json()["detail"]
