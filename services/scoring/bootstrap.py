"""Which adapters meet which ports; nothing happens at import."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from fastapi import FastAPI

from services.scoring.adapters.announcements import ANNOUNCEMENTS
from services.scoring.adapters.bulk import BULK_TIMEOUT_MILLISECONDS
from services.scoring.adapters.changes import ArchivedChanges
from services.scoring.adapters.closings import CLOSED
from services.scoring.adapters.drafts import DRAFTS
from services.scoring.adapters.quick_facts import quick_decode
from services.scoring.adapters.real_ports import RealPorts
from services.scoring.adapters.records import RECORDS
from services.scoring.api import (
    boards,
    builds,
    changes,
    closings,
    deeds,
    grades,
    laboratory,
    objections,
    rankings,
    reviews,
    rule_book_drafts,
    rule_books,
    scores,
)
from services.scoring.api.changes import Broadcast
from services.scoring.settings import SERVICE, TITLE, TOPICS, PlatformSettings
from services.scoring.use_cases.build_ports import BuildsOnRecord
from services.scoring.use_cases.closing_ports import ClosingPorts
from services.scoring.use_cases.decision_ports import DecisionPorts
from services.scoring.use_cases.fold_into_builds import fold_into_builds
from services.scoring.use_cases.laboratory_ports import LaboratoryPorts
from services.scoring.use_cases.log_ports import Offsets
from services.scoring.use_cases.ports import Ports
from services.scoring.use_cases.publication_ports import PublicationPorts
from services.scoring.use_cases.read_share import read_share
from services.scoring.use_cases.record_ports import RecordPorts
from services.scoring.use_cases.settle_builds import settle_builds
from services.scoring.worker.agent import Agent
from services.scoring.worker.announcer import Announcer
from services.scoring.worker.batches import BatchHandling
from services.scoring.worker.build_commands import BUILD, NICE, OBJECTS_BEFORE_COLLECTION, carry_out
from services.scoring.worker.builder import Builder
from services.scoring.worker.faust_app import Told
from services.scoring.worker.laboratory import Laboratory
from services.scoring.worker.notices import Notices
from services.scoring.worker.sealer import Sealer
from services.scoring.worker.second_reader import ForkedReader, Tell
from services.scoring.worker.trial_command import carry_out_trial
from shared.events.base import Event, Fact
from shared.kafka.offsets import EndOffsets
from shared.kafka.producer import DEAD_LETTER_BYTES, KafkaPublisher
from shared.kafka.relay import Relay
from shared.mongo.client import StoreCheck, connect
from shared.mongo.lease import MongoLease
from shared.mongo.publishing import published_from
from shared.telemetry.health import Check, Part
from shared.web.access import JwtVerifier, Verifier
from shared.web.app import create_app

_TRIAL = "trial"


@dataclass(frozen=True, slots=True)
class Beside:
    """What an api needs beside the scores; each as it is, or as a function that gives it as it is now."""

    publication: PublicationPorts | None = None
    records: RecordPorts | Callable[[], Awaitable[RecordPorts]] | None = None
    decisions: DecisionPorts | None = None
    closings: ClosingPorts | Callable[[], Awaitable[ClosingPorts]] | None = None
    laboratory: LaboratoryPorts | None = None
    builds: BuildsOnRecord | None = None
    changes: Broadcast | None = None


def api_over(
    scored: Ports | Callable[[], Awaitable[Ports]],
    verifier: Verifier,
    checks: Sequence[Check] = (),
    beside: Beside | None = None,
) -> FastAPI:
    """The api over any ports: tests hand it in-memory ones, those beside the scores where they need them."""
    routers = (
        boards.router,
        builds.router,
        changes.router,
        scores.router,
        rankings.router,
        grades.router,
        deeds.router,
        reviews.router,
        objections.router,
        closings.router,
        rule_book_drafts.router,
        rule_books.router,
        laboratory.router,
    )
    app = create_app(SERVICE, TITLE, verifier=verifier, routers=routers, checks=checks)
    given = beside or Beside()
    app.state.ports = scored
    app.state.publication = given.publication
    app.state.records = given.records
    app.state.decisions = given.decisions
    app.state.closings = given.closings
    app.state.laboratory = given.laboratory
    app.state.builds = given.builds
    app.state.changes = given.changes
    return app


def api(settings: PlatformSettings) -> FastAPI:
    """The api on MongoDB, trusting the platform's issuer; it shows the build that is live at each request."""
    client = connect(settings.mongodb_url)
    verifier = JwtVerifier.of_platform(settings)
    real = RealPorts(settings, client, TOPICS, SERVICE)
    beside = Beside(
        publication=real.publication,
        records=real.live_records,
        decisions=real.decisions,
        closings=real.closings,
        laboratory=real.laboratory,
        builds=real.on_record,
        changes=Broadcast(ArchivedChanges(real.database)),
    )
    return api_over(real.live, verifier, (StoreCheck(client), verifier), beside)


async def worker(settings: PlatformSettings) -> tuple[Sequence[Part], Sequence[Check]]:
    """The worker: folds facts into the builds, announces scores, ends notices, seals periods, builds and tries books.

    A build that is asked for while it runs is made from the first fact on beside the live one (ADR 19).
    """
    client = connect(settings.mongodb_url)
    real = RealPorts(settings, client, TOPICS, SERVICE)
    await real.prepare()
    await settle_builds(real.builds)

    async def fold(facts: Sequence[Fact[Event]]) -> None:
        await fold_into_builds(facts, real.builds.builds, real.of)

    dead_letters = KafkaPublisher(
        settings.kafka_bootstrap, f"{SERVICE}-dead-letters", max_request_bytes=DEAD_LETTER_BYTES
    )
    told = Told(
        bootstrap=settings.kafka_bootstrap,
        group=SERVICE,
        topics=TOPICS,
        folder=settings.data_dir / "run" / "faust",
    )
    published = published_from(real.database, (ANNOUNCEMENTS, DRAFTS, *RECORDS, *CLOSED))
    barrier = EndOffsets(settings.kafka_bootstrap, SERVICE, TOPICS)
    parts: Sequence[Part] = (
        Agent(told, BatchHandling(SERVICE, fold, dead_letters, read=quick_decode)),
        Announcer(await real.live(), real.live_now),
        Notices(real.records),
        Sealer(await real.closings(), barrier, live=real.closings_now),
        Builder(real.builds, MongoLease(real.database, "builder")),
        Laboratory(real.laboratory.trials, MongoLease(real.database, "laboratory"), real.clock),
        Relay(*published, settings.kafka_bootstrap, SERVICE),
    )
    return parts, (StoreCheck(client),)


def command(words: Sequence[str]) -> int:
    """Whatever is neither api nor worker: the children of the worker, and what an operator asks of the builds."""
    settings = PlatformSettings.read()
    second = _second_reader(settings) if words[:1] == [BUILD] and (os.cpu_count() or 1) > 1 else None

    async def carried_out() -> int:
        async with connect(settings.mongodb_url, timeout_ms=BULK_TIMEOUT_MILLISECONDS) as client:
            real = RealPorts(settings, client, TOPICS, SERVICE)
            if words[:1] == [_TRIAL]:
                return await carry_out_trial(words[1], real.laboratory)
            return await carry_out(words, replace(real.builds, second_reader=second))

    return asyncio.run(carried_out())


def _second_reader(settings: PlatformSettings) -> ForkedReader:
    """Who reads half of the log, over connections of its own; to be asked for before any is opened here."""

    async def read(build_id: str, until: Offsets, told: Tell) -> int | None:
        async with connect(settings.mongodb_url, timeout_ms=BULK_TIMEOUT_MILLISECONDS) as client:
            ports = RealPorts(settings, client, TOPICS, SERVICE).builds
            build = await ports.builds.find(build_id)
            return None if build is None else await read_share(build, until, ports, told)

    return ForkedReader(read, nice=NICE, objects_before_collection=OBJECTS_BEFORE_COLLECTION)
