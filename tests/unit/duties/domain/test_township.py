"""How a fact of a day comes in, and that each refusal names the day's field."""

from datetime import date

import pytest

from services.duties.domain.refusals import HistoryClosed, NotLiveYet
from services.duties.domain.township import HistorySpan, Township

TODAY, GO_LIVE = date(2023, 11, 20), date(2023, 10, 2)
SUMMER = HistorySpan(date(2023, 7, 1), date(2023, 8, 31), closed=True)
SEPTEMBER = HistorySpan(date(2023, 9, 1), date(2023, 9, 30), closed=False)
TOWNSHIP = Township(GO_LIVE, (SUMMER, SEPTEMBER))


def _entry(day: date) -> str:
    return TOWNSHIP.entry(day, today=TODAY, late_after_days=7, field="held_on")


@pytest.mark.parametrize(
    ("day", "entry"),
    [
        (date(2023, 11, 20), "live"),
        (date(2023, 11, 13), "live"),
        (date(2023, 11, 12), "late"),
        (date(2023, 9, 30), "history"),
    ],
)
def test_a_day_says_how_its_facts_come_in(day: date, entry: str) -> None:
    assert _entry(day) == entry


def test_between_the_spans_and_go_live_nothing_comes_in() -> None:
    with pytest.raises(NotLiveYet) as refusal:
        _entry(date(2023, 10, 1))

    assert refusal.value.field == "held_on"


def test_a_closed_span_takes_nothing_and_gives_nothing_back() -> None:
    for day in (SUMMER.from_on, SUMMER.to_on):
        with pytest.raises(HistoryClosed) as entering:
            _entry(day)
        with pytest.raises(HistoryClosed) as changing:
            TOWNSHIP.refuse_closed(day, field="resolved_on")

        assert (entering.value.field, changing.value.field) == ("held_on", "resolved_on")


@pytest.mark.parametrize("day", [SEPTEMBER.from_on, date(2023, 10, 1), GO_LIVE, TODAY])
def test_what_lies_in_no_closed_span_may_change(day: date) -> None:
    TOWNSHIP.refuse_closed(day, field="occurred_at")
