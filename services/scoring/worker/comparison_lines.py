"""What a build changes, as a short table on a terminal: counts alone, nobody by name."""

import unicodedata
from collections.abc import Iterator, Sequence

from services.scoring.domain.build_comparison import BuildComparison, CountyComparison
from services.scoring.domain.comparison import PeriodComparison
from shared.events.scoring import Standard

_TITLES: dict[Standard, str] = {"branch": "党支部", "cadre": "联村干部", "member": "党员"}
_HEAD = ("县", "标准", "周期", "对象", "上升", "下降", "不变", "仅一侧有分", "影响较多的规则（得分变化的人数）")
_MOST_RULES = 3
_SHORT = 8
_GAP = "  "


def comparison_lines(comparison: BuildComparison) -> Iterator[str]:
    """A line about the whole, then a line for each county, standard and period with anybody in it."""
    beside = f"与得分版本 {comparison.beside} 比较"
    if comparison.reason is not None:
        yield f"{beside}：无法比较（{comparison.reason}）"
        return
    rows = [_row(part, period) for part in comparison.parts for period in part.result.periods if _count(period)]
    moved = sum(part.result.moved for part in comparison.parts)
    yield f"{beside}：得分变化 {moved} 个"
    if rows:
        yield from _table([_HEAD, *rows])


def _row(part: CountyComparison, period: PeriodComparison) -> Sequence[str]:
    counts = (_count(period), period.up, period.down, period.unchanged, period.unknown)
    rules = "，".join(f"{rule.title} {rule.more + rule.less}" for rule in period.rules[:_MOST_RULES])
    return part.county_id[:_SHORT], _TITLES[part.standard], period.period, *map(str, counts), rules or "—"


def _count(period: PeriodComparison) -> int:
    return period.up + period.down + period.unchanged + period.unknown


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        yield _GAP.join(cells).rstrip()


def _width(text: str) -> int:
    """How many columns a terminal takes for it: two for what is written wide."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
