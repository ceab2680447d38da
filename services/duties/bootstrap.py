"""Which adapters meet which ports; nothing happens at import."""

from collections.abc import Sequence

from fastapi import FastAPI

from services.duties.adapters.mongo import (
    AGGREGATES,
    MongoMeetings,
    MongoWeakOrganisations,
    mongo_directory,
    prepare,
)
from services.duties.adapters.procedures import read_procedure
from services.duties.api import meetings, weak_organisations
from services.duties.settings import SERVICE, TITLE, PlatformSettings
from services.duties.use_cases.ports import Ports
from services.duties.worker.members_facts import TOPICS, on_members_fact
from shared.events.recording import Recorder
from shared.kafka.consumer import Consumer
from shared.kafka.relay import Relay
from shared.mongo.client import Client, StoreCheck, connect
from shared.mongo.publishing import published_from
from shared.telemetry.health import Check, Part
from shared.telemetry.trace import current_traceparent
from shared.web.access import JwtVerifier, Verifier
from shared.web.app import create_app


def ports(settings: PlatformSettings, client: Client) -> Ports:
    """The real ports."""
    database = client[settings.database(SERVICE)]
    clock = settings.clock()
    recorder = Recorder(SERVICE, clock, current_traceparent)
    return Ports(
        meetings=MongoMeetings(database, recorder),
        weak_organisations=MongoWeakOrganisations(database, recorder),
        directory=mongo_directory(database),
        clock=clock,
        procedure=read_procedure(),
    )


def api_over(real: Ports, verifier: Verifier, checks: Sequence[Check] = ()) -> FastAPI:
    """The api over any ports: tests hand it in-memory ones."""
    routers = (meetings.router, weak_organisations.router)
    app = create_app(SERVICE, TITLE, verifier=verifier, routers=routers, checks=checks)
    app.state.ports = real
    return app


def api(settings: PlatformSettings) -> FastAPI:
    """The api on MongoDB, trusting the platform's issuer."""
    client = connect(settings.mongodb_url)
    verifier = JwtVerifier.of_platform(settings)
    return api_over(ports(settings, client), verifier, (StoreCheck(client), verifier))


async def worker(settings: PlatformSettings) -> tuple[Sequence[Part], Sequence[Check]]:
    """The worker: learns from members' facts, publishes this service's own."""
    client = connect(settings.mongodb_url)
    database = client[settings.database(SERVICE)]
    await prepare(database)
    real = ports(settings, client)
    relay = Relay(*published_from(database, AGGREGATES), settings.kafka_bootstrap, SERVICE)
    consumer = Consumer(settings.kafka_bootstrap, SERVICE, TOPICS, on_members_fact(real))
    return (consumer, relay), (StoreCheck(client),)
