"""Where things stand: the ports counted from one base, and the one data folder."""

import hashlib
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

# sockaddr_un holds 108 bytes with the closing zero; supervisor first binds `<path>.<pid>` beside the final name.
LONGEST_SOCKET_PATH = 107 - len(".4194304")

MARKER = ".xianfeng-data"
FOLDERS = ("mongo", "kafka", "run", "log", "keys", "gateway")


class NotOurFolder(Exception):
    """The data folder holds something we did not put there, so it is neither used nor removed."""


@dataclass(frozen=True, slots=True)
class Ports:
    """The inner ports, all on loopback, by their distance from the base."""

    base: int

    @property
    def mongodb(self) -> int:
        """Where mongod listens."""
        return self.base

    @property
    def kafka(self) -> int:
        """Where Kafka's clients connect."""
        return self.base + 1

    @property
    def kafka_controller(self) -> int:
        """Where Kafka's controller listens for its own broker."""
        return self.base + 2

    @property
    def envoy_admin(self) -> int:
        """Where Envoy answers about itself."""
        return self.base + 3

    @property
    def prometheus(self) -> int:
        """Where Prometheus answers, when there is one."""
        return self.base + 4


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The one folder a stack writes to; it survives restarts and is removed by `make reset`."""

    path: Path

    @property
    def run(self) -> Path:
        """Process ids, sockets and rendered configuration of the running stack."""
        return self.path / "run"

    @property
    def log(self) -> Path:
        """One file a process, rotated."""
        return self.path / "log"

    @property
    def passwords(self) -> Path:
        """The accounts made here: `account password`, one a line, for the owner's eyes only."""
        return self.path / "passwords"

    @property
    def supervisor_conf(self) -> Path:
        """What supervisor was started with."""
        return self.run / "supervisord.conf"

    @property
    def socket(self) -> Path:
        """Where supervisor listens; a deep data folder has it in a short private folder instead."""
        near = self.run / "supervisor.sock"
        if len(os.fsencode(near)) <= LONGEST_SOCKET_PATH:
            return near
        name = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"xianfeng-{os.getuid()}-{name}" / "supervisor.sock"

    def create(self) -> None:
        """Make the folder and its rooms, readable by the owner alone.

        Raises NotOurFolder when it already holds something that is not ours.
        """
        if self.path.exists() and not self.is_ours():
            raise NotOurFolder(f"{self.path} 不是空文件夹，也不是先锋亮绩的数据文件夹：请换一个 XIANFENG_DATA_DIR。")
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self.path / MARKER).write_text("先锋亮绩 data folder: removed by make reset\n", encoding="utf-8")
        for name in FOLDERS:
            (self.path / name).mkdir(exist_ok=True, mode=0o700)
        if self.socket.parent != self.run:
            _make_private(self.socket.parent)

    def is_ours(self) -> bool:
        """Tell whether the folder carries our marker, or holds nothing but what we would put there."""
        if (self.path / MARKER).is_file():
            return True
        if not self.path.is_dir():
            return False
        known = {*FOLDERS, "passwords", "clock"}
        return all(entry.name in known for entry in self.path.iterdir())

    def remove(self) -> bool:
        """Remove the folder; False when there is none.

        Raises NotOurFolder when it is not ours: nothing is removed then.
        """
        if not self.path.exists():
            return False
        if not (self.path / MARKER).is_file():
            raise NotOurFolder(f"{self.path} 没有我们的标记文件 {MARKER}，没有删除任何内容。")
        if self.socket.parent != self.run:
            shutil.rmtree(self.socket.parent, ignore_errors=True)
        shutil.rmtree(self.path)
        return True


def _make_private(folder: Path) -> None:
    """Make a folder in the shared temporary one, refusing one that somebody else put there first."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise NotOurFolder(f"{folder} 不属于当前用户：请换一个较短的 XIANFENG_DATA_DIR。")
