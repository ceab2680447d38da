"""By when a problem must be solved: working days by class, as data with its source."""

from dataclasses import dataclass
from datetime import date, timedelta

from shared.events.visits import ProblemClass
from shared.kernel.calendar import WorkingDays

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """A version of the procedure (procedures/problem-deadlines.yaml)."""

    version: str
    source: str
    working_days: dict[ProblemClass, int]
    late_after_days: int

    def due_on(self, raised_on: date, problem_class: ProblemClass, calendar: WorkingDays) -> date:
        """The last day on which a solution is in time, counted in working days after the day it was raised."""
        return calendar.after(raised_on, self.working_days[problem_class])

    def is_provisional(self, raised_on: date, due_on: date, calendar: WorkingDays) -> bool:
        """Whether a day between them was counted in a year nobody published a calendar for (暂算).

        Fifteen working days touch two years at most, so the first and the last day counted tell.
        """
        return calendar.is_provisional(raised_on + _A_DAY) or calendar.is_provisional(due_on)
