"""What a person decides beside the scores, and what it needs of the world: permits of rankings, signed grades."""

from dataclasses import dataclass
from typing import Protocol

from services.scoring.domain.ranking import RankingPermit
from services.scoring.domain.signed_grade import SignedGrade
from shared.kernel.access import OrganisationPath


class RankingPermits(Protocol):
    """The bases on which branches may be ranked (排名依据)."""

    async def find(self, permit_id: str) -> RankingPermit | None:
        """The permit, if there is one."""
        ...

    async def save(self, permit: RankingPermit) -> None:
        """Store the permit; raises AlreadyThere or Stale."""
        ...

    async def moved(self, organisation_id: str, path: OrganisationPath) -> None:
        """The organisation hangs elsewhere now, and its permits with it."""
        ...


class SignedGrades(Protocol):
    """The grades as they were signed (等次审定)."""

    async def find(self, grade_id: str) -> SignedGrade | None:
        """The grade, if one was signed."""
        ...

    async def save(self, grade: SignedGrade) -> None:
        """Store the grade; raises AlreadyThere or Stale."""
        ...

    async def moved(self, organisation_id: str, path: OrganisationPath) -> None:
        """The organisation hangs elsewhere now, and the grades of those at home there with it."""
        ...


@dataclass(frozen=True, slots=True)
class DecisionPorts:
    """What was decided; the scores are read through the ports of the build people see."""

    permits: RankingPermits
    grades: SignedGrades
