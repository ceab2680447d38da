"""One stack: started in the order of what needs what, stopped in the order of `Room`, asked about at any time.

    stack = Stack(data_dir=folder, port_base=21000, gateway_port=21999, environment={"XIANFENG_TEST": "on"})
    stack.up()
    ...
    stack.down()

The command line and the tests use nothing else.
"""

import fcntl
import signal
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Self

from deploy.local import envoy, launch, prometheus, readiness
from deploy.local.bring_up import BringUp
from deploy.local.layout import DataFolder, Ports
from deploy.local.orphans import stop_orphans
from deploy.local.passwords import Passwords
from deploy.local.ports_taken import PortTaken, taken_ports
from deploy.local.progress import Progress, Silence
from deploy.local.settings import Settings
from deploy.local.supervisor import State, Supervisor
from deploy.local.topology import NAMES, PROMETHEUS, Process, Room, named

# A process that was told to end is gone from /proc before the last of its threads lets go of its port.
LETTING_GO_SECONDS = 10.0


class NotReady(Exception):
    """Not everything became ready in time: which processes, why, and the last lines of their logs."""

    def __init__(self, reasons: Mapping[str, str], logs: DataFolder) -> None:
        """Compose the report."""
        self.reasons = dict(reasons)
        parts = []
        for name, why in self.reasons.items():
            lines = readiness.last_lines(logs.log / f"{name}.log")
            parts.append("\n".join([f"{name} 没有就绪：{why}", *(f"    {line[:300]}" for line in lines)]))
        super().__init__("\n".join(parts))


class Stack:
    """The processes of one data folder."""

    def __init__(
        self,
        data_dir: Path,
        port_base: int,
        gateway_port: int,
        environment: Mapping[str, str] | None = None,
        processes: Iterable[str] | None = None,
    ) -> None:
        """Describe a stack; nothing is touched yet.

        `environment` holds settings by their full names (`XIANFENG_DEMO`, ...). Settings of the calling process are
        not inherited, so a developer's own do not reach a test. `processes` names a part of the platform; all is the
        default.
        """
        settings = Settings.for_tests(environment or {})
        self._describe(
            replace(settings, data_dir=data_dir.resolve(), port_base=port_base, gateway_port=gateway_port),
            processes,
        )

    @classmethod
    def from_settings(cls, settings: Settings, processes: Iterable[str] | None = None) -> Self:
        """Describe the stack of settings already read."""
        stack = cls.__new__(cls)
        stack._describe(settings, processes)  # noqa: SLF001 - its own, before anybody else sees it
        return stack

    def _describe(self, settings: Settings, processes: Iterable[str] | None) -> None:
        self.settings = settings
        self.ports = Ports(settings.port_base)
        self.folder = DataFolder(settings.data_dir)
        self.supervisor = Supervisor(self.folder)
        self.processes = named(NAMES if processes is None else processes)
        if processes is None and prometheus.binary(settings) is not None:
            self.processes += (PROMETHEUS,)

    # -- what others ask -------------------------------------------------------------------------

    @property
    def passwords(self) -> Passwords:
        """The accounts made on this machine."""
        return Passwords(self.folder.passwords)

    @property
    def urls(self) -> dict[str, str]:
        """Where everything answers: `gateway`, `mongodb`, `kafka`, and each process by name."""
        found = {
            "gateway": envoy.address(self.settings),
            "mongodb": launch.mongodb_url(self.settings, self.ports),
            "kafka": launch.kafka_bootstrap(self.settings, self.ports),
            "envoy": f"http://127.0.0.1:{self.ports.envoy_admin}",
        }
        for process in self.processes:
            if process.service or process.room is Room.WATCH:
                found[process.name] = f"http://127.0.0.1:{self.ports.base + process.offset}"
        return found

    def environment(self) -> dict[str, str]:
        """The settings a tool beside the stack needs to work with it (demo, redeliver, verify-archive, tests)."""
        return launch.tool_environment(self.settings, self.ports)

    def is_running(self) -> bool:
        """Tell whether a supervisor runs for this data folder."""
        return self.supervisor.answers()

    def states(self) -> dict[str, State]:
        """What supervisor says about each process; raises SupervisorAway when nothing runs."""
        states = self.supervisor.states()
        # A Prometheus that came to this machine later is not missing from a stack started without it.
        self.processes = tuple(each for each in self.processes if each != PROMETHEUS or each.name in states)
        return states

    def why_not_ready(self, name: str) -> str | None:
        """Ask one process whether it is ready; None when it is."""
        (process,) = named([name])
        return readiness.why_not_ready(process, self.settings, self.ports)

    # -- what others order -----------------------------------------------------------------------

    def up(self, progress: Progress | None = None, interrupted: threading.Event | None = None) -> bool:
        """Start what does not run and wait until all is ready; False when everything ran already.

        Raises NotReady (what was started keeps running, so that it can be looked at), PortTaken, NotOurFolder,
        JarRefused or Interrupted.
        """
        show = progress or Silence()
        self.folder.create()
        with self._alone():
            if self.is_running():
                states = self.states()
                if all(process.name in states for process in self._ours()) and not self._missing(states):
                    return False
            else:
                self._launch(show)
            self._bring_up(show, interrupted or threading.Event())
        return True

    def down(self) -> bool:
        """Stop everything in order and wait until it is gone; False when nothing ran."""
        if not self.folder.is_ours():  # nothing of ours can run there, and not even a lock is left behind
            return False
        with self._alone():
            if not self.is_running():
                return stop_orphans(self.folder.path) > 0
            states = self.states()
            everything = named((*NAMES, PROMETHEUS.name))
            for room in Room:
                names = [process.name for process in everything if process.room is room and process.name in states]
                for name in names:
                    self.supervisor.stop(name)
                self.supervisor.wait_stopped(names)
            self.supervisor.shutdown()
            stop_orphans(self.folder.path)
        return True

    def reset(self) -> bool:
        """Stop everything and remove the data folder; False when there was none. Raises NotOurFolder."""
        self.down()
        return self.folder.remove()

    def stop(self, name: str) -> None:
        """Stop one process and wait until it is gone; it stays away until `start`."""
        named([name])
        self.supervisor.stop(name)
        self.supervisor.wait_stopped([name])

    def start(self, name: str, *, wait: bool = True) -> None:
        """Start one process again and wait until it is ready; raises NotReady."""
        (process,) = named([name])
        self.supervisor.start(name)
        if wait:
            self._bring_up(Silence(), threading.Event(), (replace(process, needs=()),))

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """Send a signal past supervisor, which sees a crash and restarts the process."""
        named([name])
        self.supervisor.kill(name, number)

    # -- how it is done --------------------------------------------------------------------------

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one command at a time start or stop this stack."""
        self.folder.run.mkdir(parents=True, exist_ok=True)
        with (self.folder.run / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _ours(self) -> tuple[Process, ...]:
        """The processes we start: not a MongoDB or Kafka somebody else runs."""
        return tuple(process for process in self.processes if launch.is_started_here(process, self.settings))

    def _missing(self, states: Mapping[str, State]) -> list[str]:
        return [process.name for process in self._ours() if not states[process.name].running]

    def _launch(self, show: Progress) -> None:
        """Clear what a killed supervisor left, write all files, and start supervisor with nothing in it running."""
        left = stop_orphans(self.folder.path)
        if left:
            show.step(f"已停止上次遗留的 {left} 个进程")
        for stale in (self.folder.socket, self.folder.run / "supervisord.pid"):
            stale.unlink(missing_ok=True)
        taken = taken_ports(self._ours(), self.settings, self.ports)
        deadline = time.monotonic() + LETTING_GO_SECONDS
        while taken and left and time.monotonic() < deadline:
            time.sleep(0.05)
            taken = taken_ports(self._ours(), self.settings, self.ports)
        if taken:
            raise PortTaken(taken)
        launch.prepare(self._ours(), self.settings, self.ports, self.folder, show)
        self.supervisor.launch(launch.supervisor_environment(self.settings))

    def _bring_up(
        self, show: Progress, interrupted: threading.Event, processes: tuple[Process, ...] | None = None
    ) -> None:
        """Start these processes and wait; raises NotReady with the report, or Interrupted."""
        wanted = self.processes if processes is None else processes
        attempt = BringUp(
            processes=wanted,
            start=self._start,
            why_not_ready=self._why_not_finished,
            state=self._state,
            show=show,
        )
        show.step(f"启动 {len(wanted)} 个进程")
        reasons = attempt.run(self.settings.ready_seconds, interrupted)
        if reasons:
            raise NotReady(reasons, self.folder)

    def _why_not_finished(self, process: Process) -> str | None:
        why = launch.why_not_finished(process, self.settings, self.ports)
        if why is None and process.room is Room.GATEWAY and self._has_identity():
            return readiness.why_without_keys(self.ports)
        return why

    def _has_identity(self) -> bool:
        return any(process.service == "identity" for process in self.processes)

    def _start(self, process: Process) -> None:
        if launch.is_started_here(process, self.settings):
            self.supervisor.start(process.name)

    def _state(self, process: Process) -> State | None:
        return self.supervisor.states().get(process.name)
