"""An api speaks TLS when it is given a certificate; who reads the signing keys trusts the authority it is told."""

import asyncio
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from deploy.containers import ready
from shared.telemetry.settings import PlatformSettings, UnusableSetting
from shared.web.access import JwtVerifier
from shared.web.jwks import fetch_from
from shared.web.running import _config
from tests.certificates import a_certificate
from tests.running import free_ports
from tests.unit.shared.web.signing import public


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    files = a_certificate(tmp_path, "identity-api")
    return {
        "XIANFENG_TLS_CERTIFICATE": str(files.certificate),
        "XIANFENG_TLS_KEY": str(files.key),
        "XIANFENG_TLS_CA": str(files.certificate),
        "XIANFENG_PORT": str(free_ports()),
    }


@contextmanager
def serving(settings: PlatformSettings) -> Iterator[str]:
    """Identity, as far as its keys and its readiness go, served as every api is."""
    app = FastAPI()
    app.add_api_route("/api/identity/jwks", lambda: public("first"))
    app.add_api_route("/readyz", lambda: {"ready": True})
    server = uvicorn.Server(_config(app, settings))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            sleep(0.01)
        yield f"https://127.0.0.1:{settings.port}"
    finally:
        server.should_exit = True
        thread.join()


def read(url: str, authority: Path | None = None) -> Mapping[str, Any]:
    async def fetched() -> Mapping[str, Any]:
        return await fetch_from(url, authority)()

    return asyncio.run(fetched())


def test_keys_are_read_by_tls_from_whom_the_authority_vouches_for(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = PlatformSettings.read(environment)
    with serving(settings) as address:
        url = f"{address}/api/identity/jwks"
        keys = read(url, settings.tls_ca)
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            read(url)
        with pytest.raises(httpx.HTTPError):
            httpx.get(url.replace("https", "http"), trust_env=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        healthy = ready.main()

    assert [key["kid"] for key in keys["keys"]] == ["first"]
    assert (healthy, capsys.readouterr().out) == (0, '{"ready":true}\n')


def test_an_old_version_of_the_protocol_is_not_spoken(environment: dict[str, str]) -> None:
    settings = PlatformSettings.read(environment)
    config = _config(FastAPI(), settings)
    config.load()

    assert config.ssl is not None
    assert config.ssl.minimum_version >= ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize("left_out", ["XIANFENG_TLS_CERTIFICATE", "XIANFENG_TLS_KEY"])
def test_a_certificate_and_its_key_go_together(environment: dict[str, str], left_out: str) -> None:
    del environment[left_out]

    with pytest.raises(UnusableSetting, match="go together"):
        PlatformSettings.read(environment)


def test_an_authority_that_cannot_be_read_is_refused_at_start(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("")
    for file in ("none.pem", "empty.pem"):
        with pytest.raises(UnusableSetting, match="XIANFENG_TLS_CA"):
            JwtVerifier.of_platform(PlatformSettings.read({"XIANFENG_TLS_CA": str(tmp_path / file)}))
