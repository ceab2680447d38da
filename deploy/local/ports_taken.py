"""Which ports the stack wants are held by somebody else, and by whom."""

import socket
from collections.abc import Iterable, Mapping
from pathlib import Path

from deploy.local.layout import Ports
from deploy.local.settings import Settings
from deploy.local.topology import Process, Room

LISTENING = "0A"


class PortTaken(Exception):
    """Ports the stack wants are in use; the sentence names them and their holders."""

    def __init__(self, taken: Mapping[int, str]) -> None:
        """Compose the sentence."""
        listed = "；".join(f"{port}（{use}{holder_of(port)}）" for port, use in taken.items())
        super().__init__(
            f"端口已被占用：{listed}。请停止占用的程序，或换用 XIANFENG_GATEWAY_PORT / XIANFENG_PORT_BASE。"
        )


def wanted_ports(processes: Iterable[Process], settings: Settings, ports: Ports) -> dict[int, str]:
    """Every port these processes will listen on, and what for."""
    wanted = {}
    for process in processes:
        wanted[ports.base + process.offset] = process.name
        if process.room is Room.LOG:
            wanted[ports.kafka_controller] = "kafka controller"
        if process.room is Room.GATEWAY:
            wanted[settings.gateway_port] = "gateway"
    return wanted


def taken_ports(processes: Iterable[Process], settings: Settings, ports: Ports) -> dict[int, str]:
    """The wanted ports that cannot be bound now."""
    return {port: use for port, use in wanted_ports(processes, settings, ports).items() if not is_free(port)}


def is_free(port: int) -> bool:
    """Tell whether a server could listen here (connections still closing do not count)."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def holder_of(port: int, proc: Path = Path("/proc")) -> str:
    """Name the process that listens on a port, as far as we may look; empty when we may not."""
    inodes = set()
    for table in ("net/tcp", "net/tcp6"):
        try:
            rows = (proc / table).read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for fields in (row.split() for row in rows):
            if fields[3] == LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                inodes.add(f"socket:[{fields[9]}]")
    for entry in proc.iterdir() if inodes else ():
        if not entry.name.isdecimal():
            continue
        try:
            if any(str(link.readlink()) in inodes for link in (entry / "fd").iterdir()):
                return f"，被 {(entry / 'comm').read_text(encoding='utf-8').strip()} 占用，进程号 {entry.name}"
        except OSError:
            continue
    return ""
