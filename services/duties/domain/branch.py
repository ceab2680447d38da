"""A branch as far as its meetings go: where it hangs, and which meetings its structure allows."""

from dataclasses import dataclass
from typing import Literal

from services.duties.domain.refusals import BranchWithoutCommittee, BranchWithoutGroups
from shared.kernel.access import OrganisationPath

Structure = Literal["committee", "groups"]
"""What a branch must have for a kind of meeting."""


@dataclass(frozen=True, slots=True)
class Branch:
    """What this service knows of a branch."""

    path: OrganisationPath
    has_committee: bool = False
    has_groups: bool = False

    def require(self, structure: Structure | None) -> None:
        """Refuse a meeting of what the branch does not have. Raises BranchWithoutCommittee, BranchWithoutGroups."""
        if structure == "committee" and not self.has_committee:
            raise BranchWithoutCommittee
        if structure == "groups" and not self.has_groups:
            raise BranchWithoutGroups
