"""What a build changes against the one people see (得分版本比较), reckoned before it is shown."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Self

from services.scoring.domain.build import Build
from services.scoring.domain.comparison import Comparison
from services.scoring.domain.generation import Generation
from services.scoring.domain.periods import Asked, asked_period
from services.scoring.domain.refusals import NoBookInForce, PeriodUnsuited
from shared.events.scoring import Standard
from shared.kernel.calendar import Period


@dataclass(frozen=True, slots=True)
class CountyComparison:
    """One standard in one county: what the live build and the new one say of the same subjects."""

    county_id: str
    standard: Standard
    result: Comparison


@dataclass(frozen=True, slots=True)
class BuildComparison:
    """A build beside the one that was live when it was ready.

    `asked_at` is the build's: a kept build that is gone back to is compared anew. `reason` says why there is nothing
    to show; a build is shown all the same.
    """

    build_id: str
    asked_at: datetime
    beside: str
    made_at: datetime
    parts: tuple[CountyComparison, ...] = ()
    reason: str | None = None

    @classmethod
    def of(cls, build: Build, live: Build, at: datetime) -> Self:
        """The beginning of one: nothing is compared yet."""
        return cls(build.id, build.asked_at, live.id, at)

    def with_parts(self, parts: Iterable[CountyComparison]) -> Self:
        """The comparison with what came of it."""
        return replace(self, parts=tuple(parts))

    def unavailable(self, reason: str) -> Self:
        """It cannot be made, and why."""
        return replace(self, parts=(), reason=reason)

    def is_of(self, build: Build) -> bool:
        """Whether it is about this build as it was asked for last."""
        return (self.build_id, self.asked_at) == (build.id, build.asked_at)


def periods_compared(generations: Iterable[Generation], standard: Standard, today: date) -> tuple[Period, ...]:
    """The score periods of a standard that run now, and the last ones, under any of the generations."""
    found = set()
    for generation in generations:
        day = today
        for _ in range(2):
            if generation.of(standard):
                period = generation.version_on(standard, day).period_of(day)
                found.add(period)
                day = period.first - timedelta(days=1)
    return tuple(sorted(found, key=lambda period: (period.last, period.first)))


def asked_of(generation: Generation, standard: Standard, period: Period) -> Asked | None:
    """The period as the generation scores it; None where it scores none of it, or by other periods."""
    try:
        return asked_period(generation, standard, period.name, period.last)
    except (NoBookInForce, PeriodUnsuited):
        return None
