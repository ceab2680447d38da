"""Members, visits, duties and scoring in memory behind one address, for playing the demo without sockets."""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qs

import httpx

from deploy.demo.accounts import accounts
from deploy.demo.actions import Plan, Step
from deploy.demo.gateway import Gateway
from deploy.demo.player import play
from services.duties.adapters.in_memory import InMemoryMeetings, InMemoryWeakOrganisations
from services.duties.adapters.in_memory import in_memory_directory as duties_directory
from services.duties.adapters.procedures import read_procedure
from services.duties.bootstrap import api_over as duties_api
from services.duties.use_cases.follow_members import follow_members as duties_follow
from services.duties.use_cases.ports import Ports as DutiesPorts
from services.members.adapters import in_memory as members_memory
from services.members.adapters.in_memory_absences import InMemoryExemptions, InMemoryLeaves
from services.members.bootstrap import api_over as members_api
from services.members.use_cases.ports import Ports as MembersPorts
from services.visits.adapters.in_memory import InMemoryProblems, InMemoryVisits, in_memory_directory
from services.visits.adapters.procedures import read_deadlines
from services.visits.bootstrap import api_over as visits_api
from services.visits.use_cases.follow_members import follow_members
from services.visits.use_cases.ports import Ports as VisitsPorts
from shared.events.base import Event, Fact
from shared.events.recording import Recorder
from shared.kernel.access import Caller, Grant
from shared.kernel.ids import AccountId, PersonId
from shared.testing.access import KnownCallers
from shared.testing.clock import StoppedClock
from shared.testing.in_memory_store import InMemoryAggregates
from tests.front_door import front_door
from tests.unit.deploy.demo.scoring_on_stage import ScoringOnStage


class PowerCut(BaseException):
    """The demo ended in the middle of a request; whether it was carried out nobody knows."""


@dataclass(slots=True)
class Theatre(httpx.AsyncBaseTransport):
    """Four services, their clock, and a gateway that hands out tokens for any password."""

    clock: StoppedClock = field(default_factory=StoppedClock)
    stores: dict[str, InMemoryAggregates] = field(default_factory=dict)  # type: ignore[type-arg]
    apps: dict[str, httpx.ASGITransport] = field(default_factory=dict)
    requests: int = 0
    power_cut_after: int | None = None
    busy_every: int | None = None
    steered_to: datetime | None = None
    steps: int = 0
    _learnt: set[str] = field(default_factory=set)
    _visits_ports: VisitsPorts | None = None
    _duties_ports: DutiesPorts | None = None
    _scoring: ScoringOnStage | None = None

    def __post_init__(self) -> None:
        callers = KnownCallers(
            {
                _token(account.username): Caller(
                    AccountId(account.username), PersonId(account.person_id), (Grant(account.role, account.scope),)
                )
                for account in accounts()
            }
        )
        recorder = Recorder("members", self.clock)
        members = members_memory.InMemoryMembers(recorder)
        postings = members_memory.InMemoryPostings(recorder)
        leaves, exemptions = InMemoryLeaves(recorder), InMemoryExemptions(recorder)
        organisations = members_memory.InMemoryOrganisations(recorder, members, postings, leaves, exemptions)
        ports = MembersPorts(
            organisations=organisations,
            townships=members_memory.InMemoryTownships(recorder),
            members=members,
            postings=postings,
            leaves=leaves,
            exemptions=exemptions,
            calendars=members_memory.InMemoryCalendars(recorder),
            disposals=members_memory.InMemoryDisposals(recorder, members),
            access_log=members_memory.InMemoryAccessLog(),
            clock=self.clock,
        )
        recorder = Recorder("visits", self.clock)
        visits, problems = InMemoryVisits(recorder), InMemoryProblems(recorder)
        self._visits_ports = VisitsPorts(visits, problems, in_memory_directory(), self.clock, read_deadlines())
        recorder = Recorder("duties", self.clock)
        meetings, weak = InMemoryMeetings(recorder), InMemoryWeakOrganisations(recorder)
        self._duties_ports = DutiesPorts(meetings, weak, duties_directory(), self.clock, read_procedure())
        self._scoring = ScoringOnStage.over(self.clock)
        self.apps = {
            "duties": front_door(duties_api(self._duties_ports, callers)),
            "members": front_door(members_api(ports, callers)),
            "scoring": front_door(self._scoring.api(callers)),
            "visits": front_door(visits_api(self._visits_ports, callers)),
        }
        self.stores = {
            "organisations": organisations,
            "townships": ports.townships,  # type: ignore[dict-item]
            "members": members,
            "postings": postings,
            "leaves": leaves,
            "exemptions": exemptions,
            "calendars": ports.calendars,  # type: ignore[dict-item]
            "disposals": ports.disposals,  # type: ignore[dict-item]
            "visits": visits,
            "problems": problems,
            "meetings": meetings,
            "weak_organisations": weak,
            **self._scoring.stores,
        }

    @property
    def facts(self) -> list[Fact[Event]]:
        """Everything recorded, store by store."""
        return [fact for store in self.stores.values() for fact in store.facts]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer as gateway and services would."""
        _, _, service, *_ = request.url.path.split("/")
        if service == "identity":
            form = parse_qs((await request.aread()).decode())
            return httpx.Response(200, json={"access_token": _token(form["username"][0])})
        self.requests += 1
        if self.busy_every is not None and self.requests % self.busy_every == 0:
            return httpx.Response(503, headers={"Retry-After": "0"}, json={})
        response = await self.apps[service].handle_async_request(request)
        if self.power_cut_after is not None and self.requests >= self.power_cut_after:
            raise PowerCut
        return response

    async def set(self, instant: datetime) -> None:
        """The steered clock: what was recorded reaches the others before it moves, what is due is done after."""
        assert self.steered_to is None or instant >= self.steered_to
        await self._settle()
        self.steered_to = instant
        self.clock.set(instant)
        await self._settle()

    async def _settle(self) -> None:
        assert self._visits_ports is not None
        assert self._duties_ports is not None
        assert self._scoring is not None
        recorded = [fact for fact in self.facts if fact.source == "members" and fact.id not in self._learnt]
        self._learnt.update(fact.id for fact in recorded)
        for fact in recorded:
            await follow_members(fact, self._visits_ports)
            await duties_follow(fact, self._duties_ports)
        await self._scoring.settle(self.facts)

    def begins(self, _step: Step) -> None:
        """Counts the steps."""
        self.steps += 1

    def did(self, count: int) -> None:
        """Shows nothing."""


async def perform(theatre: Theatre, plan: Plan) -> None:
    """Play the plan, going on where the theatre's clock stands."""
    passwords = {account.username: "secret" for account in accounts()}
    async with httpx.AsyncClient(transport=theatre, base_url="http://gateway") as client:
        await play(plan, Gateway(client, passwords), theatre, theatre, theatre.steered_to)


def _token(username: str) -> str:
    """What stands in a header is ASCII."""
    return username.encode().hex()
