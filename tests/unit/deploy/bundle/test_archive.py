"""The archive: the committed code and what is added, a sum for each file, the same bytes for the same content."""

import hashlib
import io
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from deploy.bundle.archive import SUMS, Content, pack, unpack
from deploy.bundle.checkout import Checkout, NotACheckout

MOMENT = 1_796_000_000


def committed(files: Mapping[str, bytes], mode: int = 0o664) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as packed:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode, member.mtime = len(content), mode, 7
            packed.addfile(member, io.BytesIO(content))
    return written.getvalue()


def unpacked(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as packed:
        found = ((member.name, packed.extractfile(member)) for member in packed.getmembers())
        return {name: content.read() for name, content in found if content is not None}


def test_everything_lies_in_one_folder_with_a_sum_for_each_file(tmp_path: Path) -> None:
    (tmp_path / "fast.whl").write_bytes(b"wheel")
    added: dict[str, Content] = {"bundle/wheels/fast.whl": tmp_path / "fast.whl", "bundle/images.txt": b"mongo:8.0\n"}

    pack(tmp_path / "made.tar", "xianfeng-1", committed({"Makefile": b"up:"}), added, MOMENT)

    contents = {"Makefile": b"up:", "bundle/wheels/fast.whl": b"wheel", "bundle/images.txt": b"mongo:8.0\n"}
    sums = {f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in contents.items()}
    found = unpacked(tmp_path / "made.tar")
    assert set(found.pop(f"xianfeng-1/{SUMS}").decode().splitlines()) == sums
    assert found == {f"xianfeng-1/{name}": content for name, content in contents.items()}


def test_the_sums_are_those_sha256sum_checks(tmp_path: Path) -> None:
    pack(tmp_path / "made.tar", "here", committed({"README.md": b"read me", "带空格 的.txt": b"?"}), {}, MOMENT)
    unpack((tmp_path / "made.tar").read_bytes(), tmp_path)

    def check() -> int:
        return subprocess.run(
            ["sha256sum", "--quiet", "--check", SUMS], cwd=tmp_path / "here", check=False, capture_output=True
        ).returncode

    assert check() == 0
    (tmp_path / "here" / "README.md").write_bytes(b"read mu")
    assert check() != 0


def test_the_same_content_gives_the_same_bytes_whoever_packed_it_and_when(tmp_path: Path) -> None:
    files = {"a": b"1", "b": b"2"}

    one = pack(tmp_path / "one.tar", "x", committed(files), {}, MOMENT)
    other = pack(tmp_path / "other.tar", "x", committed(dict(reversed(files.items())), mode=0o600), {}, MOMENT)

    assert one == other == hashlib.sha256((tmp_path / "one.tar").read_bytes()).hexdigest()


def test_what_can_be_run_stays_so(tmp_path: Path) -> None:
    pack(tmp_path / "made.tar", "x", committed({"run": b"#!/bin/sh"}, mode=0o775), {}, MOMENT)

    with tarfile.open(tmp_path / "made.tar") as packed:
        assert oct(packed.getmember("x/run").mode) == "0o755"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "1.2.3"\n', "utf-8")
    me = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.org", "-c", "commit.gpgsign=false"]
    for command in (["init", "--quiet"], ["add", "."], [*me, "commit", "--quiet", "--message", "first"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return tmp_path


def test_what_is_committed_travels_and_changes_since_then_are_told(checkout: Path, tmp_path: Path) -> None:
    before = Checkout.at(checkout)
    changed_before = before.has_changes()
    (checkout / "new.txt").write_text("not committed", "utf-8")
    unpack(before.archive(), tmp_path / "there")

    assert (changed_before, before.has_changes()) == (False, True)
    assert before.name == f"1.2.3-{before.commit[:12]}"
    assert [file.name for file in (tmp_path / "there").iterdir()] == ["pyproject.toml"]


def test_without_a_checkout_the_refusal_says_what_to_do_even_inside_somebody_elses(checkout: Path) -> None:
    inside = checkout / "unpacked"
    inside.mkdir()

    with pytest.raises(NotACheckout, match="请在 git 检出中运行 make bundle"):
        Checkout.at(inside)
