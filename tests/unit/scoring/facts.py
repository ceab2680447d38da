"""Facts as the other services publish them, and lives of things told as sequences of facts."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from shared.events.base import Correction, Event, Fact
from shared.events.notifications import (
    ObligationMissed,
    ObligationOpened,
    ObligationReopened,
    ObligationSatisfied,
    ObligationSatisfiedLate,
    ObligationSuperseded,
    ObligationWaived,
)
from shared.events.visits import ProblemConfirmed, ResolutionWithdrawn, VisitCorrected, VisitLogged, VisitWithdrawn
from shared.kernel.access import OrganisationPath
from shared.kernel.clock import at_local_time
from shared.kernel.ids import EventId, derived_id

COUNTY = derived_id("county")
TOWNSHIP = derived_id("township")
OTHER_TOWNSHIP = derived_id("other township")
BRANCH = derived_id("branch")
OTHER_BRANCH = derived_id("other branch")
CADRE = derived_id("cadre")
OTHER_CADRE = derived_id("other cadre")
PATH = OrganisationPath((COUNTY, TOWNSHIP, BRANCH))
MEETINGS = ("general-meeting", "committee", "group", "lecture", "theme-day")
RECORDED = datetime(2026, 1, 1, tzinfo=UTC)


def a_fact(event: Event, subject: str, revision: int, path: OrganisationPath = PATH) -> Fact[Event]:
    """The event as its service would have recorded it."""
    return Fact(
        id=EventId(derived_id("fact", subject, revision, event.TYPE)),
        source="tests",
        subject=subject,
        revision=revision,
        recorded_at=RECORDED,
        path=path,
        event=event,
    )


def _noon(day: date) -> datetime:
    return at_local_time(day, time(12))


@dataclass
class VisitLife:
    """One visit from logged to withdrawn."""

    name: str
    cadre_id: str = CADRE
    branch_id: str = BRANCH
    facts: list[Fact[Event]] = field(default_factory=list)
    day: date | None = None

    @property
    def id(self) -> str:
        return derived_id("visit", self.name)

    def log(self, day: date) -> "VisitLife":
        return self._tell(VisitLogged, day)

    def correct(self, day: date) -> "VisitLife":
        return self._tell(VisitCorrected, day, corrects=(self._last(),))

    def withdraw(self) -> "VisitLife":
        assert self.day is not None
        withdrawn = self._tell(VisitWithdrawn, self.day, corrects=(self._last(),))
        withdrawn.day = None
        return withdrawn

    def _last(self) -> Correction:
        assert self.day is not None
        last = self.facts[-1]
        return Correction(type=last.type, revision=last.revision, day=self.day)

    def _tell(self, event: type[Event], day: date, **more: object) -> "VisitLife":
        payload = {
            "visit_id": self.id,
            "cadre_id": self.cadre_id,
            "branch_id": self.branch_id,
            "occurred_at": _noon(day),
            **more,
        }
        self.facts.append(a_fact(event.model_validate(payload), self.id, len(self.facts) + 1))
        self.day = day
        return self


@dataclass
class ProblemLife:
    """One problem, confirmed and withdrawn again any number of times."""

    name: str
    cadre_id: str = CADRE
    branch_id: str = BRANCH
    helper_ids: tuple[str, ...] = ()
    facts: list[Fact[Event]] = field(default_factory=list)
    resolved_on: date | None = None

    @property
    def id(self) -> str:
        return derived_id("problem", self.name)

    def confirm(self, resolved_on: date) -> "ProblemLife":
        event = ProblemConfirmed(**self._payload(resolved_on), resolved_on=resolved_on, helper_ids=self.helper_ids)
        self.facts.append(a_fact(event, self.id, self._revision()))
        self.resolved_on = resolved_on
        return self

    def withdraw(self) -> "ProblemLife":
        assert self.resolved_on is not None
        confirmed = self.facts[-1].revision
        resolved = Correction(type="xianfeng.visits.problem.resolved.v1", revision=confirmed - 1, day=self.resolved_on)
        stood = Correction(
            type=ProblemConfirmed.TYPE, revision=confirmed, day=self.resolved_on, concerned=self.helper_ids
        )
        event = ResolutionWithdrawn(
            **self._payload(self.resolved_on),
            due_on=self.resolved_on,
            resolved_on=self.resolved_on,
            corrects=(resolved, stood),
        )
        self.facts.append(a_fact(event, self.id, self._revision()))
        self.resolved_on = None
        return self

    def _revision(self) -> int:
        return (self.facts[-1].revision if self.facts else 1) + 2

    def _payload(self, day: date) -> dict[str, object]:
        return {
            "problem_id": self.id,
            "branch_id": self.branch_id,
            "cadre_id": self.cadre_id,
            "occurred_on": day + timedelta(days=1),
        }


@dataclass
class ObligationLife:
    """One obligation; each revision says which claims hold now and takes back those that no longer do."""

    regulation: str
    due_on: date
    cadre_id: str = CADRE
    branch_id: str | None = None
    name: str = ""
    facts: list[Fact[Event]] = field(default_factory=list)
    holds: dict[str, Correction] = field(default_factory=dict)
    revision: int = 0

    @property
    def id(self) -> str:
        return derived_id("obligation", self.regulation, self.cadre_id, self.due_on, self.name)

    def open(self) -> "ObligationLife":
        return self._settle(opened={})

    def miss(self) -> "ObligationLife":
        return self._settle(opened={}, missed={})

    def satisfy_in_time(self) -> "ObligationLife":
        return self._settle(opened={}, satisfied={"satisfied_by": ()})

    def satisfy_late(self, *, after_grace: bool) -> "ObligationLife":
        late = {"satisfied_by": (new_act(self),), "after_grace": after_grace}
        if after_grace:
            return self._settle(opened={}, missed={}, satisfied_late=late)
        return self._settle(opened={}, satisfied_late=late)

    def waive(self) -> "ObligationLife":
        return self._settle(waived={"reason": "calendar"})

    def supersede(self) -> "ObligationLife":
        return self._settle(superseded={"superseded_by": derived_id("other")})

    def _settle(self, **wanted: dict[str, object]) -> "ObligationLife":
        renewed = {name for name in wanted if name == "satisfied_late"}
        gone = [name for name in self.holds if name not in wanted or name in renewed]
        corrects = tuple(self.holds.pop(name) for name in gone)
        new = {name: more for name, more in wanted.items() if name not in self.holds}
        if not new and not corrects:
            return self
        self.revision += 1
        for position, (name, more) in enumerate((new or {"reopened": {}}).items()):
            event = _CLAIMS[name].model_validate({**self._payload(), "corrects": () if position else corrects, **more})
            self.facts.append(a_fact(event, self.id, self.revision))
            self.holds[name] = Correction(type=event.TYPE, revision=self.revision, day=self.due_on)
        self.holds.pop("reopened", None)
        return self

    def _payload(self) -> dict[str, object]:
        kind, subject_id, organisation_id = self._subject()
        return {
            "obligation_id": self.id,
            "regulation_id": self.regulation,
            "regulation_version": "2023.1",
            "subject_kind": kind,
            "subject_id": subject_id,
            "organisation_id": organisation_id,
            "cadre_id": None if kind == "branch" else self.cadre_id,
            "branch_id": self.branch_id,
            "period": self.due_on.isoformat(),
            "due_on": self.due_on,
            "occurred_at": _noon(self.due_on + timedelta(days=self.revision)),
        }

    def _subject(self) -> tuple[str, str, str]:
        """Whose it is: the branch's meeting, a problem, or a cadre's week."""
        if self.regulation in MEETINGS and self.branch_id is not None:
            return "branch", self.branch_id, self.branch_id
        if self.regulation == "problem-deadline":
            return "problem", derived_id("problem of", self.id), BRANCH
        return "cadre", self.cadre_id, TOWNSHIP


def new_act(life: ObligationLife) -> str:
    """The event that did it, another one each time."""
    return derived_id("act", life.id, life.revision)


_CLAIMS: dict[str, type[Event]] = {
    "opened": ObligationOpened,
    "missed": ObligationMissed,
    "satisfied": ObligationSatisfied,
    "satisfied_late": ObligationSatisfiedLate,
    "reopened": ObligationReopened,
    "waived": ObligationWaived,
    "superseded": ObligationSuperseded,
}
