"""A small world for deeds, review marks and objections: members, branches and a ledger behind the real front door."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import httpx

from services.scoring.adapters.in_memory import InMemoryCards, InMemoryLedger
from services.scoring.adapters.in_memory_directory import InMemoryDirectory
from services.scoring.adapters.in_memory_records import InMemoryDeeds, InMemoryObjections, InMemoryReviews
from services.scoring.adapters.procedures import read_deed_procedure
from services.scoring.api import deeds, objections, reviews
from services.scoring.domain.awards import Award, AwardId, CardKey
from services.scoring.settings import SERVICE, TITLE
from services.scoring.use_cases.follow_members import follow_members
from services.scoring.use_cases.record_ports import RecordPorts
from shared.events import members
from shared.events.base import Event
from shared.events.recording import Recorder
from shared.kernel.access import Caller, Grant, Role
from shared.kernel.ids import AccountId, EventId, PersonId, derived_id
from shared.testing.access import KnownCallers, a_caller
from shared.testing.clock import StoppedClock
from shared.testing.facts import a_fact
from shared.web.app import create_app
from tests.front_door import front_door
from tests.unit.scoring.facts import BRANCH, CADRE, COUNTY, OTHER_BRANCH, OTHER_TOWNSHIP, TOWNSHIP

MEMBER, NEIGHBOUR, STRANGER, UNLINKED = (
    derived_id(name) for name in ("member", "neighbour", "far member", "unlinked member")
)
MEMBERS_PERSON, NEIGHBOURS_PERSON, STRANGERS_PERSON = (
    derived_id("person of", name) for name in (MEMBER, NEIGHBOUR, STRANGER)
)
SECRETARYS_PERSON = derived_id("person of the branch secretary")
FAR_BRANCH = derived_id("far branch")
GO_LIVE, JOINED = date(2023, 10, 2), date(2020, 7, 1)
HERE, THERE = f"{COUNTY}/{TOWNSHIP}", f"{COUNTY}/{OTHER_TOWNSHIP}"
WRITTEN = datetime(2023, 11, 20, 4, tzinfo=UTC)


@dataclass(slots=True)
class RecordWorld:
    """The service under test, who calls it, and what it recorded."""

    client: httpx.AsyncClient
    ports: RecordPorts
    deeds: InMemoryDeeds
    reviews: InMemoryReviews
    objections: InMemoryObjections
    ledger: InMemoryLedger
    cards: InMemoryCards
    clock: StoppedClock
    callers: KnownCallers

    async def call(self, who: str, method: str, path: str, body: Any = None, *, seen: int | None = None) -> Any:
        """One request through the front door; gives the response."""
        headers = {"Authorization": f"Bearer {who}"}
        if seen is not None:
            headers["If-Match"] = f'"{seen}"'
        return await self.client.request(method, f"/api/scoring{path}", json=body, headers=headers)

    async def done(self, who: str, method: str, path: str, body: Any = None, *, seen: int | None = None) -> Any:
        """The body of a request that succeeds."""
        response = await self.call(who, method, path, body, seen=seen)
        assert response.is_success, response.text
        return response.json()

    async def refused(self, who: str, method: str, path: str, body: Any = None, *, seen: int | None = None) -> str:
        """The status and the code of a request that is refused."""
        response = await self.call(who, method, path, body, seen=seen)
        return f"{response.status_code} {response.json()['code']}"

    async def learn(self, event: Event, *, subject: str, path: str, revision: int = 1) -> None:
        """A fact of the members service reached the worker."""
        fact = a_fact(event, subject=subject, path=path, revision=revision)
        await follow_members(fact, self.ports.directory, self.cards)


@asynccontextmanager
async def a_record_world() -> AsyncIterator[RecordWorld]:
    """The world of these tests."""
    clock = StoppedClock()
    recorder = Recorder("scoring", clock)
    stores = InMemoryDeeds(recorder), InMemoryReviews(recorder), InMemoryObjections(recorder)
    ledger = InMemoryLedger()
    ports = RecordPorts(*stores, InMemoryDirectory(stores), ledger, read_deed_procedure(), clock)
    callers = KnownCallers(_callers())
    app = create_app(
        SERVICE, TITLE, verifier=callers, routers=(deeds.router, reviews.router, objections.router), checks=()
    )
    app.state.records = ports
    transport = front_door(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://scoring") as client:
        world = RecordWorld(client, ports, *stores, ledger, InMemoryCards(), clock, callers)
        await _people(world)
        yield world


def _callers() -> dict[str, Caller]:
    both = (Grant(Role.BRANCH_SECRETARY, BRANCH), Grant(Role.MEMBER, BRANCH))
    return {
        "member": a_caller(Role.MEMBER, BRANCH, person=MEMBERS_PERSON),
        "neighbour": a_caller(Role.MEMBER, BRANCH, person=NEIGHBOURS_PERSON),
        "far member": a_caller(Role.MEMBER, FAR_BRANCH, person=STRANGERS_PERSON),
        "branch secretary": a_caller(Role.BRANCH_SECRETARY, BRANCH, person=SECRETARYS_PERSON),
        "member who is secretary": Caller(AccountId(derived_id("both")), PersonId(MEMBERS_PERSON), both),
        "other branch secretary": a_caller(Role.BRANCH_SECRETARY, OTHER_BRANCH),
        "organiser": a_caller(Role.ORGANISER, TOWNSHIP),
        "secretary": a_caller(Role.SECRETARY, TOWNSHIP),
        "county": a_caller(Role.COUNTY_ORGANISER, COUNTY),
        "supervisor": a_caller(Role.SUPERVISOR, TOWNSHIP),
        "cadre": a_caller(Role.CADRE, TOWNSHIP, person=CADRE),
        "stranger": a_caller(Role.ORGANISER, OTHER_TOWNSHIP),
        "desk of nobody": Caller(AccountId(derived_id("desk")), None, (Grant(Role.ORGANISER, TOWNSHIP),)),
    }


async def _people(world: RecordWorld) -> None:
    for id_, kind, path in (
        (COUNTY, "county", COUNTY),
        (TOWNSHIP, "township", HERE),
        (OTHER_TOWNSHIP, "township", THERE),
        (BRANCH, "branch", f"{HERE}/{BRANCH}"),
        (OTHER_BRANCH, "branch", f"{HERE}/{OTHER_BRANCH}"),
        (FAR_BRANCH, "branch", f"{THERE}/{FAR_BRANCH}"),
    ):
        await world.learn(an_organisation(id_, kind), subject=id_, path=path)
    for member, person, branch in (
        (MEMBER, MEMBERS_PERSON, BRANCH),
        (NEIGHBOUR, NEIGHBOURS_PERSON, BRANCH),
        (UNLINKED, None, BRANCH),
    ):
        await world.learn(an_enrolment(member, branch, person), subject=member, path=f"{HERE}/{branch}")
    await world.learn(
        an_enrolment(STRANGER, FAR_BRANCH, STRANGERS_PERSON), subject=STRANGER, path=f"{THERE}/{FAR_BRANCH}"
    )
    posting = members.PostingStarted(
        posting_id=derived_id("posting"),
        cadre_id=CADRE,
        organisation_id=BRANCH,
        post="village_cadre",
        starts_on=JOINED,
        occurred_on=JOINED,
    )
    await world.learn(posting, subject=posting.posting_id, path=f"{HERE}/{BRANCH}")
    for township, path in ((TOWNSHIP, HERE), (OTHER_TOWNSHIP, THERE)):
        live = members.GoLiveSet(township_id=township, go_live_on=GO_LIVE, occurred_on=GO_LIVE)
        await world.learn(live, subject=township, path=path)
    await world.learn(a_calendar(2023), subject=derived_id("calendar", 2023), path=COUNTY)


def an_organisation(id_: str, kind: Any) -> members.OrganisationRegistered:
    """Members say that an organisation exists."""
    return members.OrganisationRegistered(organisation_id=id_, kind=kind, title="演示", occurred_on=JOINED)


def an_enrolment(member_id: str, branch_id: str, person_id: str | None) -> members.MemberEnrolled:
    """Members say that somebody belongs to a branch."""
    return members.MemberEnrolled(
        member_id=member_id, branch_id=branch_id, person_id=person_id, standing="full", occurred_on=JOINED
    )


def a_calendar(year: int, *days_off: date, organisation_id: str = COUNTY) -> members.CalendarPublished:
    """The county's table of a year."""
    return members.CalendarPublished(
        organisation_id=organisation_id, year=year, days_off=days_off, occurred_on=date(year, 1, 1)
    )


def a_span(what: type[members.HistorySpanDeclared] | type[members.HistorySpanClosed]) -> Any:
    """The third quarter of 2023 is declared, or closed, as the township's history span."""
    return what(
        township_id=TOWNSHIP,
        span_id=derived_id("span"),
        from_on=date(2023, 7, 1),
        to_on=date(2023, 9, 30),
        occurred_on=GO_LIVE,
    )


def a_deed(**changed: Any) -> dict[str, Any]:
    """A deed form that would be accepted of the member and of his branch."""
    form = {
        "id": derived_id("deed"),
        "member_id": MEMBER,
        "kind": "voluntary",
        "done_on": "2023-11-18",
        "note": "清扫村道",
    }
    return {**form, **changed}


def a_review(**changed: Any) -> dict[str, Any]:
    """A review form that would be accepted."""
    return {"mark": "87.50", "basis": "年度述职评议会议", **changed}


def an_objection(**changed: Any) -> dict[str, Any]:
    """An objection form that would be accepted of the cadre, once his award is there."""
    form = {
        "id": derived_id("objection"),
        "standard": "cadre",
        "subject_id": CADRE,
        "period": "2023-Q4",
        "award_id": derived_id("award"),
        "rule_id": "problem-late",
        "text": "该问题已按期办结",
    }
    return {**form, **changed}


def an_award(**changed: Any) -> Award:
    """The cadre's award that the form objects to."""
    fields = {
        "id": AwardId(derived_id("award")),
        "card": CardKey("cadre", CADRE, "2023-Q4"),
        "rule_id": "problem-late",
        "day": date(2023, 11, 17),
        "points": -100,
        "effect": "award",
        **changed,
    }
    return Award(
        award_id=fields.pop("award_id", fields["id"]),
        book_version="2023.1",
        event_id=EventId(derived_id("event", fields["id"])),
        event_type="xianfeng.notifications.obligation.missed.v1",
        source=derived_id("obligation"),
        revision=2,
        occurred_at=WRITTEN,
        recorded_at=WRITTEN,
        entry="live",
        **fields,
    )
