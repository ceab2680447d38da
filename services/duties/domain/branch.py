"""A branch as far as its meetings go: where it hangs, and which meetings its structure allows on which day."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from services.duties.domain.refusals import BranchWithoutCommittee, BranchWithoutGroups
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import month_of

Structure = Literal["committee", "groups"]
"""What a branch must have for a kind of meeting."""


@dataclass(frozen=True, slots=True)
class BranchStructure:
    """What a revision of a branch says of its structure: from `since_on` on with or without committee and groups."""

    revision: int
    since_on: date
    has_committee: bool = False
    has_groups: bool = False

    def has(self, structure: Structure) -> bool:
        """Whether the branch has it."""
        return self.has_committee if structure == "committee" else self.has_groups


@dataclass(frozen=True, slots=True)
class Branch:
    """What this service knows of a branch: where it hangs now, and each structure it has had."""

    path: OrganisationPath
    structures: tuple[BranchStructure, ...]

    def require(self, structure: Structure | None, *, on: date) -> None:
        """Refuse a meeting of what the branch neither had on that day nor when the month of that day began.

        A branch owes these meetings by the month, as it stood when that began, and what it owes it can hold
        (支部工作条例第十二、十三条). Raises BranchWithoutCommittee, BranchWithoutGroups.
        """
        before_the_month = month_of(on).first - timedelta(days=1)
        if structure is None or any(self._on(day).has(structure) for day in (on, before_the_month)):
            return
        raise BranchWithoutCommittee if structure == "committee" else BranchWithoutGroups

    def _on(self, day: date) -> BranchStructure:
        """Of what holds by then the highest revision; before anything does, as it was registered."""
        known = sorted(self.structures, key=lambda each: each.revision)
        return ([each for each in known if each.since_on <= day] or known[:1])[-1]
