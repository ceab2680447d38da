"""What is owed: by whom, where, about which period, until which day."""

from dataclasses import dataclass
from datetime import date

from shared.events.base import Entry
from shared.events.notifications import SubjectKind
from shared.kernel.ids import BranchId, CadreId, OrganisationId


@dataclass(frozen=True, slots=True)
class Terms:
    """Fixed when the obligation is opened and never changed after."""

    regulation_id: str
    regulation_version: str
    subject_kind: SubjectKind
    subject_id: str
    organisation_id: OrganisationId
    cadre_id: CadreId | None
    branch_id: BranchId | None
    period: str
    due_on: date
    quota: int = 1
    entry: Entry = "live"
