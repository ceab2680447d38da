"""A clock that moves only when told to."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from shared.kernel.clock import local_day, start_of_day

_NOON = timedelta(hours=12)
A_MONDAY = date(2023, 11, 20)


@dataclass(slots=True)
class StoppedClock:
    """Business time as a test wants it; begins at noon of a Monday in Shanghai."""

    instant: datetime = start_of_day(A_MONDAY) + _NOON

    def now(self) -> datetime:
        """The business instant, in UTC."""
        return self.instant.astimezone(UTC)

    def today(self) -> date:
        """The business day in Asia/Shanghai."""
        return local_day(self.instant)

    def set(self, instant: datetime) -> None:
        """It is now this instant."""
        self.instant = instant

    def move_to(self, day: date) -> None:
        """It is noon of this local day."""
        self.instant = start_of_day(day) + _NOON

    def advance(self, **duration: float) -> None:
        """So much later: `clock.advance(days=3)`."""
        self.instant += timedelta(**duration)
