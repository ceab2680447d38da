"""A stack and its Prometheus in a hurry: the rules that ship, with all their time divided by one number."""

import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import time as time_of_day
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from deploy.local.prometheus import FOLDER
from deploy.local.stack import Stack
from shared.kernel.clock import at_local_time
from tests.running import running_stack
from tests.seeding import Seed, seed

PROGRAM = shutil.which("prometheus")
IN_A_HURRY = [
    pytest.mark.hurried,
    pytest.mark.skipif(PROGRAM is None, reason="no prometheus on the PATH (apt-get install prometheus)"),
]
"""What marks a file of tests over such a stack."""
SECONDS = frozenset({"300", "3600", "21600"})
"""Times that stand as numbers in the rules; `tests/contract/operate` holds that there are no others."""
PATIENCE_SECONDS = 90.0

Told = frozenset[tuple[str, str]]
"""Alerts, each with what it is about: a process, else a service."""

_DURATION = re.compile(r"(\[|offset )(\d+)(s|m|h|d)")
_NUMBER = re.compile(r"(?<![\w.:\[\"])\d+(?![\w.\"])")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def hurried(rules: dict[str, Any], factor: float) -> dict[str, Any]:
    """The same rules in the same groups, every duration divided by the factor."""
    return {
        "groups": [
            {**_brief(group, factor), "rules": [_brief(rule, factor) for rule in group["rules"]]}
            for group in rules["groups"]
        ]
    }


def _brief(entry: dict[str, Any], factor: float) -> dict[str, Any]:
    """A group or a rule with its own times divided."""
    brief = dict(entry)
    for name in {"for", "interval"} & brief.keys():
        brief[name] = _divided(brief[name], factor)
    if "expr" in brief:
        within = _DURATION.sub(lambda found: found[1] + _divided(found[2] + found[3], factor), brief["expr"])
        brief["expr"] = _NUMBER.sub(
            lambda found: f"{int(found[0]) / factor:g}" if found[0] in SECONDS else found[0], within
        )
    return brief


def _divided(duration: str, factor: float) -> str:
    return f"{int(duration[:-1]) * _UNITS[duration[-1]] * 1000 / factor:.0f}ms"


class Watch:
    """What Prometheus says of a stack."""

    def __init__(self, stack: Stack) -> None:
        self._url = f"{stack.urls['prometheus']}/api/v1"

    def ask(self, path: str, **parameters: str) -> Any:
        answer = httpx.get(f"{self._url}/{path}", params=parameters, timeout=5)
        answer.raise_for_status()
        return answer.json()["data"]

    def up(self) -> dict[str, str]:
        return {each["metric"]["process"]: each["value"][1] for each in self.ask("query", query="up")["result"]}

    def told(self, severity: str) -> Told:
        """Which alerts of this severity fire."""
        return self._alerts(severity, "firing")

    def coming(self, severity: str) -> Told:
        """Which would fire if they went on."""
        return self._alerts(severity, "pending")

    def _alerts(self, severity: str, state: str) -> Told:
        return frozenset(
            (labels["alertname"], labels.get("process", labels.get("service", "")))
            for alert in self.ask("alerts")["alerts"]
            for labels in [alert["labels"]]
            if alert["state"] == state and labels["severity"] == severity
        )


def until(what: Callable[[], object], said: Callable[[], object]) -> None:
    """Wait until this is so; else fail with what is said."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < deadline, said()
        time.sleep(0.3)


@dataclass(frozen=True)
class Pace:
    """How much faster than written, and how often processes are asked: that is not divided, it costs them work."""

    factor: float
    scrape_seconds: int


@contextmanager
def hurried_stack(processes: tuple[str, ...], planted: Seed, pace: Pace) -> Iterator[Stack]:
    """The named processes and a Prometheus in a hurry; a township that went live on Monday, and it is Thursday."""
    with running_stack((*processes, "prometheus"), {"XIANFENG_PROMETHEUS": str(PROGRAM)}) as running:
        seed(running, planted, at_local_time(planted.live_on + timedelta(days=3), time_of_day(12)))
        running.stop("prometheus")
        # What it saw at its own pace, processes that did not listen yet, is not told at the other.
        shutil.rmtree(running.folder.path / "prometheus")
        _hurry(running, pace)
        running.start("prometheus")
        yield running


def _hurry(stack: Stack, pace: Pace) -> None:
    """The file it is started with, but with the rules in a hurry and looks to match."""
    rendered = stack.folder.run / "prometheus.yml"
    configuration = yaml.safe_load(rendered.read_text("utf-8"))
    configuration["global"] = {"scrape_interval": f"{pace.scrape_seconds}s", "evaluation_interval": "1s"}
    configuration["rule_files"] = [
        _written(file, stack.folder.run, pace.factor) for file in sorted((FOLDER / "rules").glob("*"))
    ]
    rendered.write_text(yaml.safe_dump(configuration), "utf-8")


def _written(file: Path, folder: Path, factor: float) -> str:
    rules = hurried(yaml.safe_load(file.read_text("utf-8")), factor)
    written = folder / f"hurried-{file.name}"
    written.write_text(yaml.safe_dump(rules, allow_unicode=True), "utf-8")
    return str(written)
