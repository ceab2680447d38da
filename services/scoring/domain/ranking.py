"""Rankings (排名): off until somebody records on what basis they are on, and of branches alone.

The 2026 rules on government apps ask for a recorded basis; cadres and members are never ranked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, Self, TypeVar

from services.scoring.domain.decision_refusals import NeverRanked
from services.scoring.domain.deed import a_person
from services.scoring.domain.score import Score
from services.scoring.domain.subject import Organisation
from shared.events.scoring import Standard
from shared.kernel.access import Caller, OrganisationPath
from shared.kernel.clock import local_day
from shared.kernel.ids import PersonId, derived_id
from shared.kernel.trail import TrailEntry

PermitState = Literal["on", "off"]
_NEVER: dict[Standard, str] = {"cadre": "联村干部履职不排名", "member": "党员积分不排名"}


@dataclass(frozen=True, slots=True)
class RankingPermit:
    """The basis on which the branches of one organisation may be ranked (排名依据), until it is withdrawn.

    `basis` names the document and says why; it stands beside every list. It holds for the organisation and all below.
    """

    id: str
    standard: Standard
    organisation_id: str
    path: OrganisationPath
    basis: str
    granted_by: PersonId
    granted_on: date
    state: PermitState = "on"
    revision: int = 1
    trail: tuple[TrailEntry, ...] = ()

    @classmethod
    def grant(cls, standard: Standard, organisation: Organisation, *, basis: str, by: Caller, at: datetime) -> Self:
        """Turn rankings on. Raises Forbidden for a caller who stands for no person."""
        return cls(
            id=permit_id(standard, organisation.id),
            standard=standard,
            organisation_id=organisation.id,
            path=organisation.path,
            basis=basis,
            granted_by=a_person(by),
            granted_on=local_day(at),
            trail=(TrailEntry.left_by(by, "granted", at=at),),
        )

    def says(self, basis: str) -> bool:
        """Whether rankings are on, and on this basis."""
        return self.state == "on" and self.basis == basis

    def grant_again(self, *, basis: str, by: Caller, at: datetime) -> Self:
        """Turn them on again, or on another basis. Raises Forbidden for a caller who stands for no person."""
        granted = replace(self, basis=basis, granted_by=a_person(by), granted_on=local_day(at), state="on")
        return _left(granted, by, "granted", at, before={"basis": self.basis, "state": self.state})

    def withdraw(self, *, by: Caller, at: datetime) -> Self:
        """Turn them off; off already they stay as they are."""
        if self.state == "off":
            return self
        return _left(replace(self, state="off"), by, "withdrawn", at)


P = TypeVar("P", bound=RankingPermit)


def _left(permit: P, by: Caller, what: str, at: datetime, before: Mapping[str, str | None] | None = None) -> P:
    revision = permit.revision + 1
    left = TrailEntry.left_by(by, what, revision=revision, at=at, before=before)
    return replace(permit, revision=revision, trail=(*permit.trail, left))


@dataclass(frozen=True, slots=True)
class Placed:
    """A score with its place (名次); without one while its points are awaited."""

    score: Score
    place: int | None


def ranking(scores: Iterable[Score]) -> tuple[Placed, ...]:
    """The scores by their points, in any order given; equal points share a place, and the next is as far behind.

    What is awaited (待评) stands last, without a place.
    """
    told = sorted(scores, key=lambda score: score.key.subject_id)
    known = sorted((score for score in told if score.points is not None), key=lambda score: -(score.points or 0))
    first_of: dict[int | None, int] = {}
    for position, score in enumerate(known, start=1):
        first_of.setdefault(score.points, position)
    awaited = [score for score in told if score.points is None]
    return (*(Placed(score, first_of[score.points]) for score in known), *(Placed(score, None) for score in awaited))


def require_ranked(standard: Standard) -> None:
    """Raises NeverRanked for a standard that has no ranks."""
    if standard in _NEVER:
        raise NeverRanked(reason=_NEVER[standard])


def permit_id(standard: Standard, organisation_id: str) -> str:
    """One permit a standard and organisation."""
    return derived_id("ranking permit", standard, organisation_id)
