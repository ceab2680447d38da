"""An objection (异议): the subject says that an award is wrong, and is answered: 成立 or 不成立."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal, NewType, Self

from services.scoring.domain.deed import a_person
from services.scoring.domain.record_refusals import ObjectionAnsweredAlready, OwnObjectionNotAnswered
from shared.events.scoring import ObjectionFiled, ObjectionRejected, ObjectionUpheld, Standard
from shared.kernel.access import Caller, OrganisationPath
from shared.kernel.clock import local_day
from shared.kernel.ids import PersonId
from shared.kernel.trail import TrailEntry

ObjectionId = NewType("ObjectionId", str)
ObjectionState = Literal["filed", "upheld", "rejected"]


@dataclass(frozen=True, slots=True)
class Objection:
    """What a subject says against one entry of his ledger.

    `organisation_id` is where he is at home: the branch, or the township of a cadre; `path` ends there. `counts_on` is
    the day the award counts for. `text`, `answer` and `trail` stay in this service. `made_from` is the digest of the
    request that made it.
    """

    id: ObjectionId
    standard: Standard
    subject_id: str
    organisation_id: str
    path: OrganisationPath
    period: str
    award_id: str
    rule_id: str
    counts_on: date
    text: str
    filed_by: PersonId
    filed_on: date
    made_from: str
    state: ObjectionState = "filed"
    answer: str = ""
    answered_on: date | None = None
    revision: int = 1
    trail: tuple[TrailEntry, ...] = ()

    def filed(self) -> ObjectionFiled:
        """The fact that begins it."""
        return ObjectionFiled(**self._payload(self.filed_on))

    def is_answered(self, *, upheld: bool, answer: str) -> bool:
        """Whether this very answer stands."""
        return self.state == ("upheld" if upheld else "rejected") and self.answer == answer

    def answer_it(
        self, *, upheld: bool, answer: str, by: Caller, at: datetime
    ) -> tuple[Self, ObjectionUpheld | ObjectionRejected]:
        """Say whether it is right; if so, the award counts for nothing from now on.

        Raises ObjectionAnsweredAlready, OwnObjectionNotAnswered, Forbidden.
        """
        if self.state != "filed":
            raise ObjectionAnsweredAlready
        if a_person(by) == self.filed_by:
            raise OwnObjectionNotAnswered
        today, revision = local_day(at), self.revision + 1
        state: ObjectionState = "upheld" if upheld else "rejected"
        left = TrailEntry.left_by(by, state, revision=revision, at=at)
        answered = replace(
            self, state=state, answer=answer, answered_on=today, revision=revision, trail=(*self.trail, left)
        )
        payload = self._payload(today)
        if upheld:
            return answered, ObjectionUpheld(**payload, rule_id=self.rule_id, counts_on=self.counts_on)
        return answered, ObjectionRejected(**payload)

    def _payload(self, on: date) -> dict[str, Any]:
        return {
            "objection_id": self.id,
            "organisation_id": self.organisation_id,
            "standard": self.standard,
            "subject_id": self.subject_id,
            "period": self.period,
            "award_id": self.award_id,
            "occurred_on": on,
        }
