"""Real stacks for tests: the same code as `make up`, on free ports, in a folder of their own, gone afterwards."""

import fcntl
import random
import socket
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from deploy.local.stack import Stack

_SPAN = 70
_LOCKS: list[TextIO] = []
_LOWEST, _HIGHEST = 24000, 32000
"""Below the range the kernel hands out to clients (32768 and up), so that no connection of ours takes a port."""


@contextmanager
def running_stack(
    processes: Iterable[str] | None = None, environment: Mapping[str, str] | None = None
) -> Iterator[Stack]:
    """A stack (or the named processes of one) under the steered clock, ready; stopped and removed at the end."""
    base = free_ports()
    with tempfile.TemporaryDirectory(prefix="xf-") as folder:
        settings = {"XIANFENG_TEST": "on", "XIANFENG_DEMO": "off", "XIANFENG_CLOCK": "steered", **(environment or {})}
        stack = Stack(Path(folder) / "data", base, base + _SPAN - 1, settings, processes)
        try:
            stack.up()
            yield stack
        finally:
            stack.reset()


def free_ports() -> int:
    """The first of a run of ports nobody listens on, kept from other test processes as long as this one lives."""
    for _ in range(100):
        base = random.randrange(_LOWEST, _HIGHEST - _SPAN, _SPAN)  # noqa: S311 - ports are no secrets
        if _is_ours(base) and all(_is_free(port) for port in range(base, base + _SPAN)):
            return base
    raise RuntimeError("no free ports for a stack")


def _is_ours(base: int) -> bool:
    """Whether no other process tests with these ports; a lock ends with its process, however that ends."""
    lock = (Path(tempfile.gettempdir()) / f"xianfeng-test-ports-{base}").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return False
    _LOCKS.append(lock)
    return True


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
