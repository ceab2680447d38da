"""The whole platform in one table: what runs, in which order it needs one another, where it answers.

Read it from the top: stores first, then the gateway, then the services. A new service is one more line of SERVICES.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Room(IntEnum):
    """What a process is; stopping goes through these in order, so nobody loses what it stands on."""

    API = 1
    WORKER = 2
    GATEWAY = 3
    LOG = 4
    STORE = 5
    WATCH = 6


@dataclass(frozen=True, slots=True)
class Process:
    """One process of the stack, under the name people use for it (`make stop P=visits-worker`)."""

    name: str
    room: Room
    offset: int
    needs: tuple[str, ...] = ()

    @property
    def service(self) -> str:
        """The service this process belongs to; empty for what is not ours."""
        return self.name.rpartition("-")[0] if self.room <= Room.WORKER else ""


@dataclass(frozen=True, slots=True)
class Service:
    """One service: an api, and a worker unless it has nothing to publish or to hear."""

    name: str
    offset: int
    worker: bool = True

    def processes(self) -> Iterable[Process]:
        """Name what runs for this service."""
        yield Process(f"{self.name}-api", Room.API, self.offset, needs=("mongod",))
        if self.worker:
            # Topics are created as part of Kafka becoming ready, so before any worker.
            yield Process(f"{self.name}-worker", Room.WORKER, self.offset + 1, needs=("mongod", "kafka"))


SERVICES = (
    Service("identity", 10, worker=False),
    Service("members", 20),
    Service("visits", 30),
    Service("duties", 40),
    Service("scoring", 50),
    Service("notifications", 60),
)

PROCESSES = (
    Process("mongod", Room.STORE, 0),
    Process("kafka", Room.LOG, 1),
    Process("envoy", Room.GATEWAY, 3),
    *(process for service in SERVICES for process in service.processes()),
)

# Runs only where this machine has a Prometheus (deploy/local/prometheus.py); the platform is whole without it.
PROMETHEUS = Process("prometheus", Room.WATCH, 4)

NAMES = tuple(process.name for process in PROCESSES)


class UnknownProcess(Exception):
    """No process of the stack has this name; the sentence lists those there are."""

    def __init__(self, name: str) -> None:
        """Keep the sentence."""
        super().__init__(f"没有名为“{name}”的进程；可用的名称：{'、'.join((*NAMES, PROMETHEUS.name))}。")


def named(names: Iterable[str]) -> tuple[Process, ...]:
    """Pick processes by name, in the order of the table; raises UnknownProcess."""
    wanted = list(names)
    for name in wanted:
        if name not in (*NAMES, PROMETHEUS.name):
            raise UnknownProcess(name)
    return tuple(process for process in (*PROCESSES, PROMETHEUS) if process.name in wanted)
