"""Prometheus' and Alertmanager's own tools have the last word on their files, where a machine has them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.contract.operate.queries import PROMETHEUS

PROMTOOL, AMTOOL = shutil.which("promtool"), shutil.which("amtool")
NAMED_BY_FILE = (0, 26)
"""The first Alertmanager that reads a webhook's address from a file; Debian 12 has an older one."""

with_promtool = pytest.mark.skipif(PROMTOOL is None, reason="promtool is not on the PATH (apt-get install prometheus)")
with_amtool = pytest.mark.skipif(AMTOOL is None, reason="amtool is not on the PATH (prometheus-alertmanager)")


def run(*command: str | None) -> str:
    done = subprocess.run([str(word) for word in command], check=False, capture_output=True, text=True, cwd=PROMETHEUS)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def rule_files(folder: str) -> list[str]:
    return sorted(str(path.relative_to(PROMETHEUS)) for path in (PROMETHEUS / folder).glob("*.yml"))


@with_promtool
def test_prometheus_takes_its_file_and_the_rules() -> None:
    assert "valid prometheus config" in run(PROMTOOL, "check", "config", "prometheus.yml")


@with_promtool
def test_the_rules_are_sound() -> None:
    run(PROMTOOL, "check", "rules", "--lint=all", "--lint-fatal", *rule_files("rules"))


@pytest.mark.slow
@with_promtool
@pytest.mark.parametrize("name", rule_files("tests"))
def test_every_alert_fires_and_clears(name: str) -> None:
    run(PROMTOOL, "test", "rules", name)


@pytest.fixture
def alertmanager(tmp_path: Path) -> str:
    """The file, in the words of the Alertmanager this machine has."""
    text = (PROMETHEUS / "alertmanager.yml").read_text("utf-8")
    (version,) = re.findall(r"version (\d+)\.(\d+)", run(AMTOOL, "--version"))[:1]
    if tuple(map(int, version)) < NAMED_BY_FILE:
        assert text.count("url_file: /etc/alertmanager/receivers/webhook") == 1
        text = text.replace("url_file: /etc/alertmanager/receivers/webhook", "url: http://webhook.example/")
    written = tmp_path / "alertmanager.yml"
    written.write_text(text, "utf-8")
    return str(written)


@with_amtool
def test_alertmanager_takes_its_file(alertmanager: str) -> None:
    assert "SUCCESS" in run(AMTOOL, "check-config", alertmanager)


@with_amtool
@pytest.mark.parametrize("severity", ["page", "ticket"])
def test_an_alert_finds_its_way(alertmanager: str, severity: str) -> None:
    routed = run(
        AMTOOL,
        "config",
        "routes",
        "test",
        f"--config.file={alertmanager}",
        "--verify.receivers=webhook",
        f"severity={severity}",
    )

    assert routed.startswith("webhook")
