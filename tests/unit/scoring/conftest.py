"""A small world for the scoring service: two townships, in-memory adapters behind the real front door."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import httpx
import pytest

from services.scoring.adapters.in_memory import (
    InMemoryAnnouncements,
    InMemoryCards,
    InMemoryLedger,
    InMemoryNotices,
    InMemorySeals,
)
from services.scoring.adapters.in_memory_decisions import InMemoryChanges, in_memory_decisions
from services.scoring.adapters.in_memory_directory import InMemoryDirectory
from services.scoring.adapters.in_memory_drafts import in_memory_publication
from services.scoring.adapters.rule_files import load_generation
from services.scoring.api.changes import Broadcast
from services.scoring.bootstrap import Beside, api_over
from services.scoring.domain.awards import CardKey
from services.scoring.domain.seal import seal
from services.scoring.use_cases.announce_scores import announce_scores
from services.scoring.use_cases.correct_sealed import known_of
from services.scoring.use_cases.fold_facts import fold_facts
from services.scoring.use_cases.ports import Ports
from shared.events import members
from shared.events.base import Event, Fact
from shared.events.members import OrganisationKind, Post
from shared.events.scoring import ScoreChanged
from shared.kernel.access import OrganisationPath, Role
from shared.kernel.ids import derived_id
from shared.testing.access import KnownCallers, a_caller
from shared.testing.clock import StoppedClock
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
from tests.unit.scoring.record_world import RecordWorld, a_record_world

FAR_BRANCH, FAR_CADRE = derived_id("far branch"), derived_id("far cadre")
_STARTED = date(2023, 1, 1)


class Lived(Protocol):
    """The life of a thing, told in facts."""

    @property
    def facts(self) -> list[Fact[Event]]:
        """What was told of it, in order."""
        ...


@dataclass(slots=True)
class World:
    """The service under test and who calls it."""

    client: httpx.AsyncClient
    ports: Ports
    clock: StoppedClock
    ledger: InMemoryLedger
    cards: InMemoryCards
    announcements: InMemoryAnnouncements
    notices: InMemoryNotices
    changes: InMemoryChanges
    callers: KnownCallers

    async def get(self, who: str, path: str, **query: Any) -> httpx.Response:
        """One request through the front door."""
        headers = {"Authorization": f"Bearer {who}"}
        return await self.client.get(f"/api/scoring{path}", params=query, headers=headers)

    async def read(self, who: str, path: str, **query: Any) -> Any:
        """The body of a request that succeeds."""
        response = await self.get(who, path, **query)
        assert response.status_code == 200, response.text
        return response.json()

    async def put(self, who: str, path: str, body: Any = None, *, seen: int | None = None) -> httpx.Response:
        """A change that somebody asks for, having seen that revision."""
        headers = {"Authorization": f"Bearer {who}"}
        if seen is not None:
            headers["If-Match"] = f'"{seen}"'
        return await self.client.put(f"/api/scoring{path}", json=body, headers=headers)

    async def seal(self, key: CardKey) -> None:
        """The period of the card was sealed with all that is known now."""
        known = await known_of((key.standard, key.subject_id), self.ports, key)
        await self.ports.seals.put(seal(key, known, self.ports.generation, self.clock.now()))

    async def fold(self, *told: Lived) -> None:
        """These lives reached the worker."""
        await fold_facts([fact for life in told for fact in life.facts], self.ports)

    async def announced(self) -> list[ScoreChanged]:
        """Announce what is behind; gives everything announced so far."""
        await announce_scores(self.ports)
        return [fact.event for fact in self.announcements.facts if isinstance(fact.event, ScoreChanged)]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as world:
        yield world


@pytest.fixture
async def recorded() -> AsyncIterator[RecordWorld]:
    """The world of deeds, review marks and objections."""
    async with a_record_world() as recorded:
        yield recorded


@asynccontextmanager
async def a_world() -> AsyncIterator[World]:
    """The world of these tests."""
    clock = StoppedClock()
    ledger, cards, announcements = InMemoryLedger(), InMemoryCards(), InMemoryAnnouncements()
    notices = InMemoryNotices()
    ports = Ports(
        generation=load_generation(),
        ledger=ledger,
        cards=cards,
        announcements=announcements,
        seals=InMemorySeals(),
        notices=notices,
        directory=InMemoryDirectory(),
        clock=clock,
    )
    callers = KnownCallers(
        {
            "secretary": a_caller(Role.SECRETARY, TOWNSHIP),
            "organiser": a_caller(Role.ORGANISER, TOWNSHIP),
            "county": a_caller(Role.COUNTY_ORGANISER, COUNTY),
            "branch secretary": a_caller(Role.BRANCH_SECRETARY, BRANCH),
            "supervisor": a_caller(Role.SUPERVISOR, TOWNSHIP),
            "member": a_caller(Role.MEMBER, BRANCH),
            "cadre": a_caller(Role.CADRE, TOWNSHIP, person=CADRE),
            "colleague": a_caller(Role.CADRE, TOWNSHIP, person=OTHER_CADRE),
            "stranger": a_caller(Role.ORGANISER, OTHER_TOWNSHIP),
            "administrator": a_caller(Role.ADMINISTRATOR, COUNTY),
        }
    )
    publishing = in_memory_publication(ports.directory, clock, *ports.generation.books)
    changes = InMemoryChanges()
    beside = Beside(
        publication=publishing,
        decisions=in_memory_decisions(clock),
        changes=Broadcast(changes, look_seconds=0.01, stream_seconds=0.05),
    )
    app = api_over(ports, callers, (), beside)
    transport = front_door(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://scoring") as client:
        world = World(client, ports, clock, ledger, cards, announcements, notices, changes, callers)
        await fold_facts(list(_people()), ports)
        yield world


def _people() -> list[Fact[Event]]:
    county = OrganisationPath((COUNTY,))
    township, elsewhere = county / TOWNSHIP, county / OTHER_TOWNSHIP
    return [
        an_organisation(COUNTY, "county", county),
        an_organisation(TOWNSHIP, "township", township),
        an_organisation(OTHER_TOWNSHIP, "township", elsewhere),
        an_organisation(BRANCH, "branch", township / BRANCH),
        an_organisation(OTHER_BRANCH, "branch", township / OTHER_BRANCH),
        an_organisation(FAR_BRANCH, "branch", elsewhere / FAR_BRANCH),
        a_posting(CADRE, township / BRANCH),
        a_posting(OTHER_CADRE, township),
        a_posting(FAR_CADRE, elsewhere),
    ]


def an_organisation(
    id_: str, kind: OrganisationKind, path: OrganisationPath, *, revision: int = 1, title: str = "演示党支部"
) -> Fact[Event]:
    """Members say that an organisation exists."""
    registered = members.OrganisationRegistered(
        organisation_id=id_, kind=kind, title=title, category="village", occurred_on=_STARTED
    )
    return a_fact(registered, id_, revision, path)


def a_posting(
    cadre_id: str, path: OrganisationPath, *, post: Post = "village_cadre", ends_on: date | None = None
) -> Fact[Event]:
    """Members say that a person holds a post."""
    started = members.PostingStarted(
        posting_id=derived_id("posting", cadre_id, path),
        cadre_id=cadre_id,
        organisation_id=path.organisation_id,
        post=post,
        starts_on=_STARTED,
        ends_on=ends_on,
        occurred_on=_STARTED,
    )
    return a_fact(started, started.posting_id, 1, path)


def a_member(member_id: str, *, person_id: str | None = None, branch_id: str = BRANCH) -> Fact[Event]:
    """Members say that somebody belongs to the branch."""
    enrolled = members.MemberEnrolled(
        member_id=member_id, branch_id=branch_id, person_id=person_id, standing="full", occurred_on=_STARTED
    )
    return a_fact(enrolled, member_id, 1, OrganisationPath((COUNTY, TOWNSHIP, branch_id)))
