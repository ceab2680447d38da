"""`make doctor`: one sentence for each thing that is missing, taken or unsupported, and what to do about it."""

import ctypes.util
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.local import envoy, jars, kafka, mongod, prometheus, setup_environment
from deploy.local.launch import is_started_here
from deploy.local.ports_taken import holder_of, taken_ports
from deploy.local.stack import Stack

# Two stores preallocate; a township's first years fit in what is left.
DISK_MB = 2000
MEMORY_MB = 1800


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence, and whether it stands in the way."""

    sentence: str
    good: bool = False


def examine(stack: Stack) -> Iterator[Finding]:
    """Look at everything `make up` needs; good findings are told too."""
    yield _platform()
    yield _program("MongoDB 程序", mongod.binary)
    yield _curl()
    yield _program("Java 程序", kafka.java)
    yield _program("Envoy 程序", envoy.binary)
    yield _watch(stack)
    yield _jars(stack)
    yield _folder(stack)
    yield _disk(stack.folder.path)
    yield _memory()
    yield from _ports(stack)
    yield from _foreign(stack)


def _platform() -> Finding:
    refusal = setup_environment.unsupported(platform.system(), platform.machine())
    if refusal:
        return Finding(refusal)
    if sys.version_info < (3, 11):  # noqa: UP036 - the environment may be older than the code
        return Finding(f"Python {platform.python_version()} 太旧：需要 3.11 或更新的版本。")
    return Finding(f"系统 {platform.system()} {platform.machine()}，Python {platform.python_version()}。", good=True)


def _program(what: str, find: Callable[[], Path]) -> Finding:
    try:
        return Finding(f"{what}：{find()}", good=True)
    except FileNotFoundError as missing:
        return Finding(f"缺少{what}（{missing}）：请删除 .venv 后重新运行 make up。")


def _curl() -> Finding:
    if ctypes.util.find_library("curl"):
        return Finding("libcurl.so.4 已安装。", good=True)
    return Finding("缺少 libcurl.so.4，mongod 无法启动：请安装（Debian/Ubuntu：apt-get install libcurl4）。")


def _watch(stack: Stack) -> Finding:
    found = prometheus.binary(stack.settings)
    if found is None:
        return Finding("没有 Prometheus，监控不启动（可选：apt-get install prometheus）。", good=True)
    return Finding(f"Prometheus 程序：{found}，随 make up 启动。", good=True)


def _jars(stack: Stack) -> Finding:
    folder = stack.settings.cache_dir / "jars"
    wrong = jars.wrong_jars(folder, jars.read_checksums())
    if not wrong:
        return Finding(f"Kafka 的 jar 齐全且校验无误：{folder}", good=True)
    if folder.exists():
        return Finding(f"Kafka 的 jar 缺失或损坏（{wrong[0]} 等 {len(wrong)} 个）：下次 make up 会重新下载。")
    if jars.is_bundled():
        return Finding("Kafka 的 jar 取自离线安装包，无需下载。", good=True)
    return Finding("Kafka 的 jar 尚未下载：首次 make up 会下载约 46 MB。", good=True)


def _folder(stack: Stack) -> Finding:
    path = stack.folder.path
    if path.exists() and not stack.folder.is_ours():
        return Finding(f"{path} 里有别的文件：请换一个 XIANFENG_DATA_DIR。")
    return Finding(f"数据文件夹 {path}{'' if path.exists() else '（尚未创建）'}。", good=True)


def _disk(path: Path) -> Finding:
    place = next(place for place in (path, *path.parents) if place.exists())
    free = shutil.disk_usage(place).free // 2**20
    if free < DISK_MB:
        return Finding(f"磁盘只剩 {free} MB（{place}）：至少需要 {DISK_MB} MB。")
    return Finding(f"磁盘可用 {free} MB。", good=True)


def _memory() -> Finding:
    rows = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    available = next(int(row.split()[1]) // 1024 for row in rows if row.startswith("MemAvailable"))
    if available < MEMORY_MB:
        return Finding(f"可用内存只有 {available} MB：全部进程约需 {MEMORY_MB} MB。")
    return Finding(f"内存可用 {available} MB。", good=True)


def _ports(stack: Stack) -> Iterator[Finding]:
    if stack.is_running():
        yield Finding("本套服务正在运行，端口由它自己占用。", good=True)
        return
    ours = [process for process in stack.processes if is_started_here(process, stack.settings)]
    taken = taken_ports(ours, stack.settings, stack.ports)
    for port, use in taken.items():
        setting = "XIANFENG_GATEWAY_PORT" if use == "gateway" else "XIANFENG_PORT_BASE"
        yield Finding(f"端口 {port}（{use}）已被占用{holder_of(port)}：请停止它，或换一个 {setting}。")
    if not taken:
        yield Finding("所需端口全部空闲。", good=True)


def _foreign(stack: Stack) -> Iterator[Finding]:
    settings = stack.settings
    if settings.mongodb_url is not None:
        why = mongod.why_not_reachable(settings.mongodb_url)
        yield Finding(f"{why}。") if why else Finding("使用已有的 MongoDB，本机不另启动。", good=True)
    if settings.kafka_bootstrap is not None:
        why = kafka.why_not_listening(settings.kafka_bootstrap)
        yield Finding(f"{why}。") if why else Finding("使用已有的 Kafka，本机不另启动。", good=True)
