"""The offline bundle, tried: with no network, from an empty home, what `make bundle` packed is installed and runs."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.settings import ROOT

_WITHOUT_NETWORK = Path(__file__).with_name("without_network.py")
_WAYS_IN = (("unshare", "--net"), ("unshare", "--user", "--map-root-user", "--net"))

# What docs/operations/offline.md tells an operator to type; the trap is for a step that fails.
_AS_AN_OPERATOR = """
set -eu
tar xf "$ARCHIVE"
cd xianfeng-*
sha256sum --quiet --check SHA256SUMS
trap 'make down' EXIT
make up
.venv/bin/python -c "$SIGN_IN"
"""

_SIGN_IN = """
import httpx
from deploy.local.settings import Settings
from deploy.local.stack import Stack

stack = Stack.from_settings(Settings.from_environment())
form = {"grant_type": "password", "username": "admin", "password": stack.passwords.of("admin")}
answer = httpx.post(stack.urls["gateway"] + "/api/identity/token", data=form)
print("signed in:", answer.status_code, "access_token" in answer.json())
"""


def way_into_a_namespace() -> tuple[str, ...] | None:
    """How a network namespace is made here: as root, or by a namespace of users; None where neither is allowed."""
    for way in _WAYS_IN:
        try:
            if subprocess.run([*way, "true"], check=False, capture_output=True).returncode == 0:
                return way
        except FileNotFoundError:
            return None
    return None


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not pytest's own, which would keep the gigabyte of three runs."""
    with tempfile.TemporaryDirectory(prefix="xf-") as made:
        yield Path(made)


@pytest.fixture
def archive(folder: Path) -> Path:
    """What is committed, packed: changes not yet committed are not in it."""
    made = subprocess.run(["make", "bundle", f"A=--to {folder}"], cwd=ROOT, check=False, text=True, capture_output=True)
    assert made.returncode == 0, made.stdout + made.stderr
    [archive] = folder.glob("xianfeng-*.tar")
    return archive


def test_without_a_network_the_bundle_is_installed_and_runs(folder: Path, archive: Path) -> None:
    way = way_into_a_namespace()
    if way is None:
        pytest.skip("no network namespace can be made here (unshare --net)")
    home, here = folder / "home", folder / "here"
    home.mkdir()
    here.mkdir()

    typed = subprocess.run(
        [*way, sys.executable, str(_WITHOUT_NETWORK), "sh", "-c", _AS_AN_OPERATOR],
        cwd=here,
        env={
            "PATH": os.environ["PATH"],  # noqa: TID251 - where make and sha256sum are, and nothing else of ours
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "XIANFENG_DEMO": "off",
            "XIANFENG_PYTHON": str(Path(sys.executable).resolve()),
            "ARCHIVE": str(archive),
            "SIGN_IN": _SIGN_IN,
        },
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )

    assert typed.returncode == 0, typed.stdout
    assert "从离线安装包安装依赖" in typed.stdout
    assert "全部就绪" in typed.stdout
    assert "signed in: 200 True" in typed.stdout
    assert "已全部停止" in typed.stdout
