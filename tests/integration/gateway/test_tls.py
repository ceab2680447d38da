"""The real Envoy with a certificate: people reach it by TLS alone."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deploy.local.stack import Stack
from tests.certificates import Certificate, a_certificate
from tests.running import running_stack


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return a_certificate(Path(tmp_path_factory.mktemp("tls")))


@pytest.fixture(scope="module")
def stack(shown: Certificate) -> Iterator[Stack]:
    settings = {
        "XIANFENG_GATEWAY_CERTIFICATE": str(shown.certificate),
        "XIANFENG_GATEWAY_KEY": str(shown.key),
    }
    with running_stack(("mongod", "identity-api", "envoy"), settings) as running:
        yield running


def test_people_who_trust_the_authority_are_answered(stack: Stack, shown: Certificate) -> None:
    trusted = ssl.create_default_context(cafile=shown.certificate)
    with httpx.Client(base_url=stack.urls["gateway"], verify=trusted, trust_env=False) as client:
        told = client.get("/.well-known/oauth-authorization-server/api/identity").json()
        answers = [client.get("/").status_code, client.get("/api/identity/accounts").status_code]

    assert stack.urls["gateway"].startswith("https://")
    assert told["token_endpoint"] == f"{stack.urls['gateway']}/api/identity/token"
    assert answers == [200, 401]


def test_nobody_is_answered_without_tls_or_who_trusts_somebody_else(stack: Stack) -> None:
    address = stack.urls["gateway"]
    with httpx.Client(trust_env=False) as client:
        for each in (address, address.replace("https", "http")):
            with pytest.raises(httpx.HTTPError):
                client.get(each)
