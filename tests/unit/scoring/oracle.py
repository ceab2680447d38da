"""What the scores must be, told naively from how each thing ended, without ledger, cards or rule books.

The two standards are written here a second time, by hand, on purpose.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from tests.unit.scoring.facts import ObligationLife, ProblemLife, VisitLife

Life = VisitLife | ProblemLife | ObligationLife
_BEGUN = date(2023, 1, 1)
"""Both standards are in force from this day on; a week counts if its Thursday does, so the first Sunday does not."""


@dataclass
class Expected:
    """Exact points by subject and period: cadre quarters (earned, attainable), branch years (items)."""

    cadres: dict[tuple[str, str], tuple[Fraction, Fraction]] = field(default_factory=dict)
    branches: dict[tuple[str, str], Fraction] = field(default_factory=dict)


def expected(lives: Iterable[Life]) -> Expected:
    told = list(lives)
    found = Expected()
    earned = _late(told, lambda life: (life.cadre_id, _quarter(life.due_on)), Fraction(5))
    attainable: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    visits, problems, weeks = _by_week(told)
    for (cadre, thursday), count in visits.items():
        earned[cadre, _quarter(thursday)] += min(2, 2 * count)
    for (cadre, thursday), count in problems.items():
        earned[cadre, _quarter(thursday)] += min(3, count)
    for (cadre, thursday), count in weeks.items():
        attainable[cadre, _quarter(thursday)] += min(5, 5 * count)
    for key in earned.keys() | attainable.keys():
        found.cadres[key] = (earned[key], attainable[key])
    deducted = _late(told, lambda life: (str(life.branch_id), str(life.due_on.year)), Fraction(16))
    for key, lost in deducted.items():
        found.branches[key] = Fraction(100) + lost / 2
    return found


def _by_week(told: Iterable[Life]) -> tuple[dict[tuple[str, date], int], ...]:
    visits: dict[tuple[str, date], int] = defaultdict(int)
    problems: dict[tuple[str, date], int] = defaultdict(int)
    weeks: dict[tuple[str, date], int] = defaultdict(int)
    for life in told:
        if isinstance(life, ObligationLife):
            if life.regulation == "weekly-visit":
                weeks[life.cadre_id, _thursday(life.due_on)] += _is_owed(life)
        elif isinstance(life, VisitLife):
            if life.day is not None:
                visits[life.cadre_id, _thursday(life.day)] += 1
        elif life.resolved_on is not None:
            problems[life.cadre_id, _thursday(life.resolved_on)] += 1
    return tuple(
        {(cadre, thursday): count for (cadre, thursday), count in found.items() if thursday >= _BEGUN}
        for found in (visits, problems, weeks)
    )


def _late(
    told: Iterable[Life], whose: Callable[[ObligationLife], tuple[str, str]], most: Fraction
) -> dict[tuple[str, str], Fraction]:
    """What late problems cost at one point each, as a negative number, up to the most."""
    lost: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for life in told:
        if isinstance(life, ObligationLife) and life.regulation == "problem-deadline" and life.due_on >= _BEGUN:
            lost[whose(life)] += _lost(life)
    return defaultdict(Fraction, {key: -min(most, points) for key, points in lost.items()})


def _is_owed(life: ObligationLife) -> bool:
    """Opened, and the last word is neither waived nor superseded."""
    return bool(life.facts) and not {"waived", "superseded"} & life.holds.keys()


def _lost(life: ObligationLife) -> Fraction:
    """One point for a missed one, half of it when done after all."""
    if "missed" not in life.holds:
        return Fraction(0)
    return Fraction(1, 2) if "satisfied_late" in life.holds else Fraction(1)


def _thursday(day: date) -> date:
    return day - timedelta(days=day.weekday()) + timedelta(days=3)


def _quarter(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"
