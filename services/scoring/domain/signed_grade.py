"""A signed grade (等次审定): the platform offers a reference, a person decides and signs."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self

from services.scoring.domain.decision_refusals import (
    GradeReasonMissing,
    GradeUnknown,
    GradeVetoed,
    OwnGradeNotSigned,
)
from services.scoring.domain.deed import a_person
from services.scoring.domain.score import Score
from services.scoring.domain.subject import Subject
from shared.events.scoring import Standard
from shared.kernel.access import Caller, OrganisationPath
from shared.kernel.clock import local_day
from shared.kernel.ids import PersonId, derived_id
from shared.kernel.trail import TrailEntry

UNGRADED = "不评"
"""No grade: what may be signed whatever the book says, and alone while something forbids one."""


@dataclass(frozen=True, slots=True)
class SignedGrade:
    """The grade of one subject and sealed period as somebody signed it.

    `reference` and `points` (hundredths) are what stood when it was signed; `reference` is 不评 where the book gives
    none. `reason` says why it is another than the reference. `path` is where the subject was at home.
    """

    id: str
    standard: Standard
    subject_id: str
    period: str
    organisation_id: str
    path: OrganisationPath
    grade: str
    reference: str
    points: int | None
    reason: str
    signed_by: PersonId
    signed_on: date
    revision: int = 1
    trail: tuple[TrailEntry, ...] = ()

    @classmethod
    def sign(cls, subject: Subject, score: Score, *, grade: str, reason: str, by: Caller, at: datetime) -> Self:
        """Sign the grade of a sealed score.

        Raises OwnGradeNotSigned, GradeUnknown, GradeVetoed, GradeReasonMissing, Forbidden for a caller who stands for
        no person.
        """
        reference = _checked(subject, score, grade, reason, by)
        key = score.key
        return cls(
            id=grade_id(key.standard, key.subject_id, key.period),
            standard=key.standard,
            subject_id=key.subject_id,
            period=key.period,
            organisation_id=subject.home.organisation_id,
            path=subject.home,
            grade=grade,
            reference=reference,
            points=score.points,
            reason=reason,
            signed_by=a_person(by),
            signed_on=local_day(at),
            trail=(TrailEntry.left_by(by, "signed", at=at),),
        )

    def correct(self, subject: Subject, score: Score, *, grade: str, reason: str, by: Caller, at: datetime) -> Self:
        """Sign another grade in its place, with a reason. Raises what `sign` raises."""
        reference = _checked(subject, score, grade, reason, by)
        if not reason:
            raise GradeReasonMissing(reference=reference)
        revision = self.revision + 1
        before = {"grade": self.grade, "reference": self.reference, "reason": self.reason}
        left = TrailEntry.left_by(by, "corrected", revision=revision, at=at, before=before)
        return replace(
            self,
            grade=grade,
            reference=reference,
            points=score.points,
            reason=reason,
            signed_by=a_person(by),
            signed_on=local_day(at),
            revision=revision,
            trail=(*self.trail, left),
        )


def _checked(subject: Subject, score: Score, grade: str, reason: str, by: Caller) -> str:
    """The reference grade, if what is to be signed may be."""
    if by.is_person(subject.person_id):
        raise OwnGradeNotSigned
    choices = [*(each.title for each in score.book.grades), UNGRADED]
    if grade not in choices:
        raise GradeUnknown(title=score.book.title, grade=grade, choices="、".join(choices))
    vetoes = score.vetoed_by
    if vetoes and grade != UNGRADED:
        raise GradeVetoed(why="、".join(lasts.circumstance.title for lasts in vetoes))
    reference = UNGRADED if score.grade is None else score.grade.title
    if (vetoes or grade != reference) and not reason:
        raise GradeReasonMissing(reference=reference)
    return reference


def grade_id(standard: Standard, subject_id: str, period: str) -> str:
    """One grade a subject and period."""
    return derived_id("signed grade", standard, subject_id, period)
