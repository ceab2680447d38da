"""What settings turn on at the gateway: TLS towards people, TLS towards the services, another issuer's keys."""

import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.containers import gateway_files
from deploy.local import envoy, envoy_tls
from deploy.local.layout import Ports
from deploy.local.settings import SettingRefused, Settings
from deploy.local.topology import SERVICES
from tests.certificates import a_certificate

PORTS = Ports(21000)
KEYCLOAK = "https://sign-on.county.example/realms/county/protocol/openid-connect/certs"


def loaded(folder: Path, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((folder / name).read_text("utf-8"))["resources"]
    return found


def validated(folder: Path) -> tuple[int, list[str]]:
    """What the real Envoy says of the listeners and clusters."""
    static = {
        kind: [{name: value for name, value in each.items() if name != "@type"} for each in loaded(folder, file)]
        for kind, file in (("listeners", "lds.yaml"), ("clusters", "cds.yaml"))
    }
    whole = folder / "whole.yaml"
    whole.write_text(yaml.safe_dump({"static_resources": static}, allow_unicode=True), encoding="utf-8")
    command = [str(envoy.binary()), "--mode", "validate", "--config-path", str(whole), "--log-level", "warning"]
    tried = subprocess.run(command, check=False, capture_output=True, text=True)
    return tried.returncode, re.findall(r".*(?:deprecat|unknown field).*", tried.stderr)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    files = a_certificate(tmp_path, "sign-on.county.example")
    given = {"GATEWAY_CERTIFICATE": files.certificate, "GATEWAY_KEY": files.key, "TLS_CA": files.certificate}
    return Settings.from_environment({f"XIANFENG_{name}": str(file) for name, file in given.items()})


def test_envoy_accepts_a_certificate_for_people(settings: Settings, tmp_path: Path) -> None:
    envoy.render(settings, PORTS, tmp_path)
    (listener,) = loaded(tmp_path, "lds.yaml")
    context = listener["filter_chains"][0]["transport_socket"]["typed_config"]["common_tls_context"]

    assert context["tls_params"] == {"tls_minimum_protocol_version": "TLSv1_2"}
    assert (envoy.address(settings), envoy.issuer(settings)) == (
        "https://127.0.0.1:8080",
        "https://127.0.0.1:8080/api/identity",
    )
    assert validated(tmp_path) == (0, [])


def test_without_settings_everything_is_plain(tmp_path: Path) -> None:
    envoy.render(Settings(), PORTS, tmp_path)
    (listener,) = loaded(tmp_path, "lds.yaml")

    assert listener["filter_chains"][0]["transport_socket"] is None
    assert {cluster["transport_socket"] for cluster in loaded(tmp_path, "cds.yaml")} == {None}


def test_in_containers_each_service_must_show_its_own_name(settings: Settings, tmp_path: Path) -> None:
    gateway_files.write(settings, tmp_path)
    asked = {}
    for cluster in loaded(tmp_path, "cds.yaml"):
        context = cluster["transport_socket"]["typed_config"]
        (name,) = context["common_tls_context"]["validation_context"]["match_typed_subject_alt_names"]
        asked[cluster["name"]] = (context["sni"], name["san_type"], name["matcher"]["exact"])

    hosts = {service.name: f"{service.name}-api" for service in SERVICES}
    assert asked == {name: (host, "DNS", host) for name, host in hosts.items()}
    assert validated(tmp_path) == (0, [])


@pytest.mark.parametrize("authority", [None, "named"])
def test_another_issuers_keys_are_read_from_where_it_publishes_them(
    settings: Settings, tmp_path: Path, authority: str | None
) -> None:
    given = {"XIANFENG_ISSUER": KEYCLOAK.partition("/protocol")[0], "XIANFENG_JWKS_URL": KEYCLOAK}
    if authority:
        given["XIANFENG_TLS_CA"] = str(settings.tls_ca)
    envoy.render(Settings.from_environment(given), PORTS, tmp_path)
    text = (tmp_path / "lds.yaml").read_text("utf-8")
    issuer = loaded(tmp_path, "cds.yaml")[-1]
    (endpoint,) = issuer["load_assignment"]["endpoints"][0]["lb_endpoints"]
    context = issuer["transport_socket"]["typed_config"]
    trusted = context["common_tls_context"]["validation_context"]["trusted_ca"]["filename"]

    assert f'uri: "{KEYCLOAK}", cluster: "issuer"' in text
    assert 'issuer: "https://sign-on.county.example/realms/county"' in text
    assert endpoint["endpoint"]["address"]["socket_address"] == {
        "address": "sign-on.county.example",
        "port_value": 443,
    }
    assert (context["sni"], trusted == str(settings.tls_ca)) == ("sign-on.county.example", bool(authority))
    if Path(trusted).is_file():
        assert validated(tmp_path) == (0, [])


def test_in_containers_an_issuers_certificate_may_be_of_the_named_authority_or_of_one_the_system_knows(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "system.pem").write_text("of the system")
    monkeypatch.setattr(envoy_tls, "SYSTEM_CA", tmp_path / "system.pem")
    gateway_files.write(replace(settings, jwks_url=KEYCLOAK), tmp_path)
    context = loaded(tmp_path, "cds.yaml")[-1]["transport_socket"]["typed_config"]["common_tls_context"]
    trusted = Path(context["validation_context"]["trusted_ca"]["filename"])

    assert settings.tls_ca is not None
    assert trusted.read_text("utf-8") == settings.tls_ca.read_text("utf-8") + "\nof the system"


def test_in_containers_an_authority_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingRefused, match="XIANFENG_TLS_CA"):
        gateway_files.write(Settings(tls_ca=tmp_path / "none.pem"), tmp_path)


def test_an_issuer_without_tls_on_a_port_of_its_own(tmp_path: Path) -> None:
    envoy.render(Settings(jwks_url="http://127.0.0.1:9000/keys"), PORTS, tmp_path)
    issuer = loaded(tmp_path, "cds.yaml")[-1]

    assert "transport_socket" not in issuer
    assert validated(tmp_path) == (0, [])


def test_identitys_own_keys_are_read_from_its_cluster_wherever_the_services_find_them(tmp_path: Path) -> None:
    envoy.render(Settings(jwks_url="http://identity-api:8000/api/identity/jwks"), PORTS, tmp_path)

    assert 'uri: "http://identity/api/identity/jwks", cluster: "identity"' in (tmp_path / "lds.yaml").read_text("utf-8")
    assert [each["name"] for each in loaded(tmp_path, "cds.yaml")] == [service.name for service in SERVICES]


@pytest.mark.parametrize("address", ["sign-on.county.example", "file:///etc/passwd", "https://", 'https://a/"x'])
def test_an_address_that_is_none_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(SettingRefused, match="XIANFENG_JWKS_URL"):
        envoy.render(Settings(jwks_url=address), PORTS, tmp_path)


@pytest.mark.parametrize("left_out", ["XIANFENG_GATEWAY_CERTIFICATE", "XIANFENG_GATEWAY_KEY"])
def test_the_gateways_certificate_and_its_key_go_together(left_out: str) -> None:
    given = {"XIANFENG_GATEWAY_CERTIFICATE": "/c.pem", "XIANFENG_GATEWAY_KEY": "/k.pem"}
    del given[left_out]

    with pytest.raises(SettingRefused, match="XIANFENG_GATEWAY_KEY"):
        Settings.from_environment(given)
