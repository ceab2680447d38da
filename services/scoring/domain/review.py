"""A review mark (评议): what the review of a branch gave for a year, between 0 and 100."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Self

from services.scoring.domain.record_refusals import YearNotBegun
from shared.events.base import Correction
from shared.events.scoring import ReviewMarked
from shared.kernel.access import Caller, OrganisationPath
from shared.kernel.clock import local_day
from shared.kernel.ids import derived_id
from shared.kernel.trail import TrailEntry

_UNMARKED = Decimal(0)


@dataclass(frozen=True, slots=True)
class Review:
    """The mark of one branch and year (report: 将党建工作纳入年终考核，与绩效挂钩); revision 0 while there is none.

    `mark` has two decimals at most. `basis` (how it came about) and `trail` stay in this service.
    """

    branch_id: str
    year: int
    path: OrganisationPath
    mark: Decimal = _UNMARKED
    basis: str = ""
    revision: int = 0
    trail: tuple[TrailEntry, ...] = ()

    @property
    def id(self) -> str:
        """One mark a branch and year."""
        return review_id(self.branch_id, self.year)

    @property
    def counts_on(self) -> date:
        """The last day of the year it is about."""
        return date(self.year, 12, 31)

    def marked(self, *, mark: Decimal, basis: str, by: Caller, at: datetime) -> tuple[Self, ReviewMarked]:
        """Give the mark, or another one: the fact names the mark it replaces. Raises YearNotBegun."""
        today = local_day(at)
        if self.year > today.year:
            raise YearNotBegun(year=self.year)
        revision = self.revision + 1
        before = {"basis": self.basis} if self.revision else {}
        left = TrailEntry.left_by(by, "marked", revision=revision, at=at, before=before)
        given = replace(self, mark=mark, basis=basis, revision=revision, trail=(*self.trail, left))
        return given, ReviewMarked(
            branch_id=self.branch_id,
            period=f"{self.year:04d}",
            mark=mark,
            counts_on=self.counts_on,
            occurred_on=today,
            corrects=self._replaced(),
        )

    def _replaced(self) -> tuple[Correction, ...]:
        if not self.revision:
            return ()
        return (Correction(type=ReviewMarked.TYPE, revision=self.revision, day=self.counts_on),)


def review_id(branch_id: str, year: int) -> str:
    """The id under which a mark is kept; derived, so it names nothing else."""
    return derived_id("review", branch_id, year)
