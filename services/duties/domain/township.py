"""Since when a township works live, and which past days it is entering (architecture section 10)."""

from dataclasses import dataclass
from datetime import date, timedelta

from services.duties.domain.refusals import HistoryClosed, NotLiveYet
from shared.events.base import Entry
from shared.kernel.calendar import week_of


@dataclass(frozen=True, slots=True)
class HistorySpan:
    """Past days whose facts are entered afterwards (补录); once closed it takes no more and gives nothing back."""

    from_on: date
    to_on: date
    closed: bool

    def __contains__(self, day: date) -> bool:
        """Whether the day lies in the span."""
        return self.from_on <= day <= self.to_on


@dataclass(frozen=True, slots=True)
class Township:
    """What this service knows of a township's times; refusals blame the `field` the day was given in."""

    go_live_on: date | None = None
    spans: tuple[HistorySpan, ...] = ()

    def entry(self, day: date, *, today: date, late_after_days: int, field: str) -> Entry:
        """How a fact of that day comes in today.

        Live until the grace after its week has passed, then late; history inside an open span. Raises NotLiveYet
        between the spans and go-live, HistoryClosed inside a closed span.
        """
        self.refuse_outside(day, field=field)
        if not self._is_live(day):
            return "history"
        grace_ends = week_of(day).last + timedelta(days=late_after_days)
        return "late" if today > grace_ends else "live"

    def refuse_outside(self, day: date, *, field: str) -> None:
        """Refuse a day the township neither lives nor is entering afterwards. Raises NotLiveYet, HistoryClosed."""
        self.refuse_closed(day, field=field)
        if not self._is_live(day) and not any(day in span for span in self.spans):
            raise NotLiveYet(day=day, field=field)

    def refuse_closed(self, day: date, *, field: str) -> None:
        """Refuse whatever adds to, changes or takes back what happened on a day that was judged for good.

        Raises HistoryClosed.
        """
        closed = [span.closed for span in self.spans if day in span]
        if closed and all(closed) and not self._is_live(day):
            raise HistoryClosed(day=day, field=field)

    def _is_live(self, day: date) -> bool:
        return self.go_live_on is not None and day >= self.go_live_on
