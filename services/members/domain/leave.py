"""A leave (请假): a cadre is away from day to day, and quotas pause."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from services.members.domain.absence_refusals import (
    LastDayBeforeFirst,
    LeaveIsWithdrawn,
    LeaveOverlaps,
    LeaveTooLong,
    NotPostedDuringLeave,
)
from services.members.domain.posting import Posting
from shared.events.base import Correction
from shared.events.members import LeaveChanged, LeaveGranted, LeaveWithdrawn
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import CadreId, LeaveId, OrganisationId, TownshipId
from shared.kernel.trail import TrailEntry

MOST_DAYS = 400
"""A whole year and what lies around it (a year's 挂职 or study); who stays away longer holds the post no longer [P]."""


@dataclass(frozen=True, slots=True)
class Leave:
    """A cadre is on leave from `starts_on` to `ends_on`, both included (请假).

    `organisation_id` granted it: the cadre is posted there or below. `reason` stays in this service, for the desk
    alone; no fact says why. A withdrawn leave was none. `township_id` is where it was granted, empty for the county:
    days closed there stay closed, wherever the organisation hangs now.
    """

    id: LeaveId
    cadre_id: CadreId
    organisation_id: OrganisationId
    path: OrganisationPath
    township_id: TownshipId
    starts_on: date
    ends_on: date
    reason: str
    made_from: str
    withdrawn: bool = False
    revision: int = 1
    trail: tuple[TrailEntry, ...] = ()

    @property
    def days(self) -> tuple[date, date]:
        """From the first to the last day."""
        return self.starts_on, self.ends_on

    def refuse_overlap(self, standing: Iterable["Leave"]) -> None:
        """Raises LeaveOverlaps, naming the other leave of the same person that stands in the way."""
        for other in standing:
            if other.id == self.id or other.cadre_id != self.cadre_id or self.withdrawn or other.withdrawn:
                continue
            if self.starts_on <= other.ends_on and other.starts_on <= self.ends_on:
                raise LeaveOverlaps(leave_id=other.id, starts_on=other.starts_on, ends_on=other.ends_on)

    def refuse_without_post(self, postings: Iterable[Posting]) -> None:
        """Raises NotPostedDuringLeave unless the cadre holds a post here or below on some day of the leave."""
        for posting in postings:
            is_held = posting.starts_on <= self.ends_on and self.starts_on <= (posting.ends_on or date.max)
            if posting.cadre_id == self.cadre_id and is_held and self.organisation_id in posting.path.segments:
                return
        raise NotPostedDuringLeave(starts_on=self.starts_on, ends_on=self.ends_on)

    def townships(self, postings: Iterable[Posting]) -> frozenset[TownshipId]:
        """Where it lets off: where it was granted, and where the cadre is or was posted below."""
        below = (posting.path for posting in postings if self.organisation_id in posting.path.segments)
        return frozenset({self.township_id, *(TownshipId(path.township_id) for path in below)})

    def granted(self, *, today: date) -> LeaveGranted:
        """The fact that begins it; one granted ahead is a fact of the day it was granted.

        Raises LastDayBeforeFirst, LeaveTooLong.
        """
        _refuse_odd_days(self.starts_on, self.ends_on)
        return LeaveGranted(
            leave_id=self.id,
            cadre_id=self.cadre_id,
            organisation_id=self.organisation_id,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            occurred_on=min(self.starts_on, today),
        )

    def change(self, *, starts_on: date, ends_on: date, today: date) -> tuple[Self, LeaveChanged]:
        """The leave is from day to day as said now. Raises LeaveIsWithdrawn, LastDayBeforeFirst, LeaveTooLong."""
        self._refuse_if_withdrawn()
        changed = replace(self, starts_on=starts_on, ends_on=ends_on, revision=self.revision + 1)
        _refuse_odd_days(starts_on, ends_on)
        return changed, LeaveChanged(
            leave_id=self.id,
            cadre_id=self.cadre_id,
            organisation_id=self.organisation_id,
            starts_on=starts_on,
            ends_on=ends_on,
            occurred_on=min(starts_on, today),
            corrects=(self._standing(),),
        )

    def withdraw(self, *, today: date) -> tuple[Self, LeaveWithdrawn]:
        """There is no such leave after all. Raises LeaveIsWithdrawn."""
        self._refuse_if_withdrawn()
        return replace(self, withdrawn=True, revision=self.revision + 1), LeaveWithdrawn(
            leave_id=self.id,
            cadre_id=self.cadre_id,
            organisation_id=self.organisation_id,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            occurred_on=min(self.starts_on, today),
            corrects=(self._standing(),),
        )

    def _standing(self) -> Correction:
        """What stands until now: the grant, or the last change."""
        fact = LeaveGranted if self.revision == 1 else LeaveChanged
        return Correction(type=fact.TYPE, revision=self.revision, day=self.starts_on)

    def _refuse_if_withdrawn(self) -> None:
        if self.withdrawn:
            raise LeaveIsWithdrawn


def _refuse_odd_days(starts_on: date, ends_on: date) -> None:
    """Raises LastDayBeforeFirst, LeaveTooLong."""
    if ends_on < starts_on:
        raise LastDayBeforeFirst(starts_on=starts_on)
    if (ends_on - starts_on).days >= MOST_DAYS:
        raise LeaveTooLong(most=MOST_DAYS)
