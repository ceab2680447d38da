"""docker-compose.tls.yml and docker-compose.issuer.yml beside the first file keep its laws, and two of their own."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from cryptography import x509

from shared.kafka.connection import Broker
from shared.web.claims import OwnClaims, read_claims
from tests.contract.deploy.compose_laws import COMPOSE, ISSUER, OURS, ROOT, TLS, Law, Written
from tests.contract.deploy.container_laws import MADE_BY_HAND
from tests.contract.deploy.test_compose import LAWS, Violation, named

TOGETHER = ((TLS,), (ISSUER,), (TLS, ISSUER))
TLS_PAGE = ROOT / "docs" / "operations" / "tls.md"
IDENTITY_PAGE = ROOT / "docs" / "operations" / "identity.md"
CLAIMS = ROOT / "deploy" / "kubernetes" / "components" / "issuer" / "claims.yaml"
FOLDER = "./.tls/files:/tls:ro"


def every_link_is_encrypted(written: Written) -> Iterator[str]:
    told = written.compose["x-settings"]
    if "tls=true&tlsCAFile=/tls/ca.pem" not in told["XIANFENG_MONGODB_URL"]:
        yield "MongoDB is asked in plain"
    broker = Broker.at(told["XIANFENG_KAFKA_BOOTSTRAP"])
    if (broker.tls, broker.authority) != (True, "/tls/ca.pem"):
        yield "Kafka is asked in plain"
    mongo = written.services["mongo"]
    if "--tlsMode=requireTLS" not in mongo["command"] or "--tls" not in mongo["healthcheck"]["test"]:
        yield "MongoDB answers in plain"
    if mongo["healthcheck"]["test"][-2] != Written.here().services["mongo"]["healthcheck"]["test"][-1]:
        yield "MongoDB is asked for its health otherwise"
    if not written.services["kafka"]["environment"].get("KAFKA_SSL_KEYSTORE_LOCATION"):
        yield "Kafka shows nothing"
    if written.services["gateway-files"]["environment"].get("XIANFENG_TLS_CA") != told["XIANFENG_TLS_CA"]:
        yield "the gateway asks the services in plain"
    if written.services["demo"]["environment"].get("SSL_CERT_FILE") != told["XIANFENG_TLS_CA"]:
        yield "the demo believes nobody"
    need = {"mongo", "kafka", "topics", "gateway-files", "envoy", "demo"} | {process.name for process in OURS}
    yield from (f"{name} sees no certificate" for name in need if FOLDER not in written.services[name]["volumes"])
    others = set(written.services) - need
    yield from (f"{name} sees the key" for name in others if FOLDER in written.services[name].get("volumes", ()))


def another_issuer_is_named_to_all(written: Written) -> Iterator[str]:
    told = written.compose["x-settings"]
    for name in ("XIANFENG_ISSUER", "XIANFENG_AUDIENCE", "XIANFENG_JWKS_URL"):
        if not told[name].startswith("${" + name + ":?"):
            yield f"{name} is not asked for"
        if written.services["gateway-files"]["environment"].get(name) != told[name]:
            yield f"the gateway is told another {name}"
    for process, service in written.ours():
        if f"./claims.yaml:{told['XIANFENG_CLAIMS']}:ro" not in service["volumes"]:
            yield f"{process.name} finds no {told['XIANFENG_CLAIMS']}"


OWN = {TLS: every_link_is_encrypted, ISSUER: another_issuer_is_named_to_all}


VIOLATIONS = (
    Violation(every_link_is_encrypted, TLS, "&tls=true&", "&", "MongoDB is asked in plain"),
    Violation(every_link_is_encrypted, TLS, "tls://kafka:9092?ca=/tls/ca.pem", "kafka:9092", "Kafka is asked in plain"),
    Violation(every_link_is_encrypted, TLS, "requireTLS", "preferTLS", "MongoDB answers in plain"),
    Violation(every_link_is_encrypted, TLS, "rs.initiate({", "rs.start({", "asked for its health otherwise"),
    Violation(every_link_is_encrypted, TLS, "KEYSTORE_LOCATION", "KEYSTORE_PLACE", "Kafka shows nothing"),
    Violation(every_link_is_encrypted, TLS, "      XIANFENG_TLS_CA: ", "      XIANFENG_NONE: ", "the gateway asks"),
    Violation(every_link_is_encrypted, TLS, "SSL_CERT_FILE", "SSL_CERT_DIR", "the demo believes nobody"),
    Violation(every_link_is_encrypted, TLS, "  envoy:\n", "  prometheus:\n", "envoy sees no certificate"),
    Violation(every_link_is_encrypted, TLS, "  envoy:\n", "  prometheus:\n", "prometheus sees the key"),
    Violation(another_issuer_is_named_to_all, ISSUER, ":?its iss", ":-x", "XIANFENG_ISSUER is not asked for"),
    Violation(another_issuer_is_named_to_all, ISSUER, "_URL: *keys", "_URL: x", "is told another XIANFENG_JWKS_URL"),
    Violation(another_issuer_is_named_to_all, ISSUER, "  duties-api: *process\n", "", "duties-api finds no /claims"),
)


@pytest.mark.parametrize("law", LAWS, ids=named)
@pytest.mark.parametrize("overrides", TOGETHER, ids=" ".join)
def test_beside_the_first_file_they_keep_its_laws(overrides: tuple[str, ...], law: Law) -> None:
    assert list(law(Written.here().beside(*overrides))) == []


@pytest.mark.parametrize("overrides", TOGETHER, ids=" ".join)
def test_each_does_what_it_is_for(overrides: tuple[str, ...]) -> None:
    written = Written.here().beside(*overrides)

    assert [told for name in overrides for told in OWN[name](written)] == []


@pytest.mark.parametrize("violation", VIOLATIONS, ids=lambda each: f"{named(each.law)}: {each.told}")
def test_a_deliberate_violation_is_seen(violation: Violation) -> None:
    written = Written.here().but(violation.file, violation.old, violation.new).beside(violation.file)

    assert any(violation.told in told for told in violation.law(written)), list(violation.law(written))


def test_what_an_installation_makes_by_hand_is_never_committed() -> None:
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()

    assert {".tls/", "/claims.yaml"} <= set(ignored)
    assert {"./.tls/files", "./claims.yaml"} == MADE_BY_HAND


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not on the PATH")
def test_the_commands_of_the_page_make_certificates_for_every_container(tmp_path: Path) -> None:
    block = TLS_PAGE.read_text("utf-8").split("```")[1]
    commands = "\n".join(line for line in block.splitlines() if not line.startswith("docker"))
    subprocess.run(["sh", "-e", "-c", commands], check=True, capture_output=True, cwd=tmp_path)
    files = tmp_path / ".tls" / "files"
    made = x509.load_pem_x509_certificate((files / "services.pem").read_bytes())
    authority = x509.load_pem_x509_certificate((files / "ca.pem").read_bytes())
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.DNSName)

    made.verify_directly_issued_by(authority)
    assert {process.name for process in OURS} | {"localhost", "mongo", "kafka", "envoy"} <= set(names)
    assert oct((tmp_path / ".tls").stat().st_mode)[-3:] == "700"
    used = set(re.findall(r"/tls/(\w+\.\w+)", Written.here().texts[TLS])) - {"gateway.pem", "gateway.key"}
    assert used <= {path.name for path in files.iterdir()}


def test_the_example_of_claims_is_read_and_is_that_of_the_page() -> None:
    page = IDENTITY_PAGE.read_text("utf-8").split("```yaml\n")[1].split("```")[0]
    explained, example = yaml.safe_load(page), yaml.safe_load(CLAIMS.read_text("utf-8"))

    assert not isinstance(read_claims(CLAIMS), OwnClaims)
    assert example == explained


def test_nothing_in_an_override_is_nobodys() -> None:
    here = Written.here()
    for name in OWN:
        override = yaml.load(here.texts[name], Loader=yaml.CSafeLoader)
        assert set(override["services"]) <= set(here.services), (name, COMPOSE)
