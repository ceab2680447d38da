"""An exemption (免于考勤): a member need not attend meetings, from a day on."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, Self

from services.members.domain.absence_refusals import (
    ExemptAfterLeaving,
    ExemptBeforeJoining,
    ExemptionIsWithdrawn,
    ExemptionOverlaps,
    ExemptionRunsIntoNext,
    LastDayBeforeFirst,
)
from services.members.domain.member import Member
from shared.events.base import Correction
from shared.events.members import ExemptionChanged, ExemptionGranted, ExemptionWithdrawn
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import BranchId, ExemptionId, MemberId, PersonId, TownshipId
from shared.kernel.trail import TrailEntry

Ground = Literal["age", "illness", "mobile"]
"""Why (domain.md section 8: age from 70 on, illness, absence as 流动党员); in no fact."""


@dataclass(frozen=True, slots=True)
class Exemption:
    """A member need not attend from `starts_on` on, to `ends_on` if that is known (免于考勤).

    `ground` stays in this service, for the desk and the branch's own secretary. `person_id` is the member's, whose
    exemption it is to read. A withdrawn exemption was none. `township_id` is where it was granted: days closed there
    stay closed, wherever the branch hangs now.
    """

    id: ExemptionId
    member_id: MemberId
    branch_id: BranchId
    path: OrganisationPath
    township_id: TownshipId
    starts_on: date
    ground: Ground
    made_from: str
    ends_on: date | None = None
    person_id: PersonId | None = None
    withdrawn: bool = False
    revision: int = 1
    trail: tuple[TrailEntry, ...] = ()

    @property
    def days(self) -> tuple[date, date]:
        """From the first to the last day; open, it has no last."""
        return self.starts_on, self.ends_on or date.max

    def refuse_overlap(self, standing: Iterable["Exemption"]) -> None:
        """Raises ExemptionOverlaps, naming the other exemption of the same member that stands in the way.

        One that is changed has its first day already: it is its last that goes too far. Raises ExemptionRunsIntoNext.
        """
        refusal = ExemptionOverlaps if self.revision == 1 else ExemptionRunsIntoNext
        for other in standing:
            if other.id == self.id or other.member_id != self.member_id or self.withdrawn or other.withdrawn:
                continue
            if self.days[0] <= other.days[1] and other.days[0] <= self.days[1]:
                raise refusal(exemption_id=other.id, starts_on=other.starts_on)

    @property
    def townships(self) -> frozenset[TownshipId]:
        """Where it lets off: where it was granted, and where the branch hangs now."""
        return frozenset({self.township_id, TownshipId(self.path.township_id)})

    def differs_from(self, other: Self) -> date:
        """The first day on which one of two versions exempts and the other does not."""
        return min(self.days[1], other.days[1]) + timedelta(days=1)

    def granted(self, member: Member, *, today: date) -> ExemptionGranted:
        """The fact that begins it; one granted ahead is a fact of the day it was granted.

        Raises LastDayBeforeFirst, ExemptBeforeJoining, ExemptAfterLeaving.
        """
        self._refuse_backwards(self.ends_on)
        if self.starts_on < member.joined_on:
            raise ExemptBeforeJoining(joined_on=member.joined_on)
        if member.ended_on is not None and self.starts_on > member.ended_on:
            raise ExemptAfterLeaving(ended_on=member.ended_on)
        return ExemptionGranted(
            exemption_id=self.id,
            member_id=self.member_id,
            branch_id=self.branch_id,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            occurred_on=min(self.starts_on, today),
        )

    def change(self, *, ends_on: date | None, today: date) -> tuple[Self, ExemptionChanged]:
        """It lasts to that day, or nobody knows yet to which. Raises ExemptionIsWithdrawn, LastDayBeforeFirst."""
        self._refuse_if_withdrawn()
        self._refuse_backwards(ends_on)
        return replace(self, ends_on=ends_on, revision=self.revision + 1), ExemptionChanged(
            exemption_id=self.id,
            member_id=self.member_id,
            branch_id=self.branch_id,
            starts_on=self.starts_on,
            ends_on=ends_on,
            occurred_on=min(self.starts_on, today),
            corrects=(self._standing(),),
        )

    def withdraw(self, *, today: date) -> tuple[Self, ExemptionWithdrawn]:
        """There is no such exemption after all. Raises ExemptionIsWithdrawn."""
        self._refuse_if_withdrawn()
        return replace(self, withdrawn=True, revision=self.revision + 1), ExemptionWithdrawn(
            exemption_id=self.id,
            member_id=self.member_id,
            branch_id=self.branch_id,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            occurred_on=min(self.starts_on, today),
            corrects=(self._standing(),),
        )

    def _standing(self) -> Correction:
        """What stands until now: the grant, or the last change."""
        fact = ExemptionGranted if self.revision == 1 else ExemptionChanged
        return Correction(type=fact.TYPE, revision=self.revision, day=self.starts_on)

    def _refuse_backwards(self, ends_on: date | None) -> None:
        if ends_on is not None and ends_on < self.starts_on:
            raise LastDayBeforeFirst(starts_on=self.starts_on)

    def _refuse_if_withdrawn(self) -> None:
        if self.withdrawn:
            raise ExemptionIsWithdrawn
