"""A trial's book takes the place of live versions from its first day on, and its periods make a span."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.scoring.adapters.rule_files import load_generation
from services.scoring.domain.laboratory_refusals import PeriodsUnsound, TrialIsOver
from services.scoring.domain.refusals import NoBookInForce, PeriodUnclear, PeriodUnsuited
from services.scoring.domain.rule_book import RuleBook
from services.scoring.domain.trial import Trial, TrialId, TrialProgress, set_up
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import Period
from shared.kernel.errors import DomainError
from shared.kernel.ids import AccountId
from tests.unit.scoring.publishing import a_book
from tests.unit.scoring.trying import a_text

LIVE = load_generation().books
NOW = datetime(2023, 11, 20, 4, tzinfo=UTC)


def a_draft(start: date, version: str = "2024.1") -> RuleBook:
    return a_book(a_text(start=start, version=version))


def ruling(start: date, period: str, first: str = "2023-Q1", last: str = "2023-Q4") -> tuple[str, str]:
    """Which versions rule a period before and after."""
    setting = set_up(LIVE, a_draft(start), first, last)
    before, after = (each.book("cadre", Period.parse(period)) for each in (setting.before, setting.after))
    return before.version, after.version


def a_trial(**changed: Any) -> Trial:
    return Trial(
        id=TrialId("trial"),
        path=OrganisationPath(("county",)),
        asked_by=AccountId("account"),
        asked_at=NOW,
        text="",
        book=a_draft(date(2023, 10, 1)),
        first_period="2023",
        last_period="2023",
        made_from="",
        **changed,
    )


def test_the_book_rules_from_its_first_day_on() -> None:
    start = date(2023, 7, 1)

    assert ruling(start, "2023-Q2") == ("2023.1", "2023.1")
    assert ruling(start, "2023-Q3") == ("2023.1", "2024.1")


def test_a_start_long_past_replaces_all_live_versions() -> None:
    setting = set_up(LIVE, a_draft(date(2022, 1, 1)), "2023-Q1", "2023-Q1")

    assert [book.version for book in setting.after.of("cadre")] == ["2024.1"]
    assert setting.as_if_from is None


def test_a_book_that_begins_after_the_periods_is_tried_as_if_in_force_from_their_first_day() -> None:
    setting = set_up(LIVE, a_draft(date(2030, 1, 1)), "2023-Q2", "2023-Q4")
    [earlier, tried] = setting.after.of("cadre")

    assert setting.as_if_from == date(2023, 4, 1)
    assert (earlier.effective.to, tried.effective.from_) == (date(2023, 3, 31), date(2023, 4, 1))


def test_a_book_under_the_version_of_a_live_one_takes_its_place() -> None:
    setting = set_up(LIVE, a_draft(date(2023, 1, 1), "2023.1"), "2023", "2023")

    assert len(setting.after.of("cadre")) == 1


def test_the_other_standards_are_left_out() -> None:
    setting = set_up(LIVE, a_draft(date(2023, 1, 1)), "2023", "2023")

    assert {book.standard for each in (setting.before, setting.after) for book in each.books} == {"cadre"}


@pytest.mark.parametrize(
    ("first", "last", "names"),
    [
        ("2023-Q3", "2024-Q2", ["2023-Q3", "2023-Q4", "2024-Q1", "2024-Q2"]),
        ("2023", "2024", ["2023", "2024"]),
        ("2023-Q4", "2023-Q4", ["2023-Q4"]),
    ],
)
def test_periods_go_from_the_first_to_the_last(first: str, last: str, names: list[str]) -> None:
    setting = set_up(LIVE, a_draft(date(2023, 1, 1)), first, last)

    assert [before.period.name for before, _ in setting.asked] == names


def test_a_year_of_quarters_needs_the_cards_of_its_quarters() -> None:
    setting = set_up(LIVE, a_draft(date(2023, 1, 1)), "2023", "2023")

    assert setting.card_periods == {"2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4"}


@pytest.mark.parametrize(
    ("first", "last", "refusal"),
    [
        ("2023-Q4", "2023-Q1", PeriodsUnsound),
        ("2023", "2023-Q4", PeriodsUnsound),
        ("2023-Q1", "2023", PeriodsUnsound),
        ("2023-Q1", "2026-Q1", PeriodsUnsound),
        ("2023-W40", "2023-W41", PeriodUnclear),
        ("2023-Q1", "2023-Q5", PeriodUnclear),
        ("1999", "1999", NoBookInForce),
    ],
)
def test_what_makes_no_span_is_refused(first: str, last: str, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        set_up(LIVE, a_draft(date(2023, 1, 1)), first, last)


def test_a_quarter_cannot_be_asked_of_a_book_by_the_year() -> None:
    yearly = a_draft(date(2023, 1, 1)).model_copy(update={"period": "year"})

    with pytest.raises(PeriodUnsuited):
        set_up(LIVE, yearly, "2023-Q1", "2023-Q1")
    assert set_up(LIVE, yearly, "2023", "2023").asked[0][1].is_whole


def test_a_standard_without_any_version_has_nothing_to_be_compared_with() -> None:
    with pytest.raises(NoBookInForce):
        set_up([book for book in LIVE if book.standard != "cadre"], a_draft(date(2023, 1, 1)), "2023", "2023")


def test_what_is_over_is_not_cancelled() -> None:
    with pytest.raises(TrialIsOver):
        a_trial().cancel(at=NOW).cancel(at=NOW)


def test_beginning_counts_and_being_put_back_does_not() -> None:
    begun = a_trial().begin().folded(TrialProgress(7, 9))
    back = begun.put_back()

    assert (begun.state, begun.attempts, begun.is_given_up) == ("running", 1, False)
    assert (back.state, back.attempts, back.progress, back.revision) == ("queued", 0, TrialProgress(), 1)
    assert back.begin().begin().is_given_up
