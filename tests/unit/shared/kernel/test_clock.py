"""Business time: the machine's, or steered through a file."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.kernel.clock import SteeredClock, WallClock, wall_now

MARCH = datetime(2026, 3, 2, 8, tzinfo=UTC)
NEAR = timedelta(seconds=5)


class Steered:
    """A clock over a folder whose file a test writes; it looks at the file at every question."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "clock"
        self.clock = SteeredClock(folder)

    def told(self, text: str) -> datetime:
        self.file.write_text(text, encoding="utf-8")
        return self.asked()

    def asked(self) -> datetime:
        self.clock._looked = float("-inf")
        return self.clock.now()


@pytest.fixture
def steered(tmp_path: Path) -> Steered:
    return Steered(tmp_path)


def is_wall_time(instant: datetime) -> bool:
    return abs(wall_now() - instant) < NEAR


def test_without_the_file_it_is_wall_time(steered: Steered) -> None:
    assert is_wall_time(steered.asked())


def test_the_file_says_what_time_it_is_and_the_day_is_shanghais(steered: Steered) -> None:
    assert steered.told("2026-03-02T16:30:00+00:00") == datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
    assert steered.clock.today().isoformat() == "2026-03-03"


def test_it_only_goes_forward(steered: Steered) -> None:
    steered.told(MARCH.isoformat())

    assert steered.told((MARCH - timedelta(days=1)).isoformat()) == MARCH
    assert steered.told((MARCH + timedelta(days=1)).isoformat()) == MARCH + timedelta(days=1)


def test_it_never_passes_wall_time(steered: Steered) -> None:
    steered.told(MARCH.isoformat())

    assert steered.told((wall_now() + timedelta(hours=1)).isoformat()) == MARCH


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-03-09T08:00:00", "\u661f\u671f\u4e00"])
def test_what_names_no_instant_changes_nothing(steered: Steered, text: str) -> None:
    steered.told(MARCH.isoformat())

    assert steered.told(text) == MARCH


def test_once_the_file_is_gone_it_is_wall_time_again(steered: Steered) -> None:
    steered.told(MARCH.isoformat())
    steered.file.unlink()

    assert is_wall_time(steered.asked())


def test_business_time_has_milliseconds_as_the_store_has(steered: Steered) -> None:
    told = steered.told("2026-03-02T08:00:00.123456+00:00")

    assert (told.microsecond, WallClock().now().microsecond % 1000) == (123000, 0)


def test_what_was_released_does_not_go_back(steered: Steered) -> None:
    steered.told(MARCH.isoformat())
    steered.file.unlink()
    steered.asked()

    assert is_wall_time(steered.told((MARCH + timedelta(days=1)).isoformat()))
