"""When a day is live, late, history, or nobody's."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain.deed_procedure import DeedProcedure
from services.scoring.domain.record_refusals import HistoryClosed, NotLiveYet
from services.scoring.domain.township import HistorySpan, Township
from shared.kernel.calendar import WorkingDays

LIVE_ON = date(2023, 10, 2)
SPAN = HistorySpan(date(2023, 7, 1), date(2023, 9, 30), closed=False)
CLOSED = HistorySpan(SPAN.from_on, SPAN.to_on, closed=True)
DAYS = st.dates(date(2023, 1, 1), date(2024, 12, 31))


def entry(township: Township, day: date, today: date) -> str:
    return township.entry(day, today=today, late_after_days=30, field="done_on")


@given(day=DAYS, waited=st.integers(0, 90))
def test_a_live_day_is_late_after_the_grace(day: date, waited: int) -> None:
    found = entry(Township(date(2023, 1, 1)), day, day + timedelta(days=waited))

    assert found == ("late" if waited > 30 else "live")


def test_a_past_day_is_history_in_an_open_span_and_nobodys_between() -> None:
    assert entry(Township(LIVE_ON, (SPAN,)), date(2023, 9, 30), LIVE_ON) == "history"
    with pytest.raises(NotLiveYet):
        entry(Township(LIVE_ON, (SPAN,)), date(2023, 10, 1), LIVE_ON)
    with pytest.raises(NotLiveYet):
        entry(Township(), LIVE_ON, LIVE_ON)


def test_a_closed_span_takes_nothing_more_unless_the_township_was_live_then() -> None:
    with pytest.raises(HistoryClosed):
        entry(Township(LIVE_ON, (CLOSED,)), date(2023, 9, 1), LIVE_ON)
    assert entry(Township(date(2023, 9, 1), (CLOSED,)), date(2023, 9, 1), date(2023, 9, 2)) == "live"


@given(confirmed_on=DAYS, off=st.frozensets(DAYS, max_size=40))
def test_a_notice_has_five_working_days_and_ends_on_one(confirmed_on: date, off: frozenset[date]) -> None:
    calendar = WorkingDays(days_off=off, years=frozenset({2023, 2024, 2025}))
    notice = DeedProcedure("2023.1", "依据", 5, 30).notice(confirmed_on, calendar)
    after = [confirmed_on + timedelta(days=each + 1) for each in range((notice.until - confirmed_on).days)]

    assert sum(calendar.is_working_day(day) for day in after) == 5
    assert calendar.is_working_day(notice.until)
    assert (notice.is_over(notice.until), notice.is_over(notice.until + timedelta(days=1))) == (False, True)
    assert not notice.provisional
