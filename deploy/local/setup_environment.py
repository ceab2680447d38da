"""Create `.venv` and install the pins into it: the one step that runs before any package of ours is there.

Only the standard library is used. A stamp beside the packages holds the digest of the pins installed last, so a
warm start costs a few milliseconds; a changed pin installs again. In an unpacked offline bundle (`make bundle`) the
packages come from the folder `bundle` beside the code, and nothing is asked of a network.
Usage: `setup_environment.py local|dev`.
"""

import hashlib
import json
import platform
import subprocess
import sys
import time
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "installed-pins.json"

BUNDLE = ROOT / "bundle"
"""What an unpacked offline bundle brings along: wheels, Kafka's jars and a manifest. A checkout has no such folder."""

# What a longer list installs also covers the shorter one.
COVERS = {"local": ("local", "dev"), "dev": ("dev",)}

# The list whose wheels travel in a bundle; what checks and tests the code is not for a machine without a network.
BUNDLED = "local"


def main(which: str) -> int:
    """Make the environment fit `requirements/<which>.txt`; 0 when it does."""
    pins = ROOT / "requirements" / f"{which}.txt"
    if is_installed(which):
        return 0
    manifest = read_manifest(BUNDLE) if which == BUNDLED else None
    refusal = unsupported(platform.system(), platform.machine())
    if refusal is None and manifest is not None:
        refusal = unfit(manifest, platform.python_version_tuple()[:2], platform.libc_ver())
    if refusal:
        return say(refusal)
    python = ENVIRONMENT / "bin" / "python"
    began = time.monotonic()
    if not works(python):
        print(f"创建 Python 环境 {ENVIRONMENT} …", flush=True)
        try:
            venv.create(ENVIRONMENT, with_pip=manifest is None, clear=ENVIRONMENT.exists())
        except (subprocess.CalledProcessError, ImportError, OSError) as problem:
            return say(
                f"无法创建 Python 环境（{problem}）：请安装 venv 模块"
                "（Debian/Ubuntu：apt-get install python3-venv），再运行一次。"
            )
    finished = subprocess.run([str(python), *install(python, pins, bundled=manifest is not None)], check=False)
    if finished.returncode != 0 and manifest is not None:
        return say("依赖没有装好：请看上面 pip 的说明（磁盘空间），用 sha256sum -c SHA256SUMS 核对后再运行一次。")
    if finished.returncode != 0:
        return say("依赖没有装好：请看上面 pip 的说明（网络、代理或磁盘空间），再运行一次。")
    installed = read_stamp()
    installed[which] = digest(which)
    STAMP.write_text(json.dumps(installed, indent=1) + "\n", encoding="utf-8")
    print(f"依赖已装好，用时 {time.monotonic() - began:.0f} 秒。", flush=True)
    return 0


def install(python: Path, pins: Path, *, bundled: bool) -> list[str]:
    """Say how pip installs this list: from the bundle alone by the pip that lies in it, or from the package index."""
    if bundled:
        print(f"从离线安装包安装依赖 {pins.relative_to(ROOT)} …", flush=True)
        wheels = BUNDLE / "wheels"
        pip = [f"{next(iter(wheels.glob('pip-*.whl')), wheels)}/pip", "install", "--isolated", "--no-index"]
        return [*pip, "--find-links", str(wheels), "--requirement", str(pins)]
    print(f"安装依赖 {pins.relative_to(ROOT)}（首次约 400 MB，请稍候）…", flush=True)
    if not works(python, "-m", "pip", "--version"):
        subprocess.run([str(python), "-m", "ensurepip", "--upgrade"], check=False)
    return ["-m", "pip", "install", "--disable-pip-version-check", "--requirement", str(pins)]


def read_manifest(bundle: Path) -> dict[str, Any] | None:
    """Read what the bundle beside the code was made for; None where there is no bundle."""
    manifest = bundle / "manifest.json"
    return dict(json.loads(manifest.read_text(encoding="utf-8"))) if manifest.is_file() else None


def unfit(manifest: dict[str, Any], python: Sequence[str], libc: tuple[str, str]) -> str | None:
    """Say why the wheels of the bundle do not fit this Python or this system, or nothing when they do."""
    here, pythons = ".".join(python), list(manifest["pythons"])
    if here not in pythons:
        return (
            f"离线安装包适用于 Python {'、'.join(pythons)}，本机用的是 {here}：请安装其中一个，"
            f"并用 XIANFENG_PYTHON 指明（例如 make up XIANFENG_PYTHON=python{pythons[-1]}）。"
        )
    library, version = libc
    if library != "glibc" or as_numbers(version) < as_numbers(manifest["glibc"]):
        return (
            f"离线安装包需要 glibc {manifest['glibc']} 或更新的版本（例如 Debian 12、Ubuntu 22.04），"
            f"本机是 {library or '其他 C 库'} {version}：请换一台机器，或在虚拟机中运行。"
        )
    return None


def as_numbers(version: str) -> tuple[int, ...]:
    """Compare versions by their numbers: 2.4 is older than 2.34."""
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def is_installed(which: str) -> bool:
    """Tell whether the environment already holds these pins, or a list that covers them."""
    installed = read_stamp()
    return any(installed.get(name) == digest(name) for name in COVERS[which])


def digest(which: str) -> str:
    """Name a pin list by its content and the Python it was installed for."""
    content = (ROOT / "requirements" / f"{which}.txt").read_bytes()
    return f"{sys.version_info.major}:{hashlib.sha256(content).hexdigest()}"


def read_stamp() -> dict[str, str]:
    """Read which pins were installed; nothing readable means none were."""
    if not (ENVIRONMENT / "bin" / "python").exists():
        return {}
    try:
        return dict(json.loads(STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def works(python: Path, *arguments: str) -> bool:
    """Tell whether this interpreter starts (a moved or half-made environment does not)."""
    try:
        tried = subprocess.run([str(python), *(arguments or ("-c", ""))], check=False, capture_output=True)
    except OSError:
        return False
    return tried.returncode == 0


def unsupported(system: str, machine: str) -> str | None:
    """Say why this platform cannot run the local stack, or nothing when it can."""
    if (system, machine) == ("Linux", "x86_64"):
        return None
    return (
        f"本机（{system} {machine}）没有可用的 MongoDB 与 Envoy 安装包："
        "本地运行需要 Linux x86_64；请换一台机器，或在虚拟机中运行。"
    )


def say(sentence: str) -> int:
    """Put one sentence on the error stream and return the exit status of a refusal."""
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "local"))
