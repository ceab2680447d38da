"""What supervisor is told, and how it is asked: one rendered file, XML-RPC over a UNIX socket.

Nothing starts by itself: `stack.py` orders the first start. From then on supervisor restarts whatever ends.
Supervisor gives a process up (FATAL) after `startretries` failed starts; the number here is never reached, and since
it waits one second longer after each failed start, a dependency that was away for T seconds is met again at most
about √(2T) seconds after its return.
"""

import http.client
import shlex
import socket
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.layout import DataFolder
from deploy.local.settings import ROOT

NEVER_GIVE_UP = 1_000_000

# A process that ran this long has started; ending sooner counts as a failed start and is retried later each time.
STARTED_AFTER_SECONDS = 2

# Faust leaves its group and the relay finishes its batch in less; Kafka and mongod write their state in less.
STOP_SECONDS = 25


class SupervisorAway(Exception):
    """No supervisor answers on this stack's socket."""


@dataclass(frozen=True, slots=True)
class Program:
    """One process as supervisor sees it."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class State:
    """What supervisor says about one process."""

    name: str
    state: str
    pid: int
    since: float
    tries: int
    said: str

    @property
    def running(self) -> bool:
        """Whether the process exists."""
        return self.state in ("RUNNING", "STARTING", "STOPPING") and self.pid > 0


def render(folder: DataFolder, programs: Sequence[Program]) -> str:
    """Write supervisor's file: its socket, its own log, and one section a process."""
    head = f"""\
[unix_http_server]
file={_escape(str(folder.socket))}
chmod=0600

[supervisord]
logfile={_escape(str(folder.log / "supervisord.log"))}
logfile_maxbytes=5MB
logfile_backups=1
pidfile={_escape(str(folder.run / "supervisord.pid"))}
childlogdir={_escape(str(folder.log))}
directory={_escape(str(ROOT))}
umask=077
minfds=1024
nodaemon=false
silent=true
strip_ansi=false

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl=unix://{_escape(str(folder.socket))}
"""
    return head + "".join(_section(folder, program) for program in programs)


def _section(folder: DataFolder, program: Program) -> str:
    environment = ",".join(f"{name}={_quote(value)}" for name, value in sorted(program.environment.items()))
    return f"""
[program:{program.name}]
command={_escape(shlex.join(program.command))}
directory={_escape(str(ROOT))}
environment={environment}
autostart=false
autorestart=true
startsecs={STARTED_AFTER_SECONDS}
startretries={NEVER_GIVE_UP}
stopsignal=TERM
stopwaitsecs={STOP_SECONDS}
stopasgroup=true
killasgroup=true
redirect_stderr=true
stdout_logfile={_escape(str(folder.log / (program.name + ".log")))}
stdout_logfile_maxbytes=20MB
stdout_logfile_backups=3
"""


def _escape(text: str) -> str:
    """Keep a percent sign a percent sign: supervisor expands them; and a semicolon no comment."""
    return text.replace("%", "%%").replace(" ;", r" \;")


def _quote(value: str) -> str:
    """Quote one environment value; supervisor has no escape for a quote inside one."""
    if set(value) & set("\"'\n\r\\"):
        raise ValueError(f"a setting for supervisor holds a quote or a line break: {value!r}")
    return f'"{_escape(value)}"'


class Supervisor:
    """One running supervisor, asked over its socket; each call has a connection of its own, so threads may share it."""

    def __init__(self, folder: DataFolder) -> None:
        """Nothing is opened yet."""
        self._folder = folder

    def launch(self, environment: Mapping[str, str]) -> None:
        """Start the daemon and wait until it answers; raises SupervisorAway with what it said."""
        command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(self._folder.supervisor_conf)]
        started = subprocess.run(
            command,
            check=False,
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            if self.answers():
                return
            if started.returncode != 0:
                break
            time.sleep(0.02)
        raise SupervisorAway(f"supervisor 没有启动：{started.stdout.strip()[-400:]}")

    def answers(self) -> bool:
        """Tell whether a supervisor listens on the socket of this data folder."""
        try:
            self._call("supervisor.getState")
        except SupervisorAway:
            return False
        return True

    def pid(self) -> int:
        """The process id of supervisor itself."""
        return int(self._call("supervisor.getPID"))

    def states(self) -> dict[str, State]:
        """What supervisor says about every process."""
        found = self._call("supervisor.getAllProcessInfo")
        return {
            info["name"]: State(
                name=info["name"],
                state=info["statename"],
                pid=int(info["pid"]),
                since=float(info["start"]),
                tries=1 if info["statename"] == "BACKOFF" else 0,
                said=info["spawnerr"] or info["description"],
            )
            for info in found
        }

    def start(self, name: str) -> None:
        """Start one process without waiting; one that runs stays as it is."""
        self._tell("supervisor.startProcess", name, already="ALREADY_STARTED")

    def stop(self, name: str) -> None:
        """Ask one process to stop without waiting; one that does not run stays as it is."""
        self._tell("supervisor.stopProcess", name, already="NOT_RUNNING")

    def kill(self, name: str, number: int) -> None:
        """Send a signal to one process, past supervisor's own stopping (it will be restarted)."""
        self._tell("supervisor.signalProcess", name, already="NOT_RUNNING", argument=str(number))

    def wait_stopped(self, names: Sequence[str]) -> None:
        """Wait until none of these runs; supervisor itself kills what does not stop in time."""
        deadline = time.monotonic() + STOP_SECONDS + 10
        while time.monotonic() < deadline:
            states = self.states()
            if not any(name in states and states[name].running for name in names):
                return
            time.sleep(0.05)

    def shutdown(self) -> None:
        """End supervisor and everything it still runs, and wait until it is gone."""
        pid = self.pid()
        self._call("supervisor.shutdown")
        deadline = time.monotonic() + STOP_SECONDS + 10
        while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
            time.sleep(0.05)

    def _tell(self, method: str, name: str, *, already: str, argument: Any = False) -> None:
        try:
            self._call(method, name, argument)
        except xmlrpc.client.Fault as fault:
            if already not in fault.faultString:
                raise

    def _call(self, method: str, *arguments: Any) -> Any:
        transport = _UnixTransport(self._folder.socket)
        try:
            with xmlrpc.client.ServerProxy("http://supervisor", transport=transport) as proxy:
                return getattr(proxy, method)(*arguments)
        except (OSError, http.client.HTTPException, xmlrpc.client.ProtocolError) as problem:
            raise SupervisorAway(str(problem)) from problem


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a socket file."""

    def __init__(self, path: Path) -> None:
        super().__init__("supervisor", timeout=30)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(30)
        try:
            self.sock.connect(str(self._path))
        except OSError:
            self.close()
            raise


class _UnixTransport(xmlrpc.client.Transport):
    """XML-RPC over a socket file."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def make_connection(self, host: object) -> http.client.HTTPConnection:
        connection = _UnixConnection(self._path)
        self._connection = (str(host), connection)  # what Transport.close() closes
        return connection
