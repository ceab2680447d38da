"""Time: the only place that asks what time it is.

`_at` is a UTC instant, `_on` a local day in Asia/Shanghai. Business time comes from a `Clock` and is told to the
millisecond, as the store keeps it: what is replayed later must equal what was stored. Leases, retries, tokens and
lockouts use `wall_now`.
"""

import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from datetime import time as time_of_day
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_CLOCK_FILE = "clock"
_LOOK_AGAIN_SECONDS = 0.02
_MICROSECONDS = 1000


def wall_now() -> datetime:
    """The machine's time, whatever the business clock says."""
    return datetime.now(UTC)


def to_milliseconds(instant: datetime) -> datetime:
    """The instant as the store keeps it."""
    beyond = instant.microsecond % _MICROSECONDS
    return instant.replace(microsecond=instant.microsecond - beyond) if beyond else instant


def local_day(instant: datetime) -> date:
    """The day in Asia/Shanghai on which the instant lies."""
    return instant.astimezone(SHANGHAI).date()


def start_of_day(day: date) -> datetime:
    """The UTC instant at which the local day begins."""
    return datetime.combine(day, time_of_day.min, SHANGHAI).astimezone(UTC)


def at_local_time(day: date, local_time: time_of_day) -> datetime:
    """The UTC instant of a wall-clock time on a local day."""
    return datetime.combine(day, local_time, SHANGHAI).astimezone(UTC)


class Clock(Protocol):
    """What time it is for the township's business."""

    def now(self) -> datetime:
        """The business instant, in UTC."""
        ...

    def today(self) -> date:
        """The business day in Asia/Shanghai."""
        ...


class WallClock:
    """Business time is the machine's time."""

    def now(self) -> datetime:
        """The machine's instant, in UTC."""
        return to_milliseconds(wall_now())

    def today(self) -> date:
        """The machine's day in Asia/Shanghai."""
        return local_day(self.now())


@dataclass(slots=True)
class SteeredClock:
    """Business time stands in a file (one ISO instant), so that a demo or a story can live through weeks in minutes.

    Absent file = wall time, and once it was steered and the file is gone, wall time for good. The clock only goes
    forward and never past wall time: what is older than already seen, or later than now, or unreadable is ignored.
    """

    folder: Path
    _seen: datetime | None = field(default=None, init=False)
    _released: bool = field(default=False, init=False)
    _text: str | None = field(default=None, init=False)
    _looked: float = field(default=float("-inf"), init=False)

    def now(self) -> datetime:
        """The instant in the file, held monotonic; wall time once the file is gone."""
        monotonic = time.monotonic()
        if monotonic - self._looked >= _LOOK_AGAIN_SECONDS:
            self._looked = monotonic
            self._text = self._read()
        wall = to_milliseconds(wall_now())
        if self._text is None:
            self._released = self._released or self._seen is not None
            return wall
        if self._released:  # time went on meanwhile: nobody steers it back
            return wall
        instant = _parsed(self._text)
        if instant is not None and instant <= wall and (self._seen is None or instant > self._seen):
            self._seen = instant
        return self._seen or wall

    def today(self) -> date:
        """The steered day in Asia/Shanghai."""
        return local_day(self.now())

    def _read(self) -> str | None:
        try:
            return (self.folder / _CLOCK_FILE).read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        except UnicodeDecodeError:
            return ""


def _parsed(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return to_milliseconds(instant) if instant.tzinfo is not None else None
