"""The obligation (应办事项): one concept carries every alert (domain.md section 3).

open 待办, warned 临期, overdue 超期; satisfied 办结, satisfied_late 超期办结, missed 未办;
waived 免办, superseded 转办.

The state is a pure function of the grounds (all facts known) and of the steps that have fired. What was published is
kept beside it as claims that hold or were taken back; after every change the claims that hold are exactly those the
state implies, and the fact that changed them names the ones it took back. So a reader who gives for every claim and
takes for every correction ends where a reader of the state would.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.notifications.domain.grounds import Decision, Grounds
from services.notifications.domain.history import Line, Standing, standing
from services.notifications.domain.publishing import correction_of, event_of
from services.notifications.domain.refusals import AlreadyWaived, NothingToWaive
from services.notifications.domain.schedule import Schedule, Step
from services.notifications.domain.state import LATE, WAITING, State, claims, settled_steps, state_of
from services.notifications.domain.terms import Terms
from shared.events.base import Entry, Event
from shared.kernel.access import OrganisationPath
from shared.kernel.clock import local_day
from shared.kernel.ids import ObligationId


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something due by somebody until some day, with all that became of it.

    `noticed` is the revision in which its people last had something new to read; None while they never had. A
    `decision` stands beside the grounds: a free week or an ended posting may cover it for a while, not undo it.
    """

    id: ObligationId
    terms: Terms
    path: OrganisationPath
    schedule: Schedule
    opened_at: datetime
    grounds: Grounds = field(default_factory=Grounds)
    fired: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    revision: int = 0
    noticed: int | None = None
    decision: Decision | None = None

    @property
    def state(self) -> State:
        """What the grounds and the fired steps make of it."""
        return state_of(self.terms, self.grounds, self.fired)

    @property
    def next_step(self) -> Step | None:
        """What time will do to it next; None once nothing is left to wait for."""
        return self.schedule.following(self.fired) if self.state in WAITING else None

    @property
    def escalated(self) -> int | None:
        """The revision in which it was late for the first time, and came before the desk; None while it was not.

        What came before the desk stays there, whatever becomes of it. Of history nobody was ever told.
        """
        late = (line.revision for line in self.lines if line.what in LATE)
        return None if self.noticed is None else next(late, None)

    @property
    def is_history(self) -> bool:
        """Whether it belongs to a declared history span: scored, silent, never noticed."""
        return self.terms.entry == "history"

    def learn(self, grounds: Grounds, *, at: datetime, now: datetime) -> tuple["Obligation", tuple[Event, ...]]:
        """Take in what all known facts say now; unchanged and without events when they say nothing new.

        `at` is when the newest of them was recorded: it dates what has no date of its own (waived, opened again).

        The first time opens it: done in time already, it opens as done; excused already, it is only waived. What
        happened in time counts in time however late it is learnt, even after the obligation was missed; what was
        withdrawn opens it again, and the sweep goes on with the steps that are due.
        """
        if self.decision is not None and grounds.waiver is None:
            grounds = replace(grounds, waiver="decision")
        kept = grounds.decided(self.terms.quota)
        learnt = replace(self, grounds=kept, fired=settled_steps(self.terms, kept, self.fired, self.schedule))
        if self.revision and set(_wanted(learnt)) == set(standing(self.lines)):
            return self, ()
        return _published(learnt, at, now)

    def waive(self, decision: Decision) -> tuple["Obligation", tuple[Event, ...]]:
        """Let it be, by a person's decision; refused for what is done, excused, handed over or history already."""
        if self.decision is not None:
            raise AlreadyWaived(decided_on=local_day(self.decision.at))
        if self.is_history or self.state not in WAITING | {"missed"}:
            raise NothingToWaive
        return replace(self, decision=decision).learn(self.grounds, at=decision.at, now=decision.at)

    def fire(self, *, until: datetime, now: datetime) -> tuple["Obligation", tuple[Event, ...]]:
        """Let the next step happen if it was due by `until`; its fact is dated by the due instant.

        A step cannot be published twice: it enters `fired` in the same atomic write that carries its fact, so whoever
        loads the obligation later finds it fired, and whoever loaded it before fails on the revision. It happens
        again only after what satisfied or waived the obligation was itself withdrawn, and then the first time was taken
        back by a correction.
        """
        step = self.next_step
        if step is None or step.at > until:
            return self, ()
        return _published(replace(self, fired=(*self.fired, step.name)), step.at, now, step)


def _wanted(obligation: Obligation) -> tuple[Standing, ...]:
    return claims(obligation.terms, obligation.grounds, obligation.fired, obligation.schedule)


def _published(
    obligation: Obligation, at: datetime, now: datetime, step: Step | None = None
) -> tuple[Obligation, tuple[Event, ...]]:
    """The next revision, and the facts that lead from the claims that held to those that hold now."""
    revision = obligation.revision + 1
    wanted = _wanted(obligation)
    gone = tuple(line for line in obligation.lines if line.holds and line.standing not in wanted)
    new = tuple(_new_lines(obligation, wanted, at, now, step))
    facts = tuple(
        event_of(
            obligation.id,
            obligation.terms,
            line,
            entry=_entry(obligation, line),
            corrects=() if position else tuple(correction_of(line, obligation.terms) for line in gone),
        )
        for position, line in enumerate(new)
    )
    kept = (replace(line, taken_back_in=revision) if line in gone else line for line in obligation.lines)
    noticed = revision if _is_news(obligation) else None
    return replace(obligation, lines=(*kept, *new), revision=revision, noticed=noticed), facts


def _new_lines(
    obligation: Obligation, wanted: tuple[Standing, ...], at: datetime, now: datetime, step: Step | None
) -> Iterator[Line]:
    """What is said for the first time, or again; when something was only taken back, that it is open again."""
    revision = obligation.revision + 1
    held = standing(obligation.lines)
    new = [claim for claim in wanted if claim not in held]
    for claim in new:
        yield Line(claim.claim, revision, min(_happened(obligation, claim, at), now), now, claim)
    if step is not None and step.kind == "warn":
        yield Line("warned", revision, min(at, now), now, step=step.name)
    elif not new:
        yield Line("reopened", revision, min(at, now), now)


def _happened(obligation: Obligation, claim: Standing, at: datetime) -> datetime:
    match claim.claim:
        case "opened":
            return at if obligation.revision else obligation.opened_at
        case "overdue" | "missed":
            return obligation.schedule.step(claim.claim).at
        case "satisfied" | "satisfied_late":
            return obligation.grounds.deciding(obligation.terms.quota)[-1].happened_at
        case _:
            return at


def _entry(obligation: Obligation, line: Line) -> Entry:
    """How the fact came in: as its terms did, unless what was done was itself entered late."""
    acts = obligation.grounds.deciding(obligation.terms.quota)
    if obligation.is_history or not acts or line.what not in {"satisfied", "satisfied_late"}:
        return obligation.terms.entry
    return "late" if acts[-1].entry == "late" else "live"


def _is_news(obligation: Obligation) -> bool:
    """Whether people are told: never about history, nor about what was done or excused before it was due."""
    told_before = obligation.noticed is not None
    return not obligation.is_history and (told_before or obligation.state in WAITING | {"missed"})
