import threading

import pytest

from deploy.local.bring_up import BringUp, Interrupted
from deploy.local.progress import Silence
from deploy.local.supervisor import State
from deploy.local.topology import Process, Room

STORE = Process("store", Room.STORE, 0)
WORKER = Process("worker", Room.WORKER, 1, needs=("store",))


class Machine:
    """Processes that become ready after being asked so often; `never` ends again and again."""

    def __init__(self, asks: dict[str, int]) -> None:
        self.asks = asks
        self.started: list[str] = []
        self.ready: list[str] = []
        self.clock = 0.0

    def start(self, process: Process) -> None:
        self.started.append(process.name)

    def why_not_ready(self, process: Process) -> str | None:
        self.asks[process.name] -= 1
        if self.asks[process.name] > 0:
            return "starting"
        self.ready.append(process.name)
        return None

    def state(self, process: Process) -> State | None:
        self.clock += 1
        ends = self.asks[process.name] > 1000
        return State(process.name, "BACKOFF" if ends else "STARTING", 1, self.clock, 0, "Exited too quickly")

    def bring_up(self, *processes: Process, seconds: float = 5) -> dict[str, str]:
        attempt = BringUp(processes, self.start, self.why_not_ready, self.state, Silence())
        return attempt.run(seconds, threading.Event())


def test_a_process_starts_only_after_what_it_needs_is_ready() -> None:
    machine = Machine({"store": 3, "worker": 1})

    assert machine.bring_up(WORKER, STORE) == {}
    assert (machine.started, machine.ready) == (["store", "worker"], ["store", "worker"])


def test_what_is_needed_but_not_part_of_the_stack_is_not_waited_for() -> None:
    assert Machine({"worker": 1}).bring_up(WORKER) == {}


def test_who_is_not_ready_in_time_is_named_with_the_reason() -> None:
    reasons = Machine({"store": 900, "worker": 1}).bring_up(STORE, WORKER, seconds=0.3)

    assert reasons == {"store": "starting", "worker": "等待它所依赖的进程"}


@pytest.mark.slow
def test_a_process_that_keeps_ending_is_not_waited_for_until_the_limit() -> None:
    reasons = Machine({"store": 10_000}).bring_up(STORE, seconds=30)

    assert "已 6 次" in reasons["store"]


def test_breaking_off_ends_the_waiting() -> None:
    machine = Machine({"store": 900})
    interrupted = threading.Event()
    interrupted.set()

    with pytest.raises(Interrupted):
        BringUp([STORE], machine.start, machine.why_not_ready, machine.state, Silence()).run(30, interrupted)
