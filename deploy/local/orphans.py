"""Processes of a stack whose supervisor was killed: found by the mark in their environment, and stopped.

A pid file says which number a process had, not whether that number is still the same process; the environment of a
process cannot be mistaken, and every child of a child carries it too.
"""

import os
import signal
import time
from pathlib import Path

# Set in the environment of everything our supervisor starts; the value is the data folder.
MARK = "XIANFENG_SUPERVISED_IN"

# Long enough for mongod to write its checkpoint.
PATIENCE_SECONDS = 20.0


def find_orphans(data_dir: Path, proc: Path = Path("/proc")) -> dict[int, str]:
    """Return the processes that belong to this data folder: pid → command."""
    mark = f"{MARK}={data_dir}".encode()
    found = {}
    for entry in proc.iterdir():
        if not entry.name.isdecimal() or int(entry.name) == os.getpid():
            continue
        try:
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ")
                if line.strip():  # a zombie has none
                    found[int(entry.name)] = line.decode(errors="replace").strip()
        except OSError:
            continue  # gone meanwhile, or not ours to read
    return found


def stop_orphans(data_dir: Path) -> int:
    """Ask every orphan to stop, insist after a while, and return how many there were."""
    orphans = find_orphans(data_dir)
    for pid in orphans:
        _send(pid, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (left := find_orphans(data_dir)) and time.monotonic() < deadline:
        time.sleep(0.1)
    for pid in left:
        _send(pid, signal.SIGKILL)
    while find_orphans(data_dir) and time.monotonic() < deadline + PATIENCE_SECONDS:
        time.sleep(0.1)
    return len(orphans)


def _send(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
