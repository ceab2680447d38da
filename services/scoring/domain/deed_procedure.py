"""How deeds are put on record: the length of the public notice and of the grace, as data with its source."""

from dataclasses import dataclass
from datetime import date, timedelta

from shared.kernel.calendar import WorkingDays

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DeedProcedure:
    """A version of the procedure (procedures/deeds.yaml); the notice in working days, the grace in days."""

    version: str
    source: str
    notice_working_days: int
    late_after_days: int

    def notice(self, confirmed_on: date, calendar: WorkingDays) -> "Notice":
        """The public notice that begins with a confirmation, counted in working days after that day."""
        until = calendar.after(confirmed_on, self.notice_working_days)
        provisional = calendar.is_provisional(confirmed_on + _A_DAY) or calendar.is_provisional(until)
        return Notice(until, provisional)


@dataclass(frozen=True, slots=True)
class Notice:
    """Until the end of which day something is on public notice (公示).

    `provisional` (暂算): some of the days counted lie in a year no calendar was published for.
    """

    until: date
    provisional: bool = False

    def is_over(self, today: date) -> bool:
        """Whether its last day has ended."""
        return today > self.until
