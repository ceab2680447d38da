"""A real Prometheus over a real stack: a worker that stops is told, and no longer once it is back."""

import math
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from deploy.local.prometheus import FOLDER
from deploy.local.stack import Stack
from tests.running import running_stack

PROMETHEUS = shutil.which("prometheus")
PARTS = ("mongod", "kafka", "identity-api", "visits-api", "visits-worker", "prometheus")
WORKER = "visits-worker"
_PATIENCE_SECONDS = 60.0

pytestmark = pytest.mark.skipif(PROMETHEUS is None, reason="no prometheus on the PATH (apt-get install prometheus)")


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A part of the platform with its Prometheus, as `make up` starts it, but one that looks every second."""
    with running_stack(PARTS, {"XIANFENG_PROMETHEUS": str(PROMETHEUS)}) as running:
        _hasten(running)
        running.stop("prometheus")
        running.start("prometheus")
        yield running


def _hasten(stack: Stack) -> None:
    """The same files, but a second for each of their minutes."""
    rendered = stack.folder.run / "prometheus.yml"
    configuration = yaml.safe_load(rendered.read_text("utf-8"))
    configuration["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    configuration["rule_files"] = [_hastened(file, stack.folder.run) for file in sorted((FOLDER / "rules").glob("*"))]
    rendered.write_text(yaml.safe_dump(configuration), "utf-8")


def _hastened(file: Path, folder: Path) -> str:
    rules = yaml.safe_load(file.read_text("utf-8"))
    for rule in (rule for group in rules["groups"] for rule in group["rules"]):
        if "for" in rule:
            rule["for"] = "1s"
    written = folder / f"hastened-{file.name}"
    written.write_text(yaml.safe_dump(rules), "utf-8")
    return str(written)


def ask(stack: Stack, path: str, **parameters: str) -> Any:
    answer = httpx.get(f"{stack.urls['prometheus']}/api/v1/{path}", params=parameters, timeout=5)
    answer.raise_for_status()
    return answer.json()["data"]


def firing(stack: Stack) -> set[tuple[str, str]]:
    """Which alerts are told, and of which process."""
    return {
        (alert["labels"]["alertname"], alert["labels"].get("process", ""))
        for alert in ask(stack, "alerts")["alerts"]
        if alert["state"] == "firing"
    }


def until(what: Callable[[], object], said: Callable[[], object]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < deadline, said()
        time.sleep(0.3)


def up(stack: Stack) -> dict[str, str]:
    return {each["metric"]["process"]: each["value"][1] for each in ask(stack, "query", query="up")["result"]}


def test_every_process_is_asked_and_answers(stack: Stack) -> None:
    processes = {name for name in PARTS if name.endswith(("-api", "-worker"))}

    until(lambda: up(stack) == dict.fromkeys(processes, "1"), lambda: up(stack))


def test_what_only_a_running_process_knows_is_seen(stack: Stack) -> None:
    queries = (
        'xianfeng_part_missing_info{service="visits", part="mongodb"} == 0',
        'xianfeng_data_disk_free_bytes{process="visits-worker"} > 0',
        "slo:budget > 0",
    )

    until(lambda: all(ask(stack, "query", query=query)["result"] for query in queries), lambda: queries)


_SOON = 60.0
"""Seconds: groups that are evaluated less often may not have had their turn yet, and are only seen not to fail."""


def test_no_rule_fails(stack: Stack) -> None:
    def health(longest: float) -> set[str]:
        groups = [group for group in ask(stack, "rules")["groups"] if group["interval"] <= longest]
        return {rule["health"] for group in groups for rule in group["rules"]}

    until(lambda: health(_SOON) == {"ok"}, lambda: health(_SOON))
    assert "err" not in health(math.inf)


def test_a_worker_that_stops_is_told_until_it_is_back(stack: Stack) -> None:
    until(lambda: up(stack).get(WORKER) == "1", lambda: up(stack))
    assert ("ServiceDown", WORKER) not in firing(stack)

    stack.stop(WORKER)
    until(lambda: ("ServiceDown", WORKER) in firing(stack), lambda: firing(stack))
    others = {process for name, process in firing(stack) if name == "ServiceDown"}

    stack.start(WORKER)
    until(lambda: ("ServiceDown", WORKER) not in firing(stack), lambda: firing(stack))
    assert others == {WORKER}
