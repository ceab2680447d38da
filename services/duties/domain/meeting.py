"""A meeting: a branch met (三会一课、主题党日), from held to corrected or withdrawn."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Self, TypeVar

from services.duties.domain.attendance import Attendance
from services.duties.domain.refusals import MeetingIsWithdrawn
from services.duties.domain.trail import What
from shared.events.base import Correction, Entry, Event
from shared.events.duties import MeetingCorrected, MeetingHeld, MeetingKind, MeetingWithdrawn
from shared.kernel.access import Caller, OrganisationPath
from shared.kernel.ids import BranchId, MeetingId, TownshipId, digest_of
from shared.kernel.trail import TrailEntry

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting of a branch on a local day (report: 严格党内生活).

    `note` (topics and agenda), `trail` and who came stay in this service; of people the facts name the absent alone, by
    id. `township_id` is the township it was recorded in: its times hold for it wherever the branch hangs now, so that a
    branch that moves takes nothing out of a closed span. `made_from` is the digest of the request that made it, so that
    a request repeated is recognised.
    """

    id: MeetingId
    branch_id: BranchId
    path: OrganisationPath
    township_id: TownshipId
    kind: MeetingKind
    held_on: date
    attendance: Attendance
    entry: Entry
    made_from: str
    note: str = ""
    withdrawn: bool = False
    revision: int = 1
    trail: tuple[TrailEntry, ...] = ()

    @property
    def occasion(self) -> str:
        """What no two meetings that stand share: branch, kind and day; of a group also whom it expected.

        A branch has several groups, which may meet on one day.
        """
        circle = [digest_of({"expected": self.attendance.expected})] if self.kind == "group" else []
        return ":".join((self.branch_id, self.kind, self.held_on.isoformat(), *circle))

    def held(self) -> MeetingHeld:
        """The fact that begins it."""
        return _fact(self, MeetingHeld)

    def says(self, held_on: date, attendance: Attendance, note: str) -> bool:
        """Whether this stands already."""
        standing = (self.held_on, self.attendance, self.note)
        return not self.withdrawn and standing == (held_on, attendance, note)

    def correct(
        self, *, held_on: date, attendance: Attendance, note: str, entry: Entry, by: Caller, at: datetime
    ) -> tuple[Self, MeetingCorrected]:
        """Say what it was really like; what was said before no longer stands. Raises MeetingIsWithdrawn."""
        self.refuse_if_withdrawn()
        said = replace(self, held_on=held_on, attendance=attendance, note=note, entry=entry)
        corrected = self._next(said, "corrected", by=by, at=at, before=_overwritten(self, said))
        return corrected, _fact(corrected, MeetingCorrected, corrects=(self._standing(),))

    def withdraw(self, *, by: Caller, at: datetime) -> tuple[Self, MeetingWithdrawn]:
        """Take it back; nothing of it counts any more. Raises MeetingIsWithdrawn."""
        self.refuse_if_withdrawn()
        withdrawn = self._next(replace(self, withdrawn=True), "withdrawn", by=by, at=at)
        return withdrawn, _fact(self, MeetingWithdrawn, corrects=(self._standing(),))

    def refuse_if_withdrawn(self) -> None:
        """Raises MeetingIsWithdrawn for what was taken back."""
        if self.withdrawn:
            raise MeetingIsWithdrawn

    def _standing(self) -> Correction:
        """What stands until now: the holding, or the last correction."""
        fact = MeetingHeld if self.revision == 1 else MeetingCorrected
        return Correction(
            type=fact.TYPE, revision=self.revision, day=self.held_on, concerned=tuple(self.attendance.absent)
        )

    def _next(
        self, changed: Self, what: What, *, by: Caller, at: datetime, before: Mapping[str, str | None] | None = None
    ) -> Self:
        """What was changed, as the next revision and with its trail."""
        revision = self.revision + 1
        left = TrailEntry.left_by(by, what, revision=revision, at=at, before=before)
        return replace(changed, revision=revision, trail=(*self.trail, left))


def _fact(meeting: Meeting, kind: type[E], **more: Any) -> E:
    """What the meeting is like, as a fact of that type: figures, and the ids of the absent."""
    attendance = meeting.attendance
    fields = {
        "meeting_id": meeting.id,
        "branch_id": meeting.branch_id,
        "kind": meeting.kind,
        "expected": len(attendance.expected),
        "attended": len(attendance.attended),
        "excused": len(attendance.excused),
        "absent": attendance.absent,
        "quorate": attendance.quorate,
        "occurred_on": meeting.held_on,
        "entry": meeting.entry,
        **more,
    }
    return kind(**fields)


def _overwritten(stood: Meeting, said: Meeting) -> dict[str, str | None]:
    """What the trail keeps of a correction: the day and the lists (ids) as they stood; that a note was rewritten."""
    before: dict[str, str | None] = {}
    if stood.held_on != said.held_on:
        before["held_on"] = stood.held_on.isoformat()
    for name in ("expected", "attended", "excused"):
        listed = getattr(stood.attendance, name)
        if listed != getattr(said.attendance, name):
            before[name] = " ".join(listed)
    if stood.note != said.note:
        before["note"] = None
    return before
