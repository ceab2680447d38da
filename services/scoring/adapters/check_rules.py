"""`python -m services.scoring.adapters.check_rules FILE …`: check rule books where no platform runs.

This is `make rules-check FILE=…`. Every fault is told with its line and reason; status 1 when there is any, 2 when
there is no such file.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from services.scoring.adapters.rule_files import RULES, load_whitelist
from services.scoring.adapters.rule_text import faults_of

_SOUND, _REFUSED, _MISUSED = 0, 1, 2


def check(names: Sequence[str]) -> int:
    """Check the files and tell what was found; gives the exit status."""
    if not names:
        sys.stderr.write("请写明考评细则文件：make rules-check FILE=细则.yaml\n")
        return _MISUSED
    return max(_check_one(Path(name)) for name in names)


def _check_one(file: Path) -> int:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        sys.stderr.write(f"{file}：无法读取，请核对路径，并以 UTF-8 保存\n")
        return _MISUSED
    book, found = faults_of(text, load_whitelist(RULES / "whitelist.yaml"))
    if book is None:
        lines = "\n".join(f"  {fault}" for fault in found)
        sys.stdout.write(f"{file}：不予采用，请逐条改正（{len(found)} 处）\n{lines}\n")
        return _REFUSED
    starts = book.effective.from_.isoformat()
    sys.stdout.write(f"{file}：合规定。《{book.title}》{book.version} 版，自 {starts} 起，{len(book.rules)} 条\n")
    return _SOUND


if __name__ == "__main__":
    sys.exit(check(sys.argv[1:]))
