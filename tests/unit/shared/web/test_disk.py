import math
from pathlib import Path

from shared.web.running import _free_bytes


def test_what_is_left_on_the_disk_is_told(tmp_path: Path) -> None:
    assert _free_bytes(tmp_path) > 0


def test_a_folder_that_is_not_there_gives_no_number_and_no_alert(tmp_path: Path) -> None:
    assert math.isnan(_free_bytes(tmp_path / "nowhere"))
