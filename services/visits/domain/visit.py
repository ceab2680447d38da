"""A visit: a cadre called on a village, from logged to corrected or withdrawn."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from services.visits.domain.refusals import VisitIsWithdrawn
from shared.events.base import Correction, Entry
from shared.events.visits import VisitCorrected, VisitLogged, VisitWithdrawn
from shared.kernel.access import OrganisationPath
from shared.kernel.clock import local_day
from shared.kernel.ids import BranchId, CadreId, HouseholdRef, VisitId


@dataclass(frozen=True, slots=True)
class Visit:
    """One call on a village (report: 周调研走访1次).

    `occurred_at` is when it happened, not when it was synced. `note` stays in this service; `household_ref` is opaque.
    `made_from` is the digest of the request that made it, so that an upload repeated is recognised.
    """

    id: VisitId
    cadre_id: CadreId
    branch_id: BranchId
    path: OrganisationPath
    occurred_at: datetime
    entry: Entry
    made_from: str
    note: str = ""
    household_ref: HouseholdRef | None = None
    withdrawn: bool = False
    revision: int = 1

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
        self, *, occurred_at: datetime, household_ref: HouseholdRef | None, note: str, entry: Entry
    ) -> tuple[Self, VisitCorrected]:
        """Say what it was really like; the points of what was said before move with it.

        Raises VisitIsWithdrawn.
        """
        self._refuse_if_withdrawn()
        corrected = replace(
            self,
            occurred_at=occurred_at,
            household_ref=household_ref,
            note=note,
            entry=entry,
            revision=self.revision + 1,
        )
        return corrected, VisitCorrected(
            visit_id=self.id,
            cadre_id=self.cadre_id,
            branch_id=self.branch_id,
            occurred_at=occurred_at,
            household_ref=household_ref,
            entry=entry,
            corrects=(self._standing(),),
        )

    def withdraw(self) -> tuple[Self, VisitWithdrawn]:
        """Take it back; nothing of it counts any more. Raises VisitIsWithdrawn."""
        self._refuse_if_withdrawn()
        return replace(self, withdrawn=True, revision=self.revision + 1), VisitWithdrawn(
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
        return Correction(type=fact.TYPE, revision=self.revision, day=local_day(self.occurred_at))

    def _refuse_if_withdrawn(self) -> None:
        if self.withdrawn:
            raise VisitIsWithdrawn
