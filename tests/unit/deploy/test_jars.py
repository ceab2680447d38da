import hashlib
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from deploy.local.jars import (
    JarRefused,
    fetch_with_jgo,
    get_jars,
    read_checksums,
    source,
    trusting_this_machine,
    wrong_jars,
)

GOOD = b"the jar that was committed"
CHECKSUMS = {"kafka.jar": hashlib.sha256(GOOD).hexdigest()}


def served(content: bytes) -> "Served":
    return Served(content)


class Served:
    """A repository that hands out one content for every jar, and counts how often it was asked."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.asked = 0

    def __call__(self, cache: Path) -> list[Path]:
        self.asked += 1
        cache.mkdir(parents=True)
        (cache / "kafka.jar").write_bytes(self.content)
        return [cache / "kafka.jar"]


class Slow(Served):
    """A repository far away."""

    def __call__(self, cache: Path) -> list[Path]:
        time.sleep(0.1)
        return super().__call__(cache)


def test_jars_are_fetched_once(tmp_path: Path) -> None:
    repository = served(GOOD)

    get_jars(tmp_path, CHECKSUMS, repository)
    folder = get_jars(tmp_path, CHECKSUMS, repository)

    assert ((folder / "kafka.jar").read_bytes(), repository.asked) == (GOOD, 1)


def test_of_two_who_need_them_at_once_one_fetches_and_the_other_waits(tmp_path: Path) -> None:
    repository = Slow(GOOD)

    with ThreadPoolExecutor() as both:
        found = list(both.map(lambda _: get_jars(tmp_path, CHECKSUMS, repository), range(2)))

    assert ([(folder / "kafka.jar").read_bytes() for folder in found], repository.asked) == ([GOOD, GOOD], 1)


def test_another_content_is_refused_by_the_name_of_the_jar_and_not_kept(tmp_path: Path) -> None:
    with pytest.raises(JarRefused, match=r"kafka\.jar"):
        get_jars(tmp_path, CHECKSUMS, served(b"something else"))

    assert [left.name for left in tmp_path.iterdir()] == ["jars.lock"]


def test_a_damaged_jar_is_fetched_again(tmp_path: Path) -> None:
    folder = get_jars(tmp_path, CHECKSUMS, served(GOOD))
    (folder / "kafka.jar").write_bytes(b"bit rot")

    get_jars(tmp_path, CHECKSUMS, served(GOOD))

    assert wrong_jars(folder, CHECKSUMS) == []


def test_a_jar_nobody_committed_is_left_out(tmp_path: Path) -> None:
    def with_a_stranger(cache: Path) -> list[Path]:
        jars = served(GOOD)(cache)
        (cache / "stranger.jar").write_bytes(b"?")
        return [*jars, cache / "stranger.jar"]

    folder = get_jars(tmp_path, CHECKSUMS, with_a_stranger)

    assert [jar.name for jar in folder.iterdir()] == ["kafka.jar"]


def test_the_committed_list_names_kafka_and_only_whole_digests() -> None:
    checksums = read_checksums()

    assert "kafka_2.13-4.3.1.jar" in checksums
    assert {len(digest) for digest in checksums.values()} == {64}


def test_the_authorities_of_the_machine_are_trusted_and_a_choice_of_the_person_wins() -> None:
    chosen = {"REQUESTS_CA_BUNDLE": "/somewhere/else.pem"}

    assert trusting_this_machine({}).get("REQUESTS_CA_BUNDLE") == ssl.get_default_verify_paths().cafile
    assert trusting_this_machine(chosen) == chosen


def test_an_offline_bundle_brings_the_jars_and_they_are_checked_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "bundle" / "jars").mkdir(parents=True)
    (tmp_path / "bundle" / "jars" / "kafka.jar").write_bytes(GOOD)
    bundled = source({}, tmp_path / "bundle")

    folder = get_jars(tmp_path / "cache", CHECKSUMS, bundled)

    assert (folder / "kafka.jar").read_bytes() == GOOD
    with pytest.raises(JarRefused, match="sha256sum -c SHA256SUMS"):
        get_jars(tmp_path / "other", {"kafka.jar": "0" * 64}, bundled)


def test_without_a_bundle_the_jars_come_from_maven(tmp_path: Path) -> None:
    fetch = source({"JAVA_HOME": "/x"}, tmp_path)

    assert isinstance(fetch, partial)
    assert (fetch.func, fetch.keywords) == (fetch_with_jgo, {"environment": {"JAVA_HOME": "/x"}})
