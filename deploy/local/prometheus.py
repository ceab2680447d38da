"""Prometheus beside the stack, when this machine has one: optional, off silently where there is none.

What is asked and which rules are kept stands in `deploy/prometheus`; here only the addresses of one machine are put in.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from deploy.local.layout import Ports
from deploy.local.settings import ROOT, SettingRefused, Settings
from deploy.local.topology import Process, Room

FOLDER = ROOT / "deploy" / "prometheus"
OFF = "off"
JOBS = {"api": Room.API, "worker": Room.WORKER}


def binary(settings: Settings) -> Path | None:
    """Find Prometheus: what the setting names, else what the PATH has; None is none.

    A stack of the tests has none unless it is named. Raises SettingRefused for a program that is not there.
    """
    if settings.prometheus == OFF or (settings.prometheus is None and settings.test):
        return None
    found = shutil.which(settings.prometheus or "prometheus", path=settings.inherited.get("PATH"))
    if found is None and settings.prometheus is not None:
        raise SettingRefused("PROMETHEUS", settings.prometheus, f"没有这个程序；请填程序的路径，不要监控请填 {OFF}。")
    return Path(found) if found else None


def command(program: Path, configuration: Path, data: Path, port: int) -> list[str]:
    """Say how Prometheus is started: on loopback, keeping two weeks, or half a gigabyte if that is less."""
    return [
        str(program),
        f"--config.file={configuration}",
        f"--storage.tsdb.path={data}",
        "--storage.tsdb.retention.time=14d",
        "--storage.tsdb.retention.size=512MB",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=warn",
    ]


def configuration(processes: Iterable[Process], ports: Ports) -> dict[str, Any]:
    """The file of the containers, for the ports of this machine; alerts are seen on Prometheus' own page."""
    asked = list(processes)
    found: dict[str, Any] = yaml.safe_load((FOLDER / "prometheus.yml").read_text(encoding="utf-8"))
    del found["alerting"]
    found["rule_files"] = [str(FOLDER / each) for each in found["rule_files"]]
    for job in found["scrape_configs"]:
        del job["relabel_configs"]
        job["static_configs"] = [
            {
                "targets": [f"127.0.0.1:{ports.base + process.offset}"],
                "labels": {"service": process.service, "process": process.name},
            }
            for process in asked
            if process.room is JOBS[job["job_name"]]
        ]
    return found


def render(processes: Iterable[Process], ports: Ports, target: Path) -> None:
    """Write the file Prometheus is started with."""
    target.write_text(yaml.safe_dump(configuration(processes, ports), allow_unicode=True), encoding="utf-8")
