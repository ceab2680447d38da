"""A small world for the closing of periods: everything in memory, behind the real front door."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx

from services.scoring.adapters.closing_procedures import read_closing_procedure
from services.scoring.adapters.in_memory import (
    InMemoryAnnouncements,
    InMemoryCards,
    InMemoryLedger,
    InMemorySeals,
)
from services.scoring.adapters.in_memory_closings import InMemoryClosings, InMemorySealRecords
from services.scoring.adapters.in_memory_directory import InMemoryDirectory
from services.scoring.adapters.in_memory_records import InMemoryObjections
from services.scoring.adapters.rule_files import load_generation
from services.scoring.api import closings
from services.scoring.domain.objection import Objection, ObjectionId
from services.scoring.settings import SERVICE, TITLE
from services.scoring.use_cases.announce_scores import announce_scores
from services.scoring.use_cases.closing_ports import ClosingPorts
from services.scoring.use_cases.fold_facts import fold_facts
from services.scoring.use_cases.ports import Ports
from services.scoring.worker.sealer import Sealer
from shared.events import members
from shared.events.base import Event, Fact
from shared.events.recording import Recorder
from shared.events.scoring import PeriodSealed, ScoreChanged, Standard
from shared.kafka.offsets import Offsets
from shared.kernel.access import OrganisationPath, Role
from shared.kernel.ids import PersonId, derived_id
from shared.testing.access import KnownCallers, a_caller
from shared.testing.clock import StoppedClock
from shared.web.app import create_app
from tests.front_door import front_door
from tests.unit.scoring.facts import (
    BRANCH,
    CADRE,
    COUNTY,
    OTHER_BRANCH,
    OTHER_CADRE,
    OTHER_TOWNSHIP,
    TOWNSHIP,
    a_fact,
)

FAR_BRANCH, FAR_CADRE = derived_id("far branch"), derived_id("far cadre")
MEMBER, OTHER_MEMBER = derived_id("member"), derived_id("other member")
HERE, THERE = OrganisationPath((COUNTY, TOWNSHIP)), OrganisationPath((COUNTY, OTHER_TOWNSHIP))
GO_LIVE, LONG_AGO = date(2023, 7, 1), date(2020, 7, 1)
Q2, Q3, Q4 = "2023-Q2", "2023-Q3", "2023-Q4"
AFTER_Q3 = date(2023, 10, 9)
"""A Monday: the notice opened then ends on the Monday after."""
NOTICE_OVER = date(2023, 10, 17)
AFTER_2023, OVER_2023 = date(2024, 1, 8), date(2024, 1, 16)


@dataclass
class OpenBarrier:
    """Everything is folded already; `folded` False holds it closed."""

    folded: bool = True
    taken: int = 0

    async def take(self) -> Offsets:
        """Nothing to wait for."""
        self.taken += 1
        return {}

    async def reached(self, offsets: Offsets) -> bool:
        """Whether it is open."""
        return self.folded and not offsets


@dataclass(slots=True)
class ClosingWorld:
    """The service under test, who calls it, and what it recorded."""

    client: httpx.AsyncClient
    ports: ClosingPorts
    closings: InMemoryClosings
    seals: InMemorySealRecords
    objections: InMemoryObjections
    announcements: InMemoryAnnouncements
    clock: StoppedClock
    barrier: OpenBarrier
    published: list[Fact[Event]] = field(default_factory=list)

    @property
    def scored(self) -> Ports:
        """The build people see."""
        return self.ports.scored

    async def call(self, who: str, method: str, path: str, *, seen: int | None = None, **query: Any) -> httpx.Response:
        """One request through the front door."""
        headers = {"Authorization": f"Bearer {who}"}
        if seen is not None:
            headers["If-Match"] = f'"{seen}"'
        return await self.client.request(method, f"/api/scoring/closings{path}", params=query, headers=headers)

    async def done(self, who: str, method: str, path: str, *, seen: int | None = None, **query: Any) -> Any:
        """The body of a request that succeeds."""
        response = await self.call(who, method, path, seen=seen, **query)
        assert response.is_success, response.text
        return response.json()

    async def refused(self, who: str, method: str, path: str, *, seen: int | None = None) -> str:
        """The status and the code of a request that is refused."""
        response = await self.call(who, method, path, seen=seen)
        return f"{response.status_code} {response.json()['code']}"

    async def turn(self) -> None:
        """One turn of the sealer; then the relay publishes and the worker folds what was sealed."""
        await Sealer(self.ports, self.barrier).turn(asyncio.Event())
        await self.relay()

    async def relay(self) -> None:
        """What was sealed reaches the worker."""
        new = [fact for fact in self.seals.facts if fact not in self.published]
        self.published += new
        await fold_facts(new, self.scored)

    async def fold(self, *facts: Fact[Event]) -> None:
        """These facts reached the worker."""
        await fold_facts(list(facts), self.scored)

    async def move_go_live(self, day: date) -> None:
        """The township goes live on another day."""
        event = members.GoLiveSet(township_id=TOWNSHIP, go_live_on=day, occurred_on=GO_LIVE)
        await self.fold(a_fact(event, "live", 2, HERE))

    async def closed(self, standard: Standard, period: str, *, opened: date, confirmed: date) -> None:
        """Open a notice, let it end, confirm, seal, fold."""
        path = f"/{standard}/{TOWNSHIP}/{period}"
        self.clock.move_to(opened)
        await self.done("organiser", "PUT", f"{path}/notice")
        self.clock.move_to(confirmed)
        await self.done("secretary", "PUT", f"{path}/sealing", seen=1)
        await self.turn()

    def sealed(self, subject_id: str, period: str) -> PeriodSealed:
        """The fact of a seal."""
        found = [
            fact.event
            for fact in self.seals.facts
            if isinstance(fact.event, PeriodSealed)
            and (fact.event.subject_id, fact.event.period) == (subject_id, period)
        ]
        assert len(found) == 1
        return found[0]

    async def announced(self) -> list[ScoreChanged]:
        """Announce what is behind; gives everything announced so far."""
        await announce_scores(self.scored)
        return [fact.event for fact in self.announcements.facts if isinstance(fact.event, ScoreChanged)]

    async def object_to(self, period: str, *, standard: Standard = "cadre", name: str = "objection") -> Objection:
        """A subject of the township objects."""
        objection = Objection(
            id=ObjectionId(derived_id(name)),
            standard=standard,
            subject_id=CADRE,
            organisation_id=TOWNSHIP,
            path=HERE,
            period=period,
            award_id=derived_id("award", name),
            rule_id="weekly-visit",
            counts_on=date(2023, 9, 1),
            text="有误",
            filed_by=PersonId(CADRE),
            filed_on=self.clock.today(),
            made_from="",
        )
        await self.objections.save(objection, objection.filed())
        return objection


@asynccontextmanager
async def a_closing_world() -> AsyncIterator[ClosingWorld]:
    """Two townships live since July 2023; it is the Monday after the third quarter's end."""
    clock = StoppedClock()
    clock.move_to(AFTER_Q3)
    recorder = Recorder("scoring", clock)
    kept, records, objections = InMemoryClosings(recorder), InMemorySealRecords(recorder), InMemoryObjections(recorder)
    announcements = InMemoryAnnouncements()
    scored = Ports(
        generation=load_generation(),
        ledger=InMemoryLedger(),
        cards=InMemoryCards(),
        announcements=announcements,
        seals=InMemorySeals(),
        notices=kept,
        directory=InMemoryDirectory((kept, objections)),
        clock=clock,
    )
    ports = ClosingPorts(kept, records, objections, read_closing_procedure(), scored)
    callers = KnownCallers(
        {
            "secretary": a_caller(Role.SECRETARY, TOWNSHIP),
            "other secretary": a_caller(Role.SECRETARY, TOWNSHIP, person=derived_id("other secretary")),
            "organiser": a_caller(Role.ORGANISER, TOWNSHIP),
            "county": a_caller(Role.COUNTY_ORGANISER, COUNTY),
            "branch secretary": a_caller(Role.BRANCH_SECRETARY, BRANCH),
            "cadre": a_caller(Role.CADRE, TOWNSHIP, person=CADRE),
            "stranger": a_caller(Role.ORGANISER, OTHER_TOWNSHIP),
            "far secretary": a_caller(Role.SECRETARY, OTHER_TOWNSHIP),
        }
    )
    app = create_app(SERVICE, TITLE, verifier=callers, routers=(closings.router,), checks=())
    app.state.closings = ports
    transport = front_door(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://scoring") as client:
        world = ClosingWorld(client, ports, kept, records, objections, announcements, clock, OpenBarrier())
        await world.fold(*_people())
        yield world


def _people() -> list[Fact[Event]]:
    organisations: tuple[tuple[str, members.OrganisationKind, OrganisationPath], ...] = (
        (COUNTY, "county", OrganisationPath((COUNTY,))),
        (TOWNSHIP, "township", HERE),
        (OTHER_TOWNSHIP, "township", THERE),
        (BRANCH, "branch", HERE / BRANCH),
        (OTHER_BRANCH, "branch", HERE / OTHER_BRANCH),
        (FAR_BRANCH, "branch", THERE / FAR_BRANCH),
    )
    told = [
        a_fact(
            members.OrganisationRegistered(
                organisation_id=id_, kind=kind, title="演示", category="village", occurred_on=LONG_AGO
            ),
            id_,
            1,
            path,
        )
        for id_, kind, path in organisations
    ]
    told += [a_posting(CADRE, HERE / BRANCH), a_posting(OTHER_CADRE, HERE), a_posting(FAR_CADRE, THERE)]
    told += [an_enrolment(member, branch) for member, branch in ((MEMBER, BRANCH), (OTHER_MEMBER, OTHER_BRANCH))]
    told += [
        a_fact(
            members.GoLiveSet(township_id=path.township_id, go_live_on=GO_LIVE, occurred_on=GO_LIVE), "live", 1, path
        )
        for path in (HERE, THERE)
    ]
    return told


def a_posting(cadre_id: str, path: OrganisationPath, *, starts_on: date = LONG_AGO) -> Fact[Event]:
    """Members say that a person holds a post."""
    id_ = derived_id("posting", cadre_id, path)
    event = members.PostingStarted(
        posting_id=id_,
        cadre_id=cadre_id,
        organisation_id=path.organisation_id,
        post="village_cadre",
        starts_on=starts_on,
        occurred_on=starts_on,
    )
    return a_fact(event, id_, 1, path)


def an_enrolment(member_id: str, branch_id: str) -> Fact[Event]:
    """Members say that somebody belongs to a branch."""
    event = members.MemberEnrolled(member_id=member_id, branch_id=branch_id, standing="full", occurred_on=LONG_AGO)
    return a_fact(event, member_id, 1, HERE / branch_id)


def a_calendar(year: int, *days_off: date) -> Fact[Event]:
    """The county's table of a year."""
    event = members.CalendarPublished(
        organisation_id=COUNTY, year=year, days_off=days_off, working_days=(), occurred_on=date(year, 1, 1)
    )
    return a_fact(event, derived_id("calendar", year), 1, OrganisationPath((COUNTY,)))
