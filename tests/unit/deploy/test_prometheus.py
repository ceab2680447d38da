from pathlib import Path

import pytest
import yaml

from deploy.local import doctor, launch, prometheus
from deploy.local.layout import DataFolder, Ports
from deploy.local.settings import SettingRefused, Settings
from deploy.local.stack import Stack
from deploy.local.topology import PROCESSES, PROMETHEUS, Room

PORTS = Ports(21000)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A PATH on which there is a Prometheus and nothing else."""
    program = tmp_path / "bin" / "prometheus"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o700)
    return program


def told(path: Path | str, **settings: str) -> Settings:
    named = {f"XIANFENG_{name}": value for name, value in settings.items()}
    return Settings.from_environment({"PATH": str(path), **named})


def test_a_prometheus_on_the_path_runs_beside_the_stack(path: Path) -> None:
    stack = Stack.from_settings(told(path.parent))

    assert stack.processes[-1] == PROMETHEUS
    assert stack.urls["prometheus"] == f"http://127.0.0.1:{stack.ports.prometheus}"


def test_without_one_the_stack_is_the_same_and_says_nothing(tmp_path: Path) -> None:
    stack = Stack.from_settings(told(tmp_path))

    assert (stack.processes, "prometheus" in stack.urls) == (PROCESSES, False)


def test_one_that_came_later_is_not_missing_from_a_stack_started_without_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = Stack.from_settings(told(path.parent))
    monkeypatch.setattr(stack.supervisor, "states", dict)

    stack.states()

    assert stack.processes == PROCESSES


def test_it_can_be_named_and_it_can_be_left_out(path: Path, tmp_path: Path) -> None:
    found = [
        prometheus.binary(told(tmp_path, PROMETHEUS=str(path))),
        prometheus.binary(told(path.parent, PROMETHEUS="off")),
    ]

    assert found == [path, None]


def test_a_stack_of_the_tests_has_one_only_if_it_is_named(path: Path) -> None:
    found = [
        prometheus.binary(told(path.parent, TEST="on")),
        prometheus.binary(told(path.parent, TEST="on", PROMETHEUS="prometheus")),
    ]

    assert found == [None, path]


def test_a_program_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingRefused, match="XIANFENG_PROMETHEUS"):
        prometheus.binary(told(tmp_path, PROMETHEUS="/opt/nothing"))


def test_every_process_of_ours_is_asked_where_it_answers() -> None:
    jobs = {job["job_name"]: job for job in prometheus.configuration(PROCESSES, PORTS)["scrape_configs"]}
    (visits,) = [each for each in jobs["worker"]["static_configs"] if each["labels"]["service"] == "visits"]

    asked = sum(len(job["static_configs"]) for job in jobs.values())
    assert visits == {"targets": ["127.0.0.1:21031"], "labels": {"service": "visits", "process": "visits-worker"}}
    assert asked == sum(process.room in {Room.API, Room.WORKER} for process in PROCESSES)


def test_the_rules_are_those_of_the_containers_and_nobody_else_is_told() -> None:
    rendered = prometheus.configuration(PROCESSES, PORTS)

    assert rendered["rule_files"] == [str(prometheus.FOLDER / "rules" / "*.yml")]
    assert "alerting" not in rendered


def test_what_is_started_listens_on_loopback_and_keeps_its_data_with_the_others(path: Path, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.create()
    command = launch.command(PROMETHEUS, told(path.parent), PORTS, folder)
    prometheus.render(PROCESSES, PORTS, folder.run / "prometheus.yml")

    assert command[0] == str(path)
    assert "--web.listen-address=127.0.0.1:21004" in command
    assert f"--storage.tsdb.path={folder.path}/prometheus" in command
    assert yaml.safe_load((folder.run / "prometheus.yml").read_text())["scrape_configs"]


def test_the_doctor_says_whether_there_is_one(path: Path, tmp_path: Path) -> None:
    said = [
        (finding.sentence, finding.good)
        for place in (path.parent, tmp_path)
        for finding in [doctor._watch(Stack.from_settings(told(place)))]
    ]

    assert said == [
        (f"Prometheus 程序：{path}，随 make up 启动。", True),
        ("没有 Prometheus，监控不启动（可选：apt-get install prometheus）。", True),
    ]
