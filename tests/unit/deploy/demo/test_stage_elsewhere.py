"""The demo beside a platform that something else than `make up` runs (docker-compose.yml)."""

from pathlib import Path

import pytest

from deploy.demo.__main__ import _stage_elsewhere
from deploy.local.passwords import Passwords
from deploy.local.settings import Settings

WORKERS = ["http://members-worker:8000", "http://visits-worker:8000"]


def test_it_goes_where_it_is_told_and_signs_in_with_the_password_the_platform_was_given(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, admin_password="preset-for-admin")
    stage = _stage_elsewhere(settings, "http://envoy:8080", WORKERS)

    assert (stage.gateway_url, stage.workers) == ("http://envoy:8080", WORKERS)
    assert Passwords(tmp_path / "passwords").of("admin") == "preset-for-admin"


def test_a_password_that_was_changed_for_the_platform_is_the_one_that_counts(tmp_path: Path) -> None:
    Passwords(tmp_path / "passwords").ensure("admin", "the-one-before")
    _stage_elsewhere(Settings(data_dir=tmp_path, admin_password="the-new-one"), "http://envoy:8080", WORKERS)

    assert Passwords(tmp_path / "passwords").of("admin") == "the-new-one"


def test_without_workers_it_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        _stage_elsewhere(Settings(data_dir=tmp_path), "http://envoy:8080", [])

    assert "--worker" in capsys.readouterr().out
