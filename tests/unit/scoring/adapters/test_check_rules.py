"""`make rules-check FILE=…`: a rule book is checked where no platform runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from services.scoring.adapters.check_rules import check
from tests.unit.scoring.publishing import BOOK

ROOT = Path(__file__).parents[4]
Captured = pytest.CaptureFixture[str]


def a_file(folder: Path, text: str = BOOK) -> str:
    file = folder / "book.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_a_sound_book_is_said_to_be_sound(tmp_path: Path, capsys: Captured) -> None:
    assert check([a_file(tmp_path)]) == 0
    assert "合规定。《联村干部履职》2024.1 版，自 2024-01-01 起，1 条" in capsys.readouterr().out


def test_every_fault_is_told_with_its_line_and_reason(tmp_path: Path, capsys: Captured) -> None:
    text = BOOK.replace("visits.visit.logged.v1", "visits.photo.taken.v1").replace("points: 2}", "points: two}")
    mended = text.replace("points: two}", "points: 2}").replace("per: week", "per: year")
    statuses = check([a_file(tmp_path, text)]), check([a_file(tmp_path, mended)])
    told = capsys.readouterr().out

    assert statuses == (1, 1)
    assert told.count("不予采用，请逐条改正（2 处）") == 2
    assert "第 12 行（rules.0.award.points）：分值须为数字" in told
    assert "第 11 行（rules.0.on）：照片截图（visits.photo.taken.v1）不得计分" in told
    assert "第 13 行（rules.0.cap.per）：封顶期（年）长于考评周期（季）" in told


def test_a_file_there_is_not_is_told_so(tmp_path: Path, capsys: Captured) -> None:
    assert (check([str(tmp_path / "none.yaml")]), check([])) == (2, 2)
    assert "无法读取" in capsys.readouterr().err


def test_as_a_command_it_ends_with_the_status(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "services.scoring.adapters.check_rules", a_file(tmp_path, BOOK + "extra: 1\n")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, "第 14 行（extra）" in done.stdout) == (1, True)
