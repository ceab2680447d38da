"""What a person types: told what is wrong, broken off with Ctrl-C, beside a MongoDB and a Kafka of somebody else."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from kafka import KafkaConsumer
from pymongo import MongoClient

from deploy.local.orphans import find_orphans
from deploy.local.settings import ROOT, Settings
from deploy.local.stack import Stack
from tests.running import free_ports, running_stack

_PATIENCE_SECONDS = 120.0
_INTERRUPTED = 130


@dataclass
class Terminal:
    """A folder and ports of one's own, and commands typed there."""

    folder: Path
    base: int

    @property
    def environment(self) -> dict[str, str]:
        return {
            **Settings.for_tests({}).inherited,
            "XIANFENG_DATA_DIR": str(self.folder),
            "XIANFENG_PORT_BASE": str(self.base),
            "XIANFENG_GATEWAY_PORT": str(self.base + 69),
            "XIANFENG_DEMO": "off",
        }

    def types(self, *command: str, **settings: str) -> "subprocess.Popen[str]":
        """The command runs as the leader of a group, as in a shell."""
        return subprocess.Popen(
            [sys.executable, "-m", "deploy.local", *command],
            cwd=ROOT,
            env={**self.environment, **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=_heeding_ctrl_c,  # noqa: PLW1509 - sets one signal, and nothing else runs in this process
        )


def _heeding_ctrl_c() -> None:
    """A shell that runs tests in the background has its children ignore Ctrl-C; a terminal does not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    typed = Terminal(tmp_path / "data", free_ports())
    yield typed
    typed.types("reset").communicate(timeout=_PATIENCE_SECONDS)


@contextmanager
def interrupted(command: "subprocess.Popen[str]", when: Callable[[], bool]) -> Iterator[tuple[int, str]]:
    """Ctrl-C once it is so far: the whole group of the terminal gets it."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not when():
        assert time.monotonic() < deadline
        assert command.poll() is None, command.communicate()[0]
        time.sleep(0.05)
    os.killpg(command.pid, signal.SIGINT)
    output, _ = command.communicate(timeout=_PATIENCE_SECONDS)
    yield command.returncode, output


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_doctor_finds_nothing_wrong_where_up_would_work(terminal: Terminal) -> None:
    doctor = terminal.types("doctor")
    output, _ = doctor.communicate(timeout=_PATIENCE_SECONDS)

    assert (doctor.returncode, "一切就绪" in output) == (0, True), output


def test_doctor_names_what_is_taken_and_what_is_not_there(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "somebody's.txt").write_text("mine")
    with socket.create_server(("127.0.0.1", terminal.base + 69)):
        doctor = terminal.types("doctor", XIANFENG_KAFKA_BOOTSTRAP=f"127.0.0.1:{terminal.base + 60}")
        output, _ = doctor.communicate(timeout=_PATIENCE_SECONDS)
    (tmp_path / "data" / "somebody's.txt").unlink()

    assert doctor.returncode == 1
    assert f"端口 {terminal.base + 69}（gateway）已被占用" in output
    assert "里有别的文件：请换一个 XIANFENG_DATA_DIR" in output
    assert "有 3 处需要处理" in output


def test_ctrl_c_while_starting_leaves_nothing_running(terminal: Terminal) -> None:
    with interrupted(terminal.types("up"), lambda: listens(terminal.base)) as (code, output):
        assert (code, "已全部停止" in output) == (_INTERRUPTED, True), output

    assert find_orphans(terminal.folder) == {}
    assert not listens(terminal.base)


def test_ctrl_c_while_the_demo_is_loaded_leaves_nothing_running(terminal: Terminal) -> None:
    up = terminal.types("up", XIANFENG_DEMO="on")
    with interrupted(up, (terminal.folder / "clock").exists) as (code, output):
        assert (code, "已全部停止" in output) == (_INTERRUPTED, True), output

    assert find_orphans(terminal.folder) == {}


def test_a_mongodb_and_a_kafka_of_somebody_else_are_used_and_never_touched(terminal: Terminal) -> None:
    parts = ("mongod", "kafka", "identity-api", "members-api", "members-worker", "envoy")
    with running_stack(("mongod", "kafka")) as somebodys:
        before = {name: state.pid for name, state in somebodys.states().items()}
        settings = {
            "XIANFENG_DEMO": "off",
            "XIANFENG_MONGODB_URL": somebodys.urls["mongodb"],
            "XIANFENG_KAFKA_BOOTSTRAP": somebodys.urls["kafka"],
            "XIANFENG_MONGODB_PREFIX": "guest_",
        }
        guest = Stack(terminal.folder, terminal.base, terminal.base + 69, settings, parts)
        try:
            guest.up()
            started = set(guest.states())
        finally:
            guest.reset()
        with MongoClient[dict[str, object]](somebodys.urls["mongodb"]) as client:
            databases = client.list_database_names()
        with closing(KafkaConsumer(bootstrap_servers=somebodys.urls["kafka"])) as reader:
            topics = reader.topics()

        assert not started & {"mongod", "kafka"}
        assert {name: state.pid for name, state in somebodys.states().items()} == before
    assert "guest_identity" in databases
    assert "members.events" in topics
