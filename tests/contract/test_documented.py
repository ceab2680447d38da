"""Every setting and every metric is documented, and nothing is documented that does not exist."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from prometheus_client.metrics import MetricWrapperBase

from deploy.local.settings import Settings as LocalSettings
from shared.telemetry import metrics
from shared.telemetry.settings import PlatformSettings

ROOT = Path(__file__).parents[2]
SETTINGS = ROOT / "deploy" / "local" / "README.md"
METRICS = ROOT / "docs" / "operations" / "metrics.md"
SUFFIXES = {"counter": "_total"}


class Asked(dict[str, str]):
    """An environment that is empty and remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def get(self, name: str, default: object = None) -> object:  # type: ignore[override]
        """Nothing is set."""
        self.names.add(name)
        return default


def read_settings() -> set[str]:
    """What every process asks its environment for."""
    asked = Asked()
    PlatformSettings.read(asked)
    LocalSettings.from_environment(asked)
    for place in ROOT.glob("services/*/settings.py"):
        own = getattr(import_module(f"services.{place.parent.name}.settings"), "Settings", PlatformSettings)
        own.read(asked)
    return {name for name in asked.names if name.startswith(("XIANFENG_", "OTEL_"))}


def named_settings() -> set[str]:
    """What the code that ships calls by its whole name."""
    found: set[str] = set()
    for folder in ("deploy", "services", "shared"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".yaml", ""} and path.is_file():
                found |= set(re.findall(r"XIANFENG_[A-Z_]+[A-Z]", path.read_text("utf-8")))
    return found


def documented_settings() -> set[str]:
    return set(re.findall(r"`((?:XIANFENG|OTEL)_[A-Z_]+)`", SETTINGS.read_text("utf-8")))


def test_every_setting_that_is_read_is_documented() -> None:
    assert read_settings() - documented_settings() == set()


def test_every_setting_the_code_names_is_documented() -> None:
    assert named_settings() - documented_settings() == set()


def test_every_documented_setting_is_read_somewhere() -> None:
    assert documented_settings() - read_settings() - named_settings() == set()


def declared() -> Iterator[MetricWrapperBase]:
    return (metric for metric in vars(metrics).values() if isinstance(metric, MetricWrapperBase))


def row(metric: MetricWrapperBase) -> str:
    kind = str(metric._type)
    labels = "".join(f" `{label}`" for label in metric._labelnames)
    return f"| `{metric._name}{SUFFIXES.get(kind, '')}` | {kind} |{labels} | {metric._documentation} |"


@pytest.mark.parametrize("metric", [pytest.param(metric, id=metric._name) for metric in declared()])
def test_every_metric_is_documented_in_its_own_words(metric: MetricWrapperBase) -> None:
    assert row(metric) in METRICS.read_text("utf-8").splitlines()


def test_every_documented_metric_is_declared() -> None:
    rows = [line for line in METRICS.read_text("utf-8").splitlines() if line.startswith("| `")]

    assert set(rows) == {row(metric) for metric in declared()}


def test_metrics_are_declared_in_one_place() -> None:
    elsewhere = [
        path
        for folder in ("deploy", "services", "shared")
        for path in (ROOT / folder).rglob("*.py")
        if path != Path(metrics.__file__)
        and re.search(r"\b(Counter|Gauge|Histogram|Summary)\(\s*\"", path.read_text("utf-8"))
    ]

    assert elsewhere == []
