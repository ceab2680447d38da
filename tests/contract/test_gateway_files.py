"""The gateway's files are accepted by the real Envoy, and say what architecture section 7 says."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.local import envoy
from deploy.local.layout import Ports
from deploy.local.settings import Settings
from deploy.local.topology import SERVICES

PORTS = Ports(21000)
OPEN = [
    ("POST", "/api/identity/token"),
    ("POST", "/api/identity/sign-out"),
    ("GET", "/api/identity/jwks"),
    ("GET", "/api/visits/openapi.json"),
    ("GET", "/api/visits/readyz"),
    ("GET", "/api/visits/docs"),
    ("GET", "/api/visits/docs/assets/swagger-ui.css"),
]
CLOSED = [
    ("GET", "/api/identity/token"),
    ("GET", "/api/identity/sign-out"),
    ("POST", "/api/visits/docs"),
    ("GET", "/api/visits/docsx"),
    ("GET", "/api/visits/visits"),
    ("GET", "/api/visits/visits/readyz"),
    ("GET", "/api/identity/accounts"),
]


def rendered(folder: Path, settings: Settings) -> dict[str, Any]:
    envoy.render(settings, PORTS, folder)
    return {name: yaml.safe_load((folder / name).read_text(encoding="utf-8")) for name in envoy.FILES}


def filter_config(files: dict[str, Any], name: str) -> dict[str, Any]:
    (listener,) = files["lds.yaml"]["resources"]
    manager = listener["filter_chains"][0]["filters"][0]["typed_config"]
    found: dict[str, Any] = next(each["typed_config"] for each in manager["http_filters"] if each["name"] == name)
    return found


@pytest.mark.parametrize("origins", [(), ("https://console.example",)])
def test_envoy_accepts_the_files(tmp_path: Path, origins: tuple[str, ...]) -> None:
    files = rendered(tmp_path, Settings(cors_origins=origins))
    resources = {
        kind: [{k: v for k, v in each.items() if k != "@type"} for each in files[name]["resources"]]
        for kind, name in (("listeners", "lds.yaml"), ("clusters", "cds.yaml"))
    }
    whole = tmp_path / "whole.yaml"
    whole.write_text(yaml.safe_dump({"static_resources": resources}, allow_unicode=True), encoding="utf-8")

    for config in (whole, tmp_path / "bootstrap.yaml"):
        command = [str(envoy.binary()), "--mode", "validate", "--config-path", str(config), "--log-level", "warning"]
        tried = subprocess.run(command, check=False, capture_output=True, text=True)
        assert (tried.returncode, re.findall(r".*(?:deprecat|unknown field).*", tried.stderr)) == (0, [])


def test_each_service_has_its_cluster_and_its_routes(tmp_path: Path) -> None:
    files = rendered(tmp_path, Settings())
    clusters = [cluster["name"] for cluster in files["cds.yaml"]["resources"]]
    text = (tmp_path / "lds.yaml").read_text(encoding="utf-8")
    routed = set(re.findall(r"prefix: /api/(\w+)/\}", text))

    assert clusters == [service.name for service in SERVICES]
    assert routed == set(clusters)


def first_rule(files: dict[str, Any], method: str, path: str) -> dict[str, Any]:
    for rule in filter_config(files, "envoy.filters.http.jwt_authn")["rules"]:
        match = rule["match"]
        methods = [header["string_match"]["exact"] for header in match.get("headers", [])]
        fits = (
            match.get("path") == path
            or ("prefix" in match and path.startswith(match["prefix"]))
            or ("safe_regex" in match and re.fullmatch(match["safe_regex"]["regex"], path) is not None)
        )
        if fits and (not methods or method in methods):
            return dict(rule)
    return {}


@pytest.mark.parametrize(("method", "path"), OPEN)
def test_what_is_open_needs_no_token(method: str, path: str, tmp_path: Path) -> None:
    rule = first_rule(rendered(tmp_path, Settings()), method, path)

    assert rule
    assert "requires" not in rule


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_everything_else_needs_a_token(method: str, path: str, tmp_path: Path) -> None:
    rule = first_rule(rendered(tmp_path, Settings()), method, path)

    assert rule["requires"] == {"provider_name": "identity"}


def test_envoys_own_refusals_are_problems_with_a_sentence_and_a_code(tmp_path: Path) -> None:
    (listener,) = rendered(tmp_path, Settings())["lds.yaml"]["resources"]
    manager = listener["filter_chains"][0]["filters"][0]["typed_config"]
    bodies = [mapper["body_format_override"] for mapper in manager["local_reply_config"]["mappers"]]
    statuses = {body["json_format"]["status"] for body in bodies}

    assert {body["content_type"] for body in bodies} == {"application/problem+json"}
    assert {key for body in bodies for key in body["json_format"]} == {"type", "title", "status", "detail", "code"}
    assert {401, 404, 413, 429, 502, 503, 504} <= statuses


def test_no_origin_is_allowed_unless_it_is_named(tmp_path: Path) -> None:
    closed, opened = (
        envoy.values(Settings(cors_origins=origins), PORTS, tmp_path)["cors_origins"]
        for origins in ((), ("https://console.example",))
    )

    assert (closed, opened) == ("[]", '[{"exact": "https://console.example"}]')


def test_the_start_page_loads_nothing_from_elsewhere_and_runs_no_inline_code() -> None:
    folder = envoy.TEMPLATES / "start_page"
    page = (folder / "index.html").read_text(encoding="utf-8")
    code = "".join(file.read_text(encoding="utf-8") for file in folder.glob("*.js"))
    style = (folder / "page.css").read_text(encoding="utf-8")

    assert re.findall(r"(?:src|href)=\"(?!/|#|data:)[^\"]*\"|https?://|<style|style=|\son\w+=", page) == []
    assert re.findall(r"https?://|url\(", style) == []
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|https?://", code) == []


def test_every_file_of_the_start_page_has_its_route(tmp_path: Path) -> None:
    rendered(tmp_path, Settings())
    served = re.findall(r"filename: \"([^\"]+)\"", (tmp_path / "lds.yaml").read_text(encoding="utf-8"))

    assert sorted(map(Path, served)) == sorted((envoy.TEMPLATES / "start_page").iterdir())


def first_route(folder: Path, path: str, accept: str) -> dict[str, Any]:
    """The route that a request takes."""
    (listener,) = rendered(folder, Settings())["lds.yaml"]["resources"]
    manager = listener["filter_chains"][0]["filters"][0]["typed_config"]
    for route in manager["route_config"]["virtual_hosts"][0]["routes"]:
        match = route["match"]
        headers = [header["string_match"]["contains"] for header in match.get("headers", [])]
        if path.startswith(match.get("prefix", "\0")) and all(each in accept for each in headers):
            return dict(route["route"])
    return {}


def test_a_stream_of_events_is_not_cut_and_every_other_answer_is(tmp_path: Path) -> None:
    path = "/api/scoring/laboratory/0/progress"
    stream = first_route(tmp_path, path, "text/event-stream")
    plain = first_route(tmp_path, path, "application/json")

    assert (stream["cluster"], stream["timeout"], stream["idle_timeout"]) == ("scoring", "0s", "3600s")
    assert (plain["cluster"], plain["timeout"]) == ("scoring", "15s")
