"""A deed (记实事项): what a member did, reported, confirmed by the branch, on public notice, then effective."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal, NewType, Self

from services.scoring.domain.deed_procedure import Notice
from services.scoring.domain.record_refusals import (
    DeedConfirmedAlready,
    DeedIsWithdrawn,
    DeedTakesEffect,
    OwnDeedNotConfirmed,
)
from shared.events.base import Correction, Entry
from shared.events.scoring import DeedConfirmed, DeedEffective, DeedKind, DeedReported, DeedWithdrawn
from shared.kernel.access import Caller, OrganisationPath
from shared.kernel.clock import local_day
from shared.kernel.errors import Forbidden
from shared.kernel.ids import PersonId
from shared.kernel.trail import TrailEntry

DeedId = NewType("DeedId", str)
DeedState = Literal["reported", "confirmed", "effective", "withdrawn", "refused"]
DeedWhat = Literal["reported", "confirmed", "withdrawn", "refused"]
"""The words of a deed's trail."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What a member did for others (report: 深入推进党员记实管理和积分考核工作).

    `note`, `reason` and `trail` stay in this service. `notice` is there once the branch has confirmed it; a deed of a
    history span is never on notice and is effective at once. `effective_in` is the revision in which it became
    effective: what takes it back names it. `made_from` is the digest of the request that made it.
    """

    id: DeedId
    member_id: str
    branch_id: str
    path: OrganisationPath
    kind: DeedKind
    done_on: date
    entry: Entry
    note: str
    reported_by: PersonId
    made_from: str
    state: DeedState = "reported"
    confirmed_by: PersonId | None = None
    notice: Notice | None = None
    effective_in: int | None = None
    reason: str = ""
    revision: int = 1
    trail: tuple[TrailEntry, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it may still become effective."""
        return self.state in {"reported", "confirmed"}

    @property
    def is_taken_back(self) -> bool:
        """Whether it counts for nothing any more."""
        return self.state in {"withdrawn", "refused"}

    def reported(self) -> DeedReported:
        """The fact that begins it."""
        return DeedReported(**self._payload())

    def confirm(
        self, *, by: Caller, about: str | None, notice: Notice, at: datetime
    ) -> tuple[Self, tuple[DeedConfirmed, *tuple[DeedEffective, ...]]]:
        """The branch says it is so: from now on it is on public notice; history is effective at once.

        `about` is the person the deed is about, if known: neither he nor who reported it confirms it. Raises
        DeedIsWithdrawn, DeedConfirmedAlready, OwnDeedNotConfirmed, Forbidden.
        """
        person = a_person(by)
        self._refuse_taken_back()
        if self.state != "reported":
            raise DeedConfirmedAlready
        if person in {self.reported_by, about}:
            raise OwnDeedNotConfirmed
        shown = Notice(local_day(at)) if self.entry == "history" else notice
        confirmed = replace(self, state="confirmed", confirmed_by=person, notice=shown)
        stands = self._next(confirmed, "confirmed", by=by, at=at)
        fact = DeedConfirmed(**self._payload(), notice_until=shown.until, notice_provisional=shown.provisional)
        if self.entry != "history":
            return stands, (fact,)
        effective = replace(stands, state="effective", effective_in=stands.revision)
        return effective, (fact, DeedEffective(**self._payload()))

    def take_effect(self) -> tuple[Self, DeedEffective]:
        """The notice ended without a word against it: it counts. Raises DeedTakesEffect for one not on notice."""
        if self.state != "confirmed":
            raise DeedTakesEffect
        revision = self.revision + 1
        effective = replace(self, state="effective", effective_in=revision, revision=revision)
        return effective, DeedEffective(**self._payload())

    def withdraw(self, *, reason: str = "", by: Caller, at: datetime) -> tuple[Self, DeedWithdrawn]:
        """Who reported it takes it back, and may say why. Raises DeedIsWithdrawn."""
        self._refuse_taken_back()
        withdrawn = replace(self, state="withdrawn", reason=reason)
        return self._next(withdrawn, "withdrawn", by=by, at=at), self._taken_back()

    def refuse(self, *, reason: str, by: Caller, at: datetime) -> tuple[Self, DeedWithdrawn]:
        """The branch found that it is not so; the reason stays here. Raises DeedIsWithdrawn."""
        self._refuse_taken_back()
        refused = replace(self, state="refused", reason=reason)
        return self._next(refused, "refused", by=by, at=at), self._taken_back()

    def on_notice(self) -> Self:
        """What everybody in the branch reads while it is on notice: who did what kind of thing when, no words."""
        return replace(self, note="", reason="", trail=())

    def _taken_back(self) -> DeedWithdrawn:
        """The fact that takes it back, and its points if it had any."""
        corrects: tuple[Correction, ...] = ()
        if self.effective_in is not None:
            corrects = (Correction(type=DeedEffective.TYPE, revision=self.effective_in, day=self.done_on),)
        return DeedWithdrawn(**self._payload(), corrects=corrects)

    def _payload(self) -> dict[str, Any]:
        return {
            "deed_id": self.id,
            "member_id": self.member_id,
            "branch_id": self.branch_id,
            "kind": self.kind,
            "occurred_on": self.done_on,
            "entry": self.entry,
        }

    def _next(self, changed: Self, what: DeedWhat, *, by: Caller, at: datetime) -> Self:
        """What was changed, as the next revision and with its trail."""
        revision = self.revision + 1
        left = TrailEntry.left_by(by, what, revision=revision, at=at)
        return replace(changed, revision=revision, trail=(*self.trail, left))

    def _refuse_taken_back(self) -> None:
        if self.is_taken_back:
            raise DeedIsWithdrawn


def a_person(by: Caller) -> PersonId:
    """Who reports, confirms, objects and answers are told apart as persons. Raises Forbidden for nobody's account."""
    if by.person_id is None:
        raise Forbidden
    return by.person_id
