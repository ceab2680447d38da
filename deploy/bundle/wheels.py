"""The wheels of a bundle: each pin for every Python it is made for, fetched once and kept beside the jars."""

import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from zipfile import is_zipfile

from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import canonicalize_name, parse_wheel_filename

PYTHONS = ((3, 11), (3, 12), (3, 13))
"""What the bundle runs on: what Debian 12 and 13, Ubuntu 24.04 and openEuler 24.03 bring; most wheels serve all."""

GLIBC_MINOR = 34
"""The C library the wheels may ask for: 2.34, what mongod itself needs (the tag of its wheel says less)."""

# PEP 600 names each version; these are the older names of three of them.
_OLD_NAMES = {17: "manylinux2014_x86_64", 12: "manylinux2010_x86_64", 5: "manylinux1_x86_64"}

Python = tuple[int, int]
Pins = Mapping[str, str]
Fetch = Callable[[Python, Sequence[str], Path], None]


class WheelRefused(Exception):
    """A pin has no wheel that fits; the sentence names it."""


def read_pins(requirements: str) -> dict[str, str]:
    """Read a list of `name==version` lines: normalised name → version."""
    pins: dict[str, str] = {}
    for line in requirements.splitlines():
        if line.strip() and not line.startswith("#"):
            pin = Requirement(line)
            (only,) = pin.specifier
            pins[canonicalize_name(pin.name)] = only.version
    return pins


def platforms() -> list[str]:
    """Name the platforms a wheel may be made for, best first."""
    found = []
    for minor in range(GLIBC_MINOR, 4, -1):
        found += [f"manylinux_2_{minor}_x86_64", *([_OLD_NAMES[minor]] if minor in _OLD_NAMES else [])]
    return found


def tags(python: Python) -> list[Tag]:
    """Say what a wheel may be tagged with to run on this Python, best first."""
    everywhere = compatible_tags(python, interpreter=f"cp{python[0]}{python[1]}", platforms=platforms())
    return [*cpython_tags(python, platforms=platforms()), *everywhere]


def choose(pins: Pins, wheels: Iterable[Path], python: Python) -> tuple[list[Path], list[str]]:
    """Pick the best wheel for each pin, and name the pins that have none as `name==version`."""
    rank = {tag: number for number, tag in enumerate(tags(python))}
    best: dict[tuple[str, str], tuple[int, Path]] = {}
    for wheel in wheels:
        name, version, _, offered = parse_wheel_filename(wheel.name)
        fitting = [rank[tag] for tag in offered if tag in rank]
        key = (name, str(version))
        if fitting and (key not in best or min(fitting) < best[key][0]):
            best[key] = (min(fitting), wheel)
    chosen = [best[pin][1] for pin in pins.items() if pin in best]
    return chosen, [f"{name}=={version}" for name, version in pins.items() if (name, version) not in best]


def collect(pins: Pins, folder: Path, fetch: Fetch, pythons: Iterable[Python] = PYTHONS) -> list[Path]:
    """Return the wheels of all pins for all Pythons in order of name; what the folder lacks is fetched into it.

    Raises WheelRefused for a pin that has no wheel for one of them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    collected: set[Path] = set()
    for python in pythons:
        _, missing = choose(pins, _whole(folder), python)
        if missing:
            fetch(python, missing, folder)
        chosen, missing = choose(pins, _whole(folder), python)
        if missing:
            raise WheelRefused(f"没有适用于 Python {python[0]}.{python[1]} 的安装包：{'、'.join(missing)}。")
        collected.update(chosen)
    return sorted(collected)


def _whole(folder: Path) -> list[Path]:
    """The wheels in the folder; a download that broke off is none."""
    return [wheel for wheel in sorted(folder.glob("*.whl")) if is_zipfile(wheel)]


def fetch_with_pip(python: Python, missing: Sequence[str], folder: Path) -> None:
    """Download wheels for a Python that need not be the one that runs here; nothing is built from source."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary", ":all:", "--implementation", "cp"]
    command += ["--python-version", f"{python[0]}.{python[1]}", "--dest", str(folder)]
    command += [part for platform in platforms() for part in ("--platform", platform)]
    finished = subprocess.run([*command, *missing], check=False)
    if finished.returncode != 0:
        raise WheelRefused("安装包没有下载完：请看上面 pip 的说明（网络、代理或磁盘空间），再运行一次。")
