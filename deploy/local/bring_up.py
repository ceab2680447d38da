"""Bring processes up: each starts once what it needs is ready, all beside each other, until all are ready."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from deploy.local.progress import Progress
from deploy.local.supervisor import State
from deploy.local.topology import Process

POLL_SECONDS = 0.15

# Supervisor is asked less often than the process itself: on a small machine the asking is felt.
STATE_SECONDS = 0.5

# A process that ended this often before it was ever ready will not become ready by waiting.
FAILED_STARTS = 6

# After the end was called, a thread may still sit in a question with a time limit of its own.
LAST_ANSWER_SECONDS = 10


class Interrupted(Exception):
    """Starting was broken off from outside."""


@dataclass
class BringUp:
    """One attempt; `run` returns what did not become ready, and why."""

    processes: Sequence[Process]
    start: Callable[[Process], None]
    why_not_ready: Callable[[Process], str | None]
    state: Callable[[Process], State | None]
    show: Progress
    reasons: dict[str, str] = field(default_factory=dict)
    ended: threading.Event = field(default_factory=threading.Event)

    def run(self, seconds: float, interrupted: threading.Event) -> dict[str, str]:
        """Start all and wait this long at most; an empty answer means all are ready. Raises Interrupted."""
        self.reasons = {process.name: "等待它所依赖的进程" for process in self.processes}
        ready = {process.name: threading.Event() for process in self.processes}
        threads = [
            threading.Thread(target=self._bring, args=(process, ready), daemon=True) for process in self.processes
        ]
        self.show.expect(list(ready))
        deadline = time.monotonic() + seconds
        for thread in threads:
            thread.start()
        try:
            while any(thread.is_alive() for thread in threads) and time.monotonic() < deadline:
                if interrupted.wait(POLL_SECONDS / 2):
                    raise Interrupted
        finally:
            self.ended.set()
            for thread in threads:
                thread.join(timeout=LAST_ANSWER_SECONDS)
        return {name: self.reasons[name] for name in ready if name in self.reasons}

    def _bring(self, process: Process, ready: dict[str, threading.Event]) -> None:
        try:
            if self._wait_for_needs(process, ready):
                self.start(process)
                self._wait_until_ready(process)
                if process.name not in self.reasons:
                    ready[process.name].set()
        except Exception as problem:  # noqa: BLE001 - a thread has nobody above it; the report carries the reason
            self.reasons[process.name] = f"{type(problem).__name__}：{problem}"
            self.ended.set()

    def _wait_for_needs(self, process: Process, ready: dict[str, threading.Event]) -> bool:
        for need in process.needs:
            while need in ready and not ready[need].wait(POLL_SECONDS):
                if self.ended.is_set():
                    return False
        return not self.ended.is_set()

    def _wait_until_ready(self, process: Process) -> None:
        starts: set[float] = set()
        ask_at = time.monotonic() + STATE_SECONDS
        while not self.ended.is_set():
            why = self.why_not_ready(process)
            if why is None:
                del self.reasons[process.name]
                self.show.ready(process.name)
                return
            if time.monotonic() >= ask_at:
                ask_at = time.monotonic() + STATE_SECONDS
                state = self.state(process)
                if state is not None and state.state in ("BACKOFF", "EXITED", "FATAL"):
                    starts.add(state.since)
            if starts:  # says more than that it does not listen yet
                why = f"启动后即退出，已 {len(starts)} 次"
            self.reasons[process.name] = why
            self.show.waiting(process.name, why)
            if len(starts) >= FAILED_STARTS:
                self.ended.set()
            self.ended.wait(POLL_SECONDS)
