"""A version that is published but not yet in force changes nothing of today."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.scoring.adapters.rule_files import load_generation
from services.scoring.domain.awards import CardKey
from services.scoring.domain.generation import Generation
from services.scoring.domain.periods import asked_period
from services.scoring.domain.refusals import NoBookInForce, PeriodUnsuited
from services.scoring.domain.rule_book import Effective
from services.scoring.domain.seal import Known, corrections, seal
from tests.unit.scoring.facts import CADRE, VisitLife


@pytest.fixture
def generation() -> Generation:
    """Cadres are scored by the quarter until the end of 2024, from then on by the year."""
    [book] = load_generation().of("cadre")
    effective = Effective.model_validate({"from": "2025-01-01"})
    return Generation((book, book.model_copy(update={"version": "2025.1", "period": "year", "effective": effective})))


@pytest.mark.parametrize(
    ("today", "period"),
    [
        (date(2022, 6, 1), "2022-Q2"),
        (date(2024, 12, 31), "2024-Q4"),
        (date(2025, 1, 1), "2025"),
        (date(2026, 5, 1), "2026"),
    ],
)
def test_the_current_period_is_of_the_version_in_force_today(generation: Generation, today: date, period: str) -> None:
    assert generation.version_on("cadre", today).period_of(today).name == period


def test_without_a_name_the_period_of_today_is_asked_for(generation: Generation) -> None:
    before = asked_period(generation, "cadre", None, date(2024, 12, 31))
    after = asked_period(generation, "cadre", None, date(2025, 1, 1))

    assert [(asked.period.name, asked.parts[0][1].version) for asked in (before, after)] == [
        ("2024-Q4", "2023.1"),
        ("2025", "2025.1"),
    ]


def test_a_refusal_names_the_periods_of_that_time(generation: Generation) -> None:
    for week, example in (("2024-W40", "改用 2024-Q3"), ("2025-W40", "改用 2025")):
        with pytest.raises(PeriodUnsuited, match=example):
            asked_period(generation, "cadre", week, date(2024, 6, 1))


def test_a_standard_without_a_book_has_no_period() -> None:
    with pytest.raises(NoBookInForce):
        Generation(()).version_on("cadre", date(2024, 1, 1))


def test_what_was_late_for_a_sealed_quarter_corrects_the_quarter_open_when_it_was_recorded(
    generation: Generation,
) -> None:
    key = CardKey("cadre", CADRE, "2023-Q4")
    [fact] = VisitLife("late").log(date(2023, 11, 20)).facts
    [visit] = generation.awards(fact)
    late = replace(visit, recorded_at=datetime(2024, 2, 1, tzinfo=UTC))
    made = seal(key, Known({}, {}), generation, datetime(2023, 11, 1, tzinfo=UTC))

    [line] = corrections(Known({key: (late,)}, {key.period: made}), generation)

    assert line.target == "2024-Q1"
