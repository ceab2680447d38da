"""Which adapters meet which ports; nothing happens at import."""

from collections.abc import Sequence

from fastapi import FastAPI

from services.members.adapters.mongo import (
    AGGREGATES,
    MongoAccessLog,
    MongoCalendars,
    MongoDisposals,
    MongoMembers,
    MongoPostings,
    MongoTownships,
    prepare,
)
from services.members.adapters.mongo_absences import MongoExemptions, MongoLeaves
from services.members.adapters.mongo_organisations import MongoOrganisations
from services.members.api import (
    calendars,
    disposals,
    exemptions,
    leaves,
    members,
    organisations,
    postings,
    townships,
)
from services.members.settings import SERVICE, TITLE, PlatformSettings
from services.members.use_cases.ports import Ports
from shared.events.recording import Recorder
from shared.kafka.relay import Relay
from shared.mongo.client import Client, StoreCheck, connect
from shared.mongo.publishing import published_from
from shared.telemetry.health import Check, Part
from shared.telemetry.trace import current_traceparent
from shared.web.access import JwtVerifier, Verifier
from shared.web.app import create_app

ROUTERS = (
    organisations.router,
    townships.router,
    calendars.router,
    members.router,
    postings.router,
    leaves.router,
    exemptions.router,
    disposals.router,
)


def ports(settings: PlatformSettings, client: Client) -> Ports:
    """The real ports."""
    database = client[settings.database(SERVICE)]
    clock = settings.clock()
    recorder = Recorder(SERVICE, clock, current_traceparent)
    members_ = MongoMembers(database, recorder)
    return Ports(
        organisations=MongoOrganisations(database, recorder),
        townships=MongoTownships(database, recorder),
        members=members_,
        postings=MongoPostings(database, recorder),
        leaves=MongoLeaves(database, recorder),
        exemptions=MongoExemptions(database, recorder),
        calendars=MongoCalendars(database, recorder),
        disposals=MongoDisposals(database, recorder, members_),
        access_log=MongoAccessLog(database),
        clock=clock,
    )


def api_over(real: Ports, verifier: Verifier, checks: Sequence[Check] = ()) -> FastAPI:
    """The api over any ports: tests hand it in-memory ones."""
    app = create_app(SERVICE, TITLE, verifier=verifier, routers=ROUTERS, checks=checks)
    app.state.ports = real
    return app


def api(settings: PlatformSettings) -> FastAPI:
    """The api on MongoDB, trusting the platform's issuer."""
    client = connect(settings.mongodb_url)
    verifier = JwtVerifier.of_platform(settings)
    return api_over(ports(settings, client), verifier, (StoreCheck(client), verifier))


async def worker(settings: PlatformSettings) -> tuple[Sequence[Part], Sequence[Check]]:
    """The worker: publishes this service's facts; it listens to nobody."""
    client = connect(settings.mongodb_url)
    database = client[settings.database(SERVICE)]
    await prepare(database)
    relay = Relay(*published_from(database, AGGREGATES), settings.kafka_bootstrap, SERVICE)
    return (relay,), (StoreCheck(client),)
