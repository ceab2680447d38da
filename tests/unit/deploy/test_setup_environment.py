"""The first step on a machine: where the packages come from, and whether those of an offline bundle fit it."""

import json
from pathlib import Path

import pytest

from deploy.local import setup_environment
from deploy.local.setup_environment import ROOT, install, read_manifest, unfit

MANIFEST = {"pythons": ["3.11", "3.12"], "glibc": "2.34"}
PINS = ROOT / "requirements" / "local.txt"


def test_a_checkout_has_no_bundle_and_asks_the_index(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) is None
    assert "--no-index" not in install(Path("/usr/bin/env"), PINS, bundled=False)


def test_a_bundle_is_installed_from_itself_alone_by_the_pip_it_brings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    (wheels / "pip-26.3-py3-none-any.whl").touch()
    (tmp_path / "manifest.json").write_text(json.dumps(MANIFEST), "utf-8")
    monkeypatch.setattr(setup_environment, "BUNDLE", tmp_path)

    command = install(Path("/nowhere/python"), PINS, bundled=True)

    assert read_manifest(tmp_path) == MANIFEST
    assert command[0] == f"{wheels}/pip-26.3-py3-none-any.whl/pip"
    assert {"--isolated", "--no-index", str(wheels)} <= set(command)


@pytest.mark.parametrize("version", ["2.34", "2.36", "2.100", "3.0"])
def test_a_machine_the_bundle_was_made_for_is_not_refused(version: str) -> None:
    assert unfit(MANIFEST, ("3", "12"), ("glibc", version)) is None


def test_another_python_is_refused_and_told_which_would_do() -> None:
    refusal = unfit(MANIFEST, ("3", "14"), ("glibc", "2.36"))

    assert refusal is not None
    assert "Python 3.11、3.12，本机用的是 3.14" in refusal
    assert "make up XIANFENG_PYTHON=python3.12" in refusal


@pytest.mark.parametrize("libc", [("glibc", "2.4"), ("glibc", "2.28"), ("", ""), ("musl", "1.2.5")])
def test_an_older_or_another_c_library_is_refused(libc: tuple[str, str]) -> None:
    assert "需要 glibc 2.34" in (unfit(MANIFEST, ("3", "11"), libc) or "")
