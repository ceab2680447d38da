"""A visit: a cadre called on a village, from logged to corrected or withdrawn."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Self

from services.visits.domain.refusals import VisitIsWithdrawn
from services.visits.domain.trail import What
from shared.events.base import Correction, Entry
from shared.events.visits import VisitCorrected, VisitLogged, VisitWithdrawn
from shared.kernel.access import Caller, OrganisationPath
from shared.kernel.clock import local_day
from shared.kernel.ids import BranchId, CadreId, HouseholdRef, TownshipId, VisitId
from shared.kernel.trail import TrailEntry


@dataclass(frozen=True, slots=True)
class Visit:
    """One call on a village (report: 周调研走访1次).

    `occurred_at` is when it happened, not when it was synced. `note` and `trail` stay in this service; `household_ref`
    is opaque. `made_from` is the digest of the request that made it, so that an upload repeated is recognised.
    `township_id` is where it was recorded: a branch that moves does not take it out of that township's times.
    """

    id: VisitId
    cadre_id: CadreId
    branch_id: BranchId
    path: OrganisationPath
    township_id: TownshipId
    occurred_at: datetime
    entry: Entry
    made_from: str
    note: str = ""
    household_ref: HouseholdRef | None = None
    withdrawn: bool = False
    revision: int = 1
    trail: tuple[TrailEntry, ...] = ()

    @property
    def day(self) -> date:
        """The local day it counts for."""
        return local_day(self.occurred_at)

    def logged(self) -> VisitLogged:
        """The fact that begins it."""
        return VisitLogged(
            visit_id=self.id,
            cadre_id=self.cadre_id,
            branch_id=self.branch_id,
            occurred_at=self.occurred_at,
            household_ref=self.household_ref,
            entry=self.entry,
        )

    def correct(
        self,
        *,
        occurred_at: datetime,
        household_ref: HouseholdRef | None,
        note: str,
        entry: Entry,
        by: Caller,
        at: datetime,
    ) -> tuple[Self, VisitCorrected]:
        """Say what it was really like; the points of what was said before move with it.

        Raises VisitIsWithdrawn.
        """
        self._refuse_if_withdrawn()
        said = replace(self, occurred_at=occurred_at, household_ref=household_ref, note=note, entry=entry)
        return self._next(said, "corrected", by=by, at=at, before=_overwritten(self, said)), VisitCorrected(
            visit_id=self.id,
            cadre_id=self.cadre_id,
            branch_id=self.branch_id,
            occurred_at=occurred_at,
            household_ref=household_ref,
            entry=entry,
            corrects=(self._standing(),),
        )

    def withdraw(self, *, by: Caller, at: datetime) -> tuple[Self, VisitWithdrawn]:
        """Take it back; nothing of it counts any more. Raises VisitIsWithdrawn."""
        self._refuse_if_withdrawn()
        return self._next(replace(self, withdrawn=True), "withdrawn", by=by, at=at), VisitWithdrawn(
            visit_id=self.id,
            cadre_id=self.cadre_id,
            branch_id=self.branch_id,
            occurred_at=self.occurred_at,
            household_ref=self.household_ref,
            entry=self.entry,
            corrects=(self._standing(),),
        )

    def _standing(self) -> Correction:
        """What stands until now: the logging, or the last correction."""
        fact = VisitLogged if self.revision == 1 else VisitCorrected
        return Correction(type=fact.TYPE, revision=self.revision, day=self.day)

    def _next(
        self, changed: Self, what: What, *, by: Caller, at: datetime, before: Mapping[str, str | None] | None = None
    ) -> Self:
        """What was changed, as the next revision and with its trail."""
        revision = self.revision + 1
        left = TrailEntry.left_by(by, what, revision=revision, at=at, before=before)
        return replace(changed, revision=revision, trail=(*self.trail, left))

    def _refuse_if_withdrawn(self) -> None:
        if self.withdrawn:
            raise VisitIsWithdrawn


def _overwritten(stood: Visit, said: Visit) -> dict[str, str | None]:
    """What the trail keeps of a correction: that a note was rewritten, but not its words.

    Notes are corrected because somebody wrote down more of a citizen than he should: then they stand nowhere any more.
    """
    before: dict[str, str | None] = {}
    if stood.occurred_at != said.occurred_at:
        before["occurred_at"] = stood.occurred_at.astimezone(UTC).isoformat()
    if stood.household_ref != said.household_ref:
        before["household_ref"] = stood.household_ref
    if stood.note != said.note:
        before["note"] = None
    return before
