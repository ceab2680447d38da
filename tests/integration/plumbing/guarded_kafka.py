"""A Kafka as deploy/kubernetes asks for it: who comes in signs in, and may do what his `KafkaUser` says, no more."""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from kafka import KafkaAdminClient
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePattern,
    ResourceType,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from deploy.local import jars, kafka
from deploy.local.layout import Ports
from deploy.local.settings import ROOT, Settings
from shared.kafka.topics import create_topics
from tests.running import free_ports

USERS = ROOT / "deploy" / "kubernetes" / "base" / "kafka" / "users.yaml"
PASSWORD = "of-a-test"
_STARTED_SECONDS = 60
_PATTERNS = {"literal": ACLResourcePatternType.LITERAL, "prefix": ACLResourcePatternType.PREFIXED}
_JAAS = "org.apache.kafka.common.security.scram.ScramLoginModule required;"


@contextmanager
def guarded_kafka() -> Iterator[int]:
    """The port at which users sign in; topics, users and rights are there."""
    base = free_ports()
    ports = Ports(base)
    with tempfile.TemporaryDirectory(prefix="xf-kafka-") as folder:
        properties, data = Path(folder) / "kafka.properties", Path(folder) / "data"
        data.mkdir()
        found = jars.get_jars(Settings().cache_dir, jars.read_checksums(), lambda _: [])
        kafka.prepare(found, ports, data, properties)
        properties.write_text(_guarded(properties.read_text("utf-8"), base), encoding="utf-8")
        broker = subprocess.Popen(kafka.command(found, properties), stderr=subprocess.DEVNULL)
        try:
            _wait_for(f"127.0.0.1:{ports.kafka}")
            create_topics(f"127.0.0.1:{ports.kafka}")
            _let_in(f"127.0.0.1:{ports.kafka}")
            yield base + 3
        finally:
            broker.terminate()
            broker.wait(30)


def _guarded(properties: str, base: int) -> str:
    """Beside the listener of the local stack, by which whoever sets this up comes in, one where users sign in."""
    client = f"USERS://127.0.0.1:{base + 3}"
    lines = properties.replace(f"CLIENT://127.0.0.1:{base + 1}", f"CLIENT://127.0.0.1:{base + 1},{client}")
    lines = lines.replace("protocol.map=CLIENT:PLAINTEXT", "protocol.map=USERS:SASL_PLAINTEXT,CLIENT:PLAINTEXT")
    return f"""{lines}
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.users.sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.users.scram-sha-512.sasl.jaas.config={_JAAS}
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
"""


def _wait_for(address: str) -> None:
    until = time.monotonic() + _STARTED_SECONDS
    while (why := kafka.why_not_listening(address)) is not None:
        assert time.monotonic() < until, why
        time.sleep(0.2)


def _let_in(address: str) -> None:
    """Make the users of deploy/kubernetes with their rights, as Strimzi does."""
    users = list(yaml.safe_load_all(USERS.read_text("utf-8")))
    admin: Any = KafkaAdminClient(bootstrap_servers=address)
    try:
        names = [user["metadata"]["name"] for user in users]
        admin.alter_user_scram_credentials(
            [UserScramCredentialUpsertion(name, ScramMechanism.SCRAM_SHA_512, PASSWORD) for name in names]
        )
        admin.create_acls([acl for user in users for acl in _rights(user)])
    finally:
        admin.close()


def _rights(user: dict[str, Any]) -> Iterator[ACL]:
    for each in user["spec"]["authorization"]["acls"]:
        resource = each["resource"]
        pattern = ResourcePattern(
            ResourceType[resource["type"].upper()], resource["name"], _PATTERNS[resource["patternType"]]
        )
        for operation in each["operations"]:
            yield ACL(
                f"User:{user['metadata']['name']}",
                "*",
                ACLOperation[operation.upper()],
                ACLPermissionType.ALLOW,
                pattern,
            )
