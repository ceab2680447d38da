"""A small world for the notifications service: facts go in through its consumer, time through its sweep."""

import asyncio
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from services.notifications.adapters.in_memory import (
    InMemoryAgendas,
    InMemoryObligations,
    in_memory_acts,
    in_memory_directory,
)
from services.notifications.adapters.library import read_library
from services.notifications.domain.meeting_terms import meeting_obligation_id
from services.notifications.domain.obligation import Obligation
from services.notifications.domain.week_terms import week_obligation_id
from services.notifications.use_cases.ports import Ports
from services.notifications.worker.facts import TOPICS, on_fact
from services.notifications.worker.sweep import Sweep
from shared.events import members, visits
from shared.events.base import Correction, Event, Fact
from shared.events.recording import Recorder
from shared.kernel.calendar import Period
from shared.kernel.clock import SHANGHAI, local_day
from shared.kernel.ids import BranchId, CadreId, derived_id
from shared.testing.clock import StoppedClock
from shared.testing.facts import a_fact
from shared.testing.in_memory_log import InMemoryConsumer, InMemoryLog

COUNTY, TOWNSHIP, ELSEWHERE = (derived_id(name) for name in ("county", "township", "elsewhere"))
BRANCH, FAR_BRANCH = derived_id("branch"), derived_id("far-branch")
CADRE, COLLEAGUE = derived_id("cadre"), derived_id("colleague")
TOWNSHIP_PATH, BRANCH_PATH = f"{COUNTY}/{TOWNSHIP}", f"{COUNTY}/{TOWNSHIP}/{BRANCH}"
GO_LIVE = date(2023, 11, 20)
"""A Monday; the week is 2023-W47."""


def local(text: str) -> datetime:
    """A moment in Shanghai: `local("2023-11-23 09:30")`."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def posting(
    cadre: str = CADRE, *, starts_on: date = GO_LIVE, ends_on: date | None = None, **changed: Any
) -> tuple[Event, dict[str, Any]]:
    """A posting as 联村干部, and the envelope it travels in."""
    fields = {
        "posting_id": derived_id("posting", cadre),
        "cadre_id": cadre,
        "organisation_id": BRANCH,
        "post": "village_cadre",
        "starts_on": starts_on,
        "ends_on": ends_on,
        "occurred_on": date(2023, 1, 2),
        **changed,
    }
    kind = members.PostingStarted if ends_on is None else members.PostingEnded
    return kind(**fields), {
        "subject": fields["posting_id"],
        "path": BRANCH_PATH,
        "revision": 1 if ends_on is None else 2,
    }


def visit(
    at: str, name: str = "visit", *, cadre: str = CADRE, revision: int = 1, before: str | None = None, **changed: Any
) -> tuple[Event, dict[str, Any]]:
    """A visit logged, or corrected when it was said to be at another moment before."""
    fields = {"visit_id": derived_id(name), "cadre_id": cadre, "branch_id": BRANCH, "occurred_at": local(at), **changed}
    envelope = {"subject": fields["visit_id"], "path": BRANCH_PATH, "revision": revision}
    if before is None:
        return visits.VisitLogged(**fields), envelope
    return visits.VisitCorrected(**fields, corrects=_corrected(before, revision)), envelope


def withdrawal(at: str, name: str = "visit", *, cadre: str = CADRE, revision: int = 2) -> tuple[Event, dict[str, Any]]:
    """A visit taken back."""
    withdrawn = visits.VisitWithdrawn(
        visit_id=derived_id(name),
        cadre_id=cadre,
        branch_id=BRANCH,
        occurred_at=local(at),
        corrects=_corrected(at, revision),
    )
    return withdrawn, {"subject": withdrawn.visit_id, "path": BRANCH_PATH, "revision": revision}


def problem_fact(kind: type[Event], on: date, revision: int, **changed: Any) -> tuple[Event, dict[str, Any]]:
    """A fact about the problem; it was raised on a Monday and is due on the Friday of that week."""
    fields: dict[str, Any] = {
        "problem_id": derived_id("problem"),
        "branch_id": BRANCH,
        "cadre_id": CADRE,
        "problem_class": "ordinary",
        "due_on": date(2023, 11, 24),
        "resolved_on": on,
        "corrects": (),
        "occurred_on": on,
        **changed,
    }
    return kind.model_validate(fields), {"subject": fields["problem_id"], "path": BRANCH_PATH, "revision": revision}


def branch(
    name: str = BRANCH, *, on: date = date(2023, 1, 2), revision: int = 1, at: str = TOWNSHIP, **changed: Any
) -> tuple[Event, dict[str, Any]]:
    """A branch registered, or changed if the revision is not the first, with a committee and without groups."""
    kind = members.OrganisationRegistered if revision == 1 else members.OrganisationChanged
    fields = {"category": "village", "has_committee": True, **changed}
    told = kind(organisation_id=name, kind="branch", title="演示", parent_id=at, occurred_on=on, **fields)
    return told, {"subject": name, "path": f"{COUNTY}/{at}/{name}", "revision": revision}


def leave(
    first: date, last: date, *, revision: int = 1, gone: bool = False, name: str = "leave", **changed: Any
) -> tuple[Event, dict[str, Any]]:
    """The cadre is on leave from day to day; changed if the revision is not the first, or withdrawn."""
    fields = {
        "leave_id": derived_id(name),
        "cadre_id": CADRE,
        "organisation_id": TOWNSHIP,
        "starts_on": first,
        "ends_on": last,
        "occurred_on": date(2023, 1, 2),
        **changed,
    }
    envelope = {"subject": fields["leave_id"], "path": TOWNSHIP_PATH, "revision": revision}
    if revision == 1:
        return members.LeaveGranted.model_validate(fields), envelope
    before = Correction(type=members.LeaveGranted.TYPE, revision=revision - 1, day=first)
    again = members.LeaveWithdrawn if gone else members.LeaveChanged
    return again.model_validate({**fields, "corrects": (before,)}), envelope


def calendar(
    year: int, *days_off: date, organisation: str = TOWNSHIP, revision: int = 1
) -> tuple[Event, dict[str, Any]]:
    """A working-day table with these days off."""
    published = members.CalendarPublished(
        organisation_id=organisation, year=year, days_off=days_off, occurred_on=date(2023, 1, 1)
    )
    path = TOWNSHIP_PATH if organisation == TOWNSHIP else organisation
    return published, {"subject": f"{organisation}:{year}", "path": path, "revision": revision}


def _corrected(at: str, revision: int) -> tuple[Correction, ...]:
    return (Correction(type=visits.VisitLogged.TYPE, revision=revision - 1, day=local_day(local(at))),)


@dataclass
class World:
    """The service under test with everything in memory."""

    clock: StoppedClock = field(default_factory=StoppedClock)
    log: InMemoryLog = field(default_factory=InMemoryLog)

    def __post_init__(self) -> None:
        self.obligations = InMemoryObligations(Recorder("notifications", self.clock))
        self.ports = Ports(
            obligations=self.obligations,
            directory=in_memory_directory(),
            acts=in_memory_acts(),
            agendas=InMemoryAgendas(),
            clock=self.clock,
            library=read_library(),
        )
        self.handle = on_fact(self.ports)
        self.consumer = InMemoryConsumer(self.log, "notifications", TOPICS, self.handle)
        self.sweep = Sweep(self.ports, self.consumer)

    def fact(self, event: Event, envelope: dict[str, Any]) -> Fact[Event]:
        """The event as recorded now."""
        return a_fact(event, **{"recorded_at": self.clock.now(), **envelope})

    async def learn(self, *facts: tuple[Event, dict[str, Any]]) -> None:
        """These facts were recorded now, one after the other, and have been read."""
        await self.log.record(*(self.fact(event, envelope) for event, envelope in facts))
        await self.consumer.drain()

    async def go_live(self, on: date = GO_LIVE, township: str = TOWNSHIP) -> None:
        """The township works live from this day on."""
        went = members.GoLiveSet(township_id=township, go_live_on=on, occurred_on=min(on, self.clock.today()))
        await self.learn((went, {"subject": township, "path": f"{COUNTY}/{township}"}))

    async def span(self, first: date, last: date, *, closed: bool) -> None:
        """A history span of the township is declared, or closed."""
        kind = members.HistorySpanClosed if closed else members.HistorySpanDeclared
        span = kind(
            township_id=TOWNSHIP,
            span_id=derived_id("span"),
            from_on=first,
            to_on=last,
            occurred_on=self.clock.today(),
        )
        await self.learn((span, {"subject": span.span_id, "path": TOWNSHIP_PATH, "revision": 2 if closed else 1}))

    async def at(self, moment: str) -> None:
        """It is now this moment in Shanghai, and the sweep has come round."""
        self.clock.set(local(moment))
        await self.sweep.turn(asyncio.Event())

    def week(self, name: str, cadre: str = CADRE) -> Obligation | None:
        """A cadre's obligation of a week."""
        return self.obligations.things.get(week_obligation_id("weekly-visit", CadreId(cadre), Period.parse(name)))

    def owed(self, name: str, cadre: str = CADRE) -> Obligation:
        """A cadre's obligation of a week, which there is."""
        found = self.week(name, cadre)
        assert found is not None, f"nothing is owed in {name}"
        return found

    def met(self, name: str, regulation: str = "committee", branch: str = BRANCH) -> Obligation | None:
        """What a branch owes in a period."""
        id_ = meeting_obligation_id(regulation, BranchId(branch), Period.parse(name))
        return self.obligations.things.get(id_)

    def state(self, name: str, regulation: str = "committee", branch: str = BRANCH) -> str | None:
        """The state of what a branch owes in a period; None if it owes nothing."""
        found = self.met(name, regulation, branch)
        return None if found is None else found.state

    @property
    def published(self) -> list[str]:
        """What was published so far, without the common word."""
        return [type(event).__name__.removeprefix("Obligation") for event in self.obligations.events]

    @property
    def told(self) -> list[Any]:
        """All events published so far, of whatever class."""
        return list(self.obligations.events)

    @property
    def last(self) -> Any:
        """The fact published last."""
        return self.obligations.facts[-1]


def days(first: date, count: int) -> tuple[date, ...]:
    """So many days from the first on."""
    return tuple(first + timedelta(days=offset) for offset in range(count))


async def a_busy_world() -> World:
    """Three weeks of two cadres, a problem and a span of history, all known and nothing carried out."""
    world = World()
    world.clock.set(local("2023-11-19 18:00"))
    await world.learn(posting(starts_on=date(2023, 10, 2)), posting(COLLEAGUE), branch())
    await world.go_live()
    world.clock.set(local("2023-12-12 12:00"))
    await world.span(date(2023, 10, 2), date(2023, 10, 15), closed=True)
    await world.learn(
        visit("2023-11-21 10:00"),
        visit("2023-11-28 10:00", "of the colleague", cadre=COLLEAGUE),
        problem_fact(visits.ProblemRaised, date(2023, 11, 20), 1),
    )
    world.clock.advance(minutes=3)
    return world


def what_is_published(world: World) -> dict[str, list[tuple[str, Any]]]:
    """For each obligation what was published about it, in order, and when it happened; and nothing twice."""
    facts = world.obligations.facts
    assert len({fact.id for fact in facts}) == len(facts)
    subjects = {fact.subject for fact in facts}
    return {
        subject: [(fact.type, fact.event.happened) for fact in facts if fact.subject == subject]
        for subject in sorted(subjects)
    }


def still_held(facts: Iterable[Fact[Any]], of: Container[str] | None = None) -> frozenset[tuple[str, str]]:
    """What a reader holds who gives for every fact that claims something and takes what each correction names.

    By obligation and word; a fact seen again counts once. Asserts that nothing is taken that was not given, and nothing
    given twice.
    """
    held: dict[tuple[str, str, int], tuple[str, str]] = {}
    for fact in {fact.id: fact for fact in facts}.values():
        for correction in fact.event.corrects:
            assert held.pop((fact.subject, correction.type, correction.revision), None) is not None
        word = fact.type.split(".")[-2]
        if word not in {"warned", "reopened"}:
            assert (fact.subject, word) not in held.values()
            held[fact.subject, fact.type, fact.revision] = (fact.subject, word)
    return frozenset(claim for claim in held.values() if of is None or claim[0] in of)
