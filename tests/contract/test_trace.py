"""One trace from the request to the scorecard: through outbox, relay, Kafka and the fold, under the request's id."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import httpx
from fastapi import FastAPI
from structlog.testing import capture_logs

from services.scoring.adapters.quick_facts import quick_decode
from services.scoring.use_cases.fold_facts import fold_facts
from services.scoring.worker.batches import BatchHandling
from services.visits.adapters import in_memory as visits_memory
from services.visits.adapters.procedures import read_deadlines
from services.visits.bootstrap import api_over
from services.visits.use_cases.follow_members import follow_members
from services.visits.use_cases.ports import Ports
from shared.events.base import Event, Fact
from shared.events.recording import Recorder
from shared.events.visits import VisitLogged
from shared.kafka.relay import Relay
from shared.kernel.errors import Unavailable
from shared.telemetry.trace import current_traceparent
from shared.testing.access import KnownCallers
from shared.testing.clock import StoppedClock
from shared.testing.in_memory_log import InMemoryConsumer, InMemoryLog, end_by_raising
from shared.testing.in_memory_store import InMemoryArchive, InMemoryLease, InMemoryOutbox
from shared.testing.spans import KeptSpans, kept_spans
from shared.testing.waiting import until
from tests.contract.things import BODIES
from tests.contract.told import EVERYBODY, callers, told
from tests.front_door import front_door
from tests.unit.scoring.conftest import World, a_world

TOPIC = "visits.events"
REQUEST = "4bf92f35-77b3-4da6-a3ce-929d0e0e4736"
SERVED, FACT = "POST /api/visits/visits", VisitLogged.TYPE


@dataclass(frozen=True)
class Platform:
    """visits and scoring with an outbox, a relay and a log between them."""

    visits: FastAPI
    relay: Relay
    outbox: InMemoryOutbox
    log: InMemoryLog
    scoring: World

    async def post(self, **headers: str) -> httpx.Response:
        """Somebody enters a visit."""
        async with httpx.AsyncClient(transport=front_door(self.visits), base_url="http://visits") as client:
            return await client.post(
                "/api/visits/visits",
                json=BODIES["POST /api/visits/visits"],
                headers={"Authorization": f"Bearer {EVERYBODY}", **headers},
            )

    async def publish(self) -> None:
        """The relay publishes what waits."""
        stop = asyncio.Event()
        running = asyncio.create_task(self.relay.run(stop))

        async def is_published() -> bool:
            return (await self.outbox.backlog()).pending == 0

        await until(is_published)
        stop.set()
        await running

    async def fold(self) -> None:
        """Scoring's worker folds what was published."""

        async def fold(facts: Sequence[Fact[Event]]) -> None:
            await fold_facts(facts, self.scoring.ports)

        handling = BatchHandling("scoring", fold, self.log, read=quick_decode, end=end_by_raising)
        for (topic, _), received in sorted(self.log.partitions.items()):
            if topic == TOPIC:
                await handling.take_all(received)


async def a_platform(scoring: World) -> Platform:
    clock = StoppedClock()
    recorder = Recorder("visits", clock, current_traceparent)
    visits, problems = visits_memory.InMemoryVisits(recorder), visits_memory.InMemoryProblems(recorder)
    ports = Ports(visits, problems, visits_memory.in_memory_directory(), clock, read_deadlines())
    for fact in told():
        await follow_members(fact, ports)
    outbox, log = InMemoryOutbox(visits, problems), InMemoryLog()
    relay = Relay(outbox, InMemoryArchive(), InMemoryLease(), "", "visits", publisher=log)
    return Platform(api_over(ports, KnownCallers(callers())), relay, outbox, log, scoring)


def hex_trace(spans: KeptSpans) -> set[str]:
    return {f"{span.context.trace_id:032x}" for span in spans.all if span.context}


async def test_one_trace_leads_from_the_request_to_the_scorecard() -> None:
    async with a_world() as scoring:
        platform = await a_platform(scoring)
        with kept_spans() as spans:
            answer = await platform.post(**{"x-request-id": REQUEST})
            await platform.publish()
            await platform.fold()

    assert answer.status_code == 201
    assert scoring.cards.kept
    assert spans.names == [SERVED, f"publish {FACT}", "add to ledger", "enter scorecards", f"fold {FACT}"]
    assert hex_trace(spans) == {REQUEST.replace("-", "")}
    assert [spans.name_above(name) for name in spans.names] == [None, SERVED, f"fold {FACT}", f"fold {FACT}", SERVED]
    assert answer.headers["x-request-id"] == REQUEST
    assert (spans.named(SERVED).attributes or {})["http.response.status_code"] == 201


async def test_what_a_consumer_records_belongs_to_the_same_trace() -> None:
    async with a_world() as scoring:
        platform = await a_platform(scoring)
        recorded: list[str | None] = []

        async def handle(_fact: Fact[Event]) -> None:
            recorded.append(current_traceparent())

        with kept_spans() as spans:
            await platform.post()
            await platform.publish()
            await InMemoryConsumer(platform.log, "notifications", [TOPIC], handle).drain()

    processed = spans.named(f"process {FACT}").context
    assert processed is not None
    assert recorded == [f"00-{processed.trace_id:032x}-{processed.span_id:016x}-01"]
    assert len(hex_trace(spans)) == 1


async def test_a_trace_that_a_client_began_goes_on() -> None:
    begun = f"00-{REQUEST.replace('-', '')}-00f067aa0ba902b7-01"
    async with a_world() as scoring:
        platform = await a_platform(scoring)
        with kept_spans() as spans:
            await platform.post(traceparent=begun)

    served = spans.named(SERVED)
    assert served.parent is not None
    assert f"{served.parent.span_id:016x}" == "00f067aa0ba902b7"
    assert hex_trace(spans) == {REQUEST.replace("-", "")}


async def test_what_a_client_does_not_keep_is_not_kept_here() -> None:
    async with a_world() as scoring:
        platform = await a_platform(scoring)
        with kept_spans() as spans:
            await platform.post(traceparent=f"00-{REQUEST.replace('-', '')}-00f067aa0ba902b7-00")
            await platform.publish()
            await platform.fold()

    assert scoring.cards.kept
    assert spans.all == ()


async def test_health_is_not_traced() -> None:
    async with a_world() as scoring:
        platform = await a_platform(scoring)
        with kept_spans() as spans:
            async with httpx.AsyncClient(transport=front_door(platform.visits), base_url="http://visits") as client:
                await client.get("/livez")

    assert spans.all == ()


async def test_the_relay_publishes_a_fact_as_it_was_recorded() -> None:
    """So a redelivery or a rebuild is the same bytes, whoever traced in between."""
    async with a_world() as scoring:
        platform = await a_platform(scoring)
        with kept_spans() as spans:
            await platform.post()
            [waiting] = await platform.outbox.waiting(10)
            await platform.publish()

    served = spans.named(SERVED).context
    assert served is not None
    assert platform.log.facts(TOPIC) == list(waiting.facts)
    assert (waiting.facts[0].traceparent or "").split("-")[2] == f"{served.span_id:016x}"


async def test_a_refused_request_of_an_outage_is_a_warning() -> None:
    """Warnings are said so often a minute; all requests of an outage would fill the disk."""

    def away() -> None:
        raise Unavailable("mongodb")

    async with a_world() as scoring:
        platform = await a_platform(scoring)
        platform.visits.state.ports.visits.on_save.append(away)
        with kept_spans() as spans, capture_logs() as said:
            answer = await platform.post()

    assert answer.status_code == 503
    assert [entry["log_level"] for entry in said if entry["event"] == "request"] == ["warning"]
    assert spans.named(SERVED).status.description == "503"
