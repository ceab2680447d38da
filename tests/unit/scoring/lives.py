"""Lives of what scores besides visits, problems and obligations: meetings, deeds, review marks, circumstances."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from shared.events.base import Correction, Event, Fact
from shared.events.duties import (
    MeetingCorrected,
    MeetingHeld,
    MeetingKind,
    MeetingWithdrawn,
    WeakOrganisationAccepted,
    WeakOrganisationListed,
)
from shared.events.members import ExemptionChanged, ExemptionGranted, ExemptionWithdrawn
from shared.events.scoring import DeedEffective, DeedKind, DeedWithdrawn, ReviewMarked
from shared.kernel.ids import derived_id
from tests.unit.scoring.facts import BRANCH, a_fact

MEMBER, OTHER_MEMBER, THIRD_MEMBER = (derived_id(name) for name in ("member", "other member", "third member"))


@dataclass
class MeetingLife:
    """One meeting from held to withdrawn; `absent` and `day` are how it stands, None when it does not."""

    name: str
    kind: MeetingKind = "general_meeting"
    branch_id: str = BRANCH
    facts: list[Fact[Event]] = field(default_factory=list)
    absent: tuple[str, ...] = ()
    day: date | None = None

    @property
    def id(self) -> str:
        return derived_id("meeting", self.name)

    def hold(self, day: date, *absent: str) -> "MeetingLife":
        return self._tell(MeetingHeld, day, absent)

    def correct(self, day: date, *absent: str, kind: MeetingKind | None = None) -> "MeetingLife":
        corrects = (self._last(),)
        self.kind = kind or self.kind
        return self._tell(MeetingCorrected, day, absent, corrects=corrects)

    def withdraw(self) -> "MeetingLife":
        assert self.day is not None
        self._tell(MeetingWithdrawn, self.day, self.absent, corrects=(self._last(),))
        self.day, self.absent = None, ()
        return self

    def _last(self) -> Correction:
        assert self.day is not None
        last = self.facts[-1]
        return Correction(type=last.type, revision=last.revision, day=self.day, concerned=self.absent)

    def _tell(self, event: type[Event], day: date, absent: tuple[str, ...], **more: Any) -> "MeetingLife":
        payload = {
            "meeting_id": self.id,
            "branch_id": self.branch_id,
            "kind": self.kind,
            "expected": 5,
            "attended": 5 - len(absent),
            "excused": 0,
            "absent": absent,
            "quorate": True,
            "occurred_on": day,
            **more,
        }
        self.facts.append(a_fact(event.model_validate(payload), self.id, len(self.facts) + 1))
        self.day, self.absent = day, absent
        return self


@dataclass
class DeedLife:
    """One deed from effective to withdrawn."""

    name: str
    kind: DeedKind = "voluntary"
    member_id: str = MEMBER
    facts: list[Fact[Event]] = field(default_factory=list)
    day: date | None = None

    @property
    def id(self) -> str:
        return derived_id("deed", self.name)

    def take_effect(self, day: date) -> "DeedLife":
        self.facts.append(a_fact(DeedEffective(**self._payload(day)), self.id, 3))
        self.day = day
        return self

    def withdraw(self) -> "DeedLife":
        assert self.day is not None
        corrects = (Correction(type=DeedEffective.TYPE, revision=3, day=self.day),)
        self.facts.append(a_fact(DeedWithdrawn(**self._payload(self.day), corrects=corrects), self.id, 4))
        self.day = None
        return self

    def _payload(self, day: date) -> dict[str, Any]:
        return {
            "deed_id": self.id,
            "member_id": self.member_id,
            "branch_id": BRANCH,
            "kind": self.kind,
            "occurred_on": day,
        }


@dataclass
class ReviewLife:
    """The review of a branch for a year, marked once or again."""

    year: str
    branch_id: str = BRANCH
    facts: list[Fact[Event]] = field(default_factory=list)
    standing: Decimal | None = None

    def mark(self, mark: str) -> "ReviewLife":
        id_ = derived_id("review", self.branch_id, self.year)
        last_day = date(int(self.year), 12, 31)
        corrects = tuple(
            Correction(type=ReviewMarked.TYPE, revision=fact.revision, day=last_day) for fact in self.facts[-1:]
        )
        event = ReviewMarked(
            review_id=id_,
            branch_id=self.branch_id,
            period=self.year,
            mark=Decimal(mark),
            counts_on=last_day,
            occurred_on=last_day,
            corrects=corrects,
        )
        self.facts.append(a_fact(event, id_, len(self.facts) + 1))
        self.standing = event.mark
        return self


@dataclass
class ExemptionLife:
    """One exemption from attendance; `span` is how it stands, None when it does not."""

    name: str
    member_id: str = MEMBER
    facts: list[Fact[Event]] = field(default_factory=list)
    span: tuple[date, date | None] | None = None

    @property
    def id(self) -> str:
        return derived_id("exemption", self.name)

    def grant(self, first: date, last: date | None = None) -> "ExemptionLife":
        return self._tell(ExemptionGranted, first, last)

    def change(self, last: date | None) -> "ExemptionLife":
        assert self.span is not None
        return self._tell(ExemptionChanged, self.span[0], last, corrects=(self._last(),))

    def withdraw(self) -> "ExemptionLife":
        assert self.span is not None
        self._tell(ExemptionWithdrawn, *self.span, corrects=(self._last(),))
        self.span = None
        return self

    def _last(self) -> Correction:
        assert self.span is not None
        last = self.facts[-1]
        return Correction(type=last.type, revision=last.revision, day=self.span[0])

    def _tell(self, event: type[Event], first: date, last: date | None, **more: Any) -> "ExemptionLife":
        payload = {
            "exemption_id": self.id,
            "member_id": self.member_id,
            "branch_id": BRANCH,
            "starts_on": first,
            "ends_on": last,
            "occurred_on": first,
            **more,
        }
        self.facts.append(a_fact(event.model_validate(payload), self.id, len(self.facts) + 1))
        self.span = (first, last)
        return self


@dataclass
class ListingLife:
    """One listing of a weak organisation, from listed to accepted."""

    name: str
    organisation_id: str = BRANCH
    facts: list[Fact[Event]] = field(default_factory=list)

    def listed(self, day: date) -> "ListingLife":
        self.facts.append(a_fact(WeakOrganisationListed(**self._payload(day), occurred_on=day), self._id, 1))
        return self

    def accepted(self, listed_on: date, day: date) -> "ListingLife":
        corrects = (Correction(type=WeakOrganisationListed.TYPE, revision=1, day=listed_on),)
        event = WeakOrganisationAccepted(**self._payload(listed_on), occurred_on=day, corrects=corrects)
        self.facts.append(a_fact(event, self._id, 2))
        return self

    @property
    def _id(self) -> str:
        return derived_id("listing", self.name)

    def _payload(self, listed_on: date) -> dict[str, Any]:
        return {"listing_id": self._id, "organisation_id": self.organisation_id, "listed_on": listed_on}
