"""Which adapters meet which ports; nothing happens at import."""

from collections.abc import Sequence

from fastapi import FastAPI

from services.scoring.adapters.directory import MongoDirectory
from services.scoring.adapters.mongo import ANNOUNCEMENTS, MongoAnnouncements, MongoCards, MongoLedger, prepare
from services.scoring.adapters.rule_files import load_generation
from services.scoring.api import rule_books, scores
from services.scoring.settings import SERVICE, TITLE, TOPICS, PlatformSettings
from services.scoring.use_cases.fold_facts import fold_facts
from services.scoring.use_cases.ports import Ports
from services.scoring.worker.agent import Agent
from services.scoring.worker.announcer import Announcer
from services.scoring.worker.batches import BatchHandling
from services.scoring.worker.faust_app import Told
from shared.events.base import Event, Fact
from shared.kafka.producer import DEAD_LETTER_BYTES, KafkaPublisher
from shared.kafka.relay import Relay
from shared.mongo.client import Client, StoreCheck, connect
from shared.mongo.publishing import published_from
from shared.telemetry.health import Check, Part
from shared.web.access import JwtVerifier, Verifier
from shared.web.app import create_app


def ports(settings: PlatformSettings, client: Client) -> Ports:
    """The real ports, of the generation the published rule books make."""
    database = client[settings.database(SERVICE)]
    generation = load_generation()
    return Ports(
        generation=generation,
        ledger=MongoLedger(database, generation.id),
        cards=MongoCards(database, generation.id),
        announcements=MongoAnnouncements(database, generation.id),
        directory=MongoDirectory(database),
        clock=settings.clock(),
    )


def api_over(real: Ports, verifier: Verifier, checks: Sequence[Check] = ()) -> FastAPI:
    """The api over any ports: tests hand it in-memory ones."""
    app = create_app(SERVICE, TITLE, verifier=verifier, routers=(scores.router, rule_books.router), checks=checks)
    app.state.ports = real
    return app


def api(settings: PlatformSettings) -> FastAPI:
    """The api on MongoDB, trusting the platform's issuer."""
    client = connect(settings.mongodb_url)
    verifier = JwtVerifier.of_platform(settings)
    return api_over(ports(settings, client), verifier, (StoreCheck(client), verifier))


async def worker(settings: PlatformSettings) -> tuple[Sequence[Part], Sequence[Check]]:
    """The worker: folds facts into ledger and cards, announces scores, publishes the announcements.

    The consumer group carries the generation, so new rule books read all facts from the beginning by themselves.
    """
    client = connect(settings.mongodb_url)
    database = client[settings.database(SERVICE)]
    await prepare(database)
    real = ports(settings, client)

    async def fold(facts: Sequence[Fact[Event]]) -> None:
        await fold_facts(facts, real)

    dead_letters = KafkaPublisher(
        settings.kafka_bootstrap, f"{SERVICE}-dead-letters", max_request_bytes=DEAD_LETTER_BYTES
    )
    told = Told(
        bootstrap=settings.kafka_bootstrap,
        group=f"{SERVICE}-{real.generation.id}",
        topics=TOPICS,
        folder=settings.data_dir / "run" / "faust",
    )
    relay = Relay(*published_from(database, (ANNOUNCEMENTS,)), settings.kafka_bootstrap, SERVICE)
    agent = Agent(told, BatchHandling(SERVICE, fold, dead_letters))
    return (agent, Announcer(real), relay), (StoreCheck(client),)
