"""What rules and boards ask Prometheus for, taken apart."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import promql_parser
import yaml
from prometheus_client.metrics import MetricWrapperBase

from shared.telemetry import metrics

ROOT = Path(__file__).parents[3]
PROMETHEUS = ROOT / "deploy" / "prometheus"
BOARDS = ROOT / "deploy" / "grafana" / "dashboards"
ENDINGS = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
BY_THE_SCRAPE = {"job", "instance", "service", "process"}
OF_PROMETHEUS = {"up": set[str](), "ALERTS": {"alertname", "alertstate", "severity"}}


@dataclass(frozen=True)
class Selector:
    """A metric as it is asked for, and by which labels."""

    place: str
    metric: str
    labels: frozenset[str]


def rules() -> Iterator[dict[str, Any]]:
    """Every rule, recording ones and alerts."""
    for file in sorted((PROMETHEUS / "rules").glob("*.yml")):
        for group in yaml.safe_load(file.read_text("utf-8"))["groups"]:
            yield from group["rules"]


def alerts() -> list[dict[str, Any]]:
    return [rule for rule in rules() if "alert" in rule]


def boards() -> dict[str, dict[str, Any]]:
    return {file.name: json.loads(file.read_text("utf-8")) for file in sorted(BOARDS.glob("*.json"))}


def panels() -> Iterator[tuple[str, str]]:
    """Every query of every panel, with the place it stands at."""
    for name, board in boards().items():
        for panel in board["panels"]:
            for target in panel["targets"]:
                yield f"{name}: {panel['title']}", target["expr"].replace("$__rate_interval", "5m")


def exported() -> dict[str, set[str]]:
    """Every series the code gives, as Prometheus names it, with its labels."""
    found: dict[str, set[str]] = {}
    for metric in vars(metrics).values():
        if isinstance(metric, MetricWrapperBase):
            for ending in ENDINGS[str(metric._type)]:
                bounds = {"le"} if ending == "_bucket" else set[str]()
                found[f"{metric._name}{ending}"] = {*metric._labelnames, *bounds}
    return found


def recorded() -> set[str]:
    return {rule["record"] for rule in rules() if "record" in rule}


def selectors(place: str, query: str) -> Iterator[Selector]:
    """Every metric a query asks for; what is no PromQL raises ValueError."""
    yield from _within(place, promql_parser.parse(query))


def _within(place: str, node: Any) -> Iterator[Selector]:
    if isinstance(node, promql_parser.VectorSelector):
        matched = frozenset(matcher.name for matcher in node.matchers.matchers)
        yield Selector(place, str(node.name), matched)
    for name in ("expr", "lhs", "rhs", "vector_selector", "param"):
        child = getattr(node, name, None)
        if child is not None:
            yield from _within(place, child)
    for child in getattr(node, "args", None) or ():
        yield from _within(place, child)


def asked() -> list[Selector]:
    """Everything that rules and panels ask for."""
    places = [(f"rule {rule.get('alert') or rule['record']}", rule["expr"]) for rule in rules()]
    return [selector for place, query in [*places, *panels()] for selector in selectors(place, query)]
