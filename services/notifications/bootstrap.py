"""Which adapters meet which ports; nothing happens at import."""

from collections.abc import Sequence

from fastapi import FastAPI

from services.notifications.adapters.library import read_library, read_templates
from services.notifications.adapters.mongo import (
    AGGREGATES,
    MongoAgendas,
    MongoObligations,
    mongo_acts,
    mongo_directory,
    prepare,
)
from services.notifications.api import inbox, obligations, regulations
from services.notifications.settings import SERVICE, TITLE, PlatformSettings
from services.notifications.use_cases.ports import Ports
from services.notifications.worker.facts import TOPICS, on_fact
from services.notifications.worker.sweep import Sweep
from shared.events.recording import Recorder
from shared.kafka.consumer import Consumer
from shared.kafka.offsets import EndOffsets
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
    return Ports(
        obligations=MongoObligations(database, Recorder(SERVICE, clock, current_traceparent)),
        directory=mongo_directory(database),
        acts=mongo_acts(database),
        agendas=MongoAgendas(database),
        clock=clock,
        library=read_library(),
    )


def api_over(real: Ports, verifier: Verifier, checks: Sequence[Check] = ()) -> FastAPI:
    """The api over any ports: tests hand it in-memory ones."""
    routers = (inbox.router, obligations.router, regulations.router)
    app = create_app(SERVICE, TITLE, verifier=verifier, routers=routers, checks=checks)
    app.state.ports = real
    app.state.wording = read_templates()
    return app


def api(settings: PlatformSettings) -> FastAPI:
    """The api on MongoDB, trusting the platform's issuer."""
    client = connect(settings.mongodb_url)
    verifier = JwtVerifier.of_platform(settings)
    return api_over(ports(settings, client), verifier, (StoreCheck(client), verifier))


async def worker(settings: PlatformSettings) -> tuple[Sequence[Part], Sequence[Check]]:
    """The worker: learns from members' and visits' facts, does what time does, publishes this service's own facts."""
    client = connect(settings.mongodb_url)
    database = client[settings.database(SERVICE)]
    await prepare(database)
    real = ports(settings, client)
    relay = Relay(*published_from(database, AGGREGATES), settings.kafka_bootstrap, SERVICE)
    consumer = Consumer(settings.kafka_bootstrap, SERVICE, TOPICS, on_fact(real))
    sweep = Sweep(real, EndOffsets(settings.kafka_bootstrap, SERVICE, TOPICS))
    return (consumer, sweep, relay), (StoreCheck(client),)
