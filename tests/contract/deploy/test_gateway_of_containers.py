"""The gateway's files for containers come from the templates of the local stack and lead to containers that exist."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.containers import gateway_files
from deploy.local import envoy
from deploy.local.settings import Settings
from deploy.local.topology import SERVICES
from tests.contract.deploy.compose_laws import PORT, Written


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    gateway_files.write(Settings(), tmp_path)
    return tmp_path


def resources(folder: Path, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((folder / name).read_text("utf-8"))["resources"]
    return found


def test_envoy_accepts_the_files(folder: Path) -> None:
    static = {
        kind: [{name: value for name, value in each.items() if name != "@type"} for each in resources(folder, file)]
        for kind, file in (("listeners", "lds.yaml"), ("clusters", "cds.yaml"))
    }
    whole = folder / "whole.yaml"
    whole.write_text(yaml.safe_dump({"static_resources": static}, allow_unicode=True), encoding="utf-8")

    for config in (whole, folder / "bootstrap.yaml"):
        command = [str(envoy.binary()), "--mode", "validate", "--config-path", str(config), "--log-level", "warning"]
        tried = subprocess.run(command, check=False, capture_output=True, text=True)
        assert (tried.returncode, re.findall(r".*(?:deprecat|unknown field).*", tried.stderr)) == (0, [])


def test_every_cluster_is_a_container_of_the_compose_file_on_the_port_it_serves(folder: Path) -> None:
    found = {}
    for cluster in resources(folder, "cds.yaml"):
        (endpoint,) = cluster["load_assignment"]["endpoints"][0]["lb_endpoints"]
        address = endpoint["endpoint"]["address"]["socket_address"]
        found[cluster["name"]] = (address["address"], address["port_value"], cluster["type"])

    assert found == {service.name: (f"{service.name}-api", PORT, "STRICT_DNS") for service in SERVICES}
    assert {host for host, *_ in found.values()} <= set(Written.here().services)


def test_the_gateway_is_reached_from_outside_its_container_and_its_admin_page_is_not(folder: Path) -> None:
    (listener,) = resources(folder, "lds.yaml")
    admin = yaml.safe_load((folder / "bootstrap.yaml").read_text("utf-8"))["admin"]

    address = listener["address"]["socket_address"]
    assert (address["address"], address["port_value"]) == (gateway_files.EVERYWHERE, gateway_files.GATEWAY_PORT)
    assert admin["address"]["socket_address"]["address"] == "127.0.0.1"


def test_envoy_needs_nothing_but_the_folder(folder: Path) -> None:
    named = re.findall(
        r"(?:filename|path): \"(/[^\"]+)\"", "".join(f.read_text("utf-8") for f in folder.glob("*.yaml"))
    )
    files = [Path(name) for name in named if name.startswith(str(folder))]

    assert len(files) == len(list((envoy.TEMPLATES / "start_page").iterdir())) + 2
    assert [file for file in files if not file.is_file()] == []


def test_the_issuer_is_the_one_the_services_are_told(folder: Path) -> None:
    gateway_files.write(Settings(issuer="https://xianfeng.example/api/identity"), folder)

    assert 'issuer: "https://xianfeng.example/api/identity"' in (folder / "lds.yaml").read_text("utf-8")


def test_without_a_folder_it_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert gateway_files.main([]) == 64
    assert "gateway_files <folder>" in capsys.readouterr().err
