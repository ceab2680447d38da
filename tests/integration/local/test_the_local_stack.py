"""The stack itself, on real processes: what stops is restarted, what is left behind is found, nothing remains."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.orphans import find_orphans
from deploy.local.ports_taken import PortTaken
from deploy.local.stack import NotReady, Stack
from deploy.local.supervisor import SupervisorAway
from tests.running import free_ports, running_stack

PARTS = ("mongod", "envoy")
SETTINGS = {"XIANFENG_TEST": "on", "XIANFENG_DEMO": "off"}


@pytest.fixture
def stack() -> Iterator[Stack]:
    with running_stack(PARTS) as running:
        yield running


def until_ready(stack: Stack, name: str, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while (why := stack.why_not_ready(name)) is not None:
        assert time.monotonic() < deadline, why
        time.sleep(0.05)


def test_starting_twice_starts_once(stack: Stack) -> None:
    pids = {name: state.pid for name, state in stack.states().items()}

    assert stack.up() is False
    assert {name: state.pid for name, state in stack.states().items()} == pids


def test_a_process_killed_again_and_again_comes_back(stack: Stack) -> None:
    for _ in range(3):
        stack.kill("envoy", signal.SIGKILL)
        time.sleep(0.2)

    until_ready(stack, "envoy")


def test_a_stopped_process_stays_away_until_it_is_started(stack: Stack) -> None:
    stack.stop("envoy")
    assert stack.why_not_ready("envoy") is not None

    stack.start("envoy")
    assert stack.why_not_ready("envoy") is None


def test_what_a_killed_supervisor_left_is_replaced_on_the_next_start(stack: Stack) -> None:
    left = {state.pid for state in stack.states().values()}
    os.kill(stack.supervisor.pid(), signal.SIGKILL)
    time.sleep(0.2)

    assert stack.up() is True
    assert left & set(find_orphans(stack.folder.path)) == set()


def test_stopping_after_supervisor_was_killed_leaves_nothing(stack: Stack) -> None:
    os.kill(stack.supervisor.pid(), signal.SIGKILL)
    time.sleep(0.2)

    stack.down()

    assert find_orphans(stack.folder.path) == {}
    with pytest.raises(SupervisorAway):
        stack.states()


def test_other_ports_with_the_same_data_work(stack: Stack) -> None:
    stack.down()
    base = free_ports()
    moved = Stack(stack.folder.path, base, base + 69, SETTINGS, PARTS)

    try:
        assert moved.up() is True
    finally:
        moved.down()


def test_a_port_somebody_else_holds_is_named(tmp_path: Path) -> None:
    base = free_ports()
    with socket.create_server(("127.0.0.1", base)), pytest.raises(PortTaken, match=str(base)):
        Stack(tmp_path / "data", base, base + 69, SETTINGS, PARTS).up()


def test_who_is_not_ready_in_time_is_reported_with_its_log(tmp_path: Path) -> None:
    base = free_ports()
    settings = {**SETTINGS, "XIANFENG_READY_SECONDS": "2", "XIANFENG_KAFKA_BOOTSTRAP": f"127.0.0.1:{base + 60}"}
    stack = Stack(tmp_path / "data", base, base + 69, settings, ("kafka", "envoy"))

    try:
        with pytest.raises(NotReady, match="kafka 没有就绪"):
            stack.up()
    finally:
        stack.reset()
