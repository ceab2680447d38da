"""When is a process ready? Each kind is asked in its own way, and says what is missing when it is not."""

import json
import urllib.error
import urllib.request
from pathlib import Path

from deploy.local import kafka, mongod
from deploy.local.layout import Ports
from deploy.local.settings import Settings
from deploy.local.topology import Process, Room

ANSWER_SECONDS = 3.0

# Addresses are loopback: a proxy of the environment must not be asked.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def why_not_ready(process: Process, settings: Settings, ports: Ports) -> str | None:
    """Say what keeps this process from being ready; None when it is."""
    if process.room is Room.STORE:
        if settings.mongodb_url is not None:
            return mongod.why_not_reachable(settings.mongodb_url)
        return mongod.why_not_ready(ports.mongodb)
    if process.room is Room.LOG:
        return kafka.why_not_listening(settings.kafka_bootstrap or f"127.0.0.1:{ports.kafka}")
    if process.room is Room.GATEWAY:
        return why_not_ok(f"http://127.0.0.1:{ports.envoy_admin}/ready")
    if process.room is Room.WATCH:
        return why_not_ok(f"http://127.0.0.1:{ports.prometheus}/-/ready")
    return why_not_ok(f"http://127.0.0.1:{ports.base + process.offset}/readyz")


def why_without_keys(ports: Ports) -> str | None:
    """Say that Envoy has not read the signing keys yet (it tries every second); None when it has."""
    try:
        with _DIRECT.open(f"http://127.0.0.1:{ports.envoy_admin}/stats?filter=jwks_fetch_success", timeout=1) as answer:
            counted = answer.read().decode().strip()
    except OSError as problem:
        return str(problem)
    return None if counted and not counted.endswith(": 0") else "还没有取到身份服务的公钥"


def why_not_ok(url: str) -> str | None:
    """Say why an address does not answer 200; None when it does."""
    try:
        with _DIRECT.open(url, timeout=ANSWER_SECONDS):
            return None
    except urllib.error.HTTPError as refusal:
        return f"{refusal.code} {_detail(refusal.read(2000))}".strip()
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "reason", problem)
        return "还没有监听" if isinstance(reason, ConnectionRefusedError) else str(reason)[:120]


def _detail(body: bytes) -> str:
    """What a refusal says about itself, in one line."""
    try:
        found = json.loads(body)
    except ValueError:
        return body.decode(errors="replace").strip()[:120]
    if isinstance(found, dict) and isinstance(found.get("missing"), dict):
        return "；".join(f"{part}：{why}" for part, why in found["missing"].items())[:160]
    return json.dumps(found, ensure_ascii=False)[:160]


def last_lines(log: Path, count: int = 8) -> list[str]:
    """Read the end of a log; a missing one has no lines."""
    try:
        with log.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - 40_000))
            lines = file.read().decode(errors="replace").splitlines()
    except FileNotFoundError:
        return []
    return lines[-count:]


def memory_of(pid: int) -> int:
    """The resident memory of a process in MB; 0 when it is not there."""
    try:
        rows = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(row.split()[1]) // 1024 for row in rows if row.startswith("VmRSS")), 0)
