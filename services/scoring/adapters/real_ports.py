"""The real ports: which adapter meets which port on MongoDB and Kafka, for api, worker and commands alike."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase

from services.scoring.adapters import decisions, directory, drafts, records, trials
from services.scoring.adapters.announcements import MongoAnnouncements
from services.scoring.adapters.build_comparisons import MongoBuildComparisons
from services.scoring.adapters.builds import MongoRegister, RegisteredBuilds
from services.scoring.adapters.bulk import MongoBulkLedger, MongoResults
from services.scoring.adapters.closings import MongoClosings, closing_ports
from services.scoring.adapters.closings import prepare as prepare_closings
from services.scoring.adapters.decisions import decision_ports, decision_stores
from services.scoring.adapters.directory import MongoDirectory
from services.scoring.adapters.drafts import BooksPeopleSee, MongoDrafts, ShippedAndPublished, load_words
from services.scoring.adapters.fact_log import KafkaFactLog
from services.scoring.adapters.mongo import MongoCards, MongoLedger, prepare
from services.scoring.adapters.notices import MongoNotices
from services.scoring.adapters.procedures import read_deed_procedure
from services.scoring.adapters.records import record_stores
from services.scoring.adapters.rule_files import RULES, load_generation, load_whitelist
from services.scoring.adapters.rule_text import YamlRuleTexts, shipped_refused
from services.scoring.adapters.seals import MongoSeals
from services.scoring.domain.build import Build
from services.scoring.domain.generation import Generation
from services.scoring.use_cases.build_ports import BuildPorts, BuildsOnRecord
from services.scoring.use_cases.closing_ports import ClosingPorts
from services.scoring.use_cases.decision_ports import DecisionPorts
from services.scoring.use_cases.laboratory_ports import LaboratoryPorts
from services.scoring.use_cases.ports import Ports
from services.scoring.use_cases.publication_ports import PublicationPorts
from services.scoring.use_cases.record_ports import RecordPorts
from shared.events.recording import Recorder
from shared.kernel.clock import Clock
from shared.mongo.client import Client, Document
from shared.telemetry.settings import PlatformSettings
from shared.telemetry.trace import current_traceparent

_LOOK_AGAIN_SECONDS = 1.0
"""So long after a switch an api may still show what was live before."""


@dataclass
class RealPorts:
    """All ports of one process; `live` gives those of the build people see now."""

    settings: PlatformSettings
    client: Client
    topics: Sequence[str]
    """Where the facts that score are read."""
    service: str = "scoring"
    _live: Ports | None = field(default=None, init=False)
    _looked_at: float = field(default=0.0, init=False)

    async def prepare(self) -> None:
        """Create all indexes; repeating it changes nothing."""
        await prepare(self.database)
        for part in (decisions, directory, drafts, records, trials):
            await part.prepare(self.database)
        await prepare_closings(self.database)

    async def live(self) -> Ports:
        """The ports of the build people see; of the shipped books' while there is none yet."""
        if self._live is None or time.monotonic() - self._looked_at > _LOOK_AGAIN_SECONDS:
            return await self.live_now()
        return self._live

    async def live_now(self) -> Ports:
        """The same, asked for at this moment: a worker that writes for a build no longer live writes it for nobody."""
        asked_at = time.monotonic()
        build = await self.builds.builds.live()
        self._live, self._looked_at = self.of(build or Build.first(self.shipped, self.clock.now())), asked_at
        return self._live

    def of(self, build: Build) -> Ports:
        """The ports of one build; news of a score told for it yields to that of a build that was shown later."""
        return Ports(
            generation=build.generation,
            ledger=MongoLedger(self.database, build.id),
            cards=MongoCards(self.database, build.id),
            announcements=MongoAnnouncements(self.database, build.shown),
            seals=self._seals,
            notices=self._notices,
            directory=self.directory,
            clock=self.clock,
        )

    @cached_property
    def database(self) -> AsyncDatabase[Document]:
        """The service's database."""
        database: AsyncDatabase[Any] = self.client[self.settings.database(self.service)]
        return database

    @cached_property
    def clock(self) -> Clock:
        """The business clock."""
        return self.settings.clock()

    @cached_property
    def shipped(self) -> Generation:
        """The rule books this release is shipped with."""
        return load_generation()

    @cached_property
    def directory(self) -> MongoDirectory:
        """Who is known; what hangs at an organisation moves when it does."""
        hanging = (
            *record_stores(self.database, self._recorder),
            *decision_stores(self.database, self._recorder),
            MongoClosings(self.database, self._recorder),
        )
        return MongoDirectory(self.database, hanging)

    @cached_property
    def builds(self) -> BuildPorts:
        """The builds: the one people see, and what is built beside it."""
        return BuildPorts(
            builds=RegisteredBuilds(MongoRegister(self.database)),
            ports_of=self.of,
            bulk_of=lambda build: MongoBulkLedger(self.database, self.settings.mongodb_url, build.id),
            results=MongoResults(self.database),
            comparisons=MongoBuildComparisons(self.database),
            directory=self.directory,
            seals=self._seals,
            log=self._log,
            published=self._drafts,
            shipped=self.shipped,
            clock=self.clock,
        )

    @cached_property
    def on_record(self) -> BuildsOnRecord:
        """What reading about builds takes."""
        return BuildsOnRecord(self.builds.builds, self.builds.comparisons)

    @cached_property
    def records(self) -> RecordPorts:
        """Deeds, review marks and objections; its ledger is the shipped books' until somebody asks `live`."""
        deeds, reviews, objections = record_stores(self.database, self._recorder)
        return RecordPorts(
            deeds=deeds,
            reviews=reviews,
            objections=objections,
            directory=self.directory,
            ledger=MongoLedger(self.database, self.shipped.id),
            procedure=read_deed_procedure(),
            clock=self.clock,
        )

    @cached_property
    def publication(self) -> PublicationPorts:
        """What publishes rule books, beside those this release is shipped with."""
        return PublicationPorts(
            drafts=self._drafts,
            books=ShippedAndPublished(self.shipped.books, self._drafts),
            texts=YamlRuleTexts(load_whitelist(RULES / "whitelist.yaml"), shipped_refused()),
            words=load_words(RULES / "words.yaml"),
            directory=self.directory,
            clock=self.clock,
        )

    @cached_property
    def decisions(self) -> DecisionPorts:
        """Rankings that were permitted, grades that were signed."""
        return decision_ports(self.database, self._recorder)

    @cached_property
    def laboratory(self) -> LaboratoryPorts:
        """The laboratory."""
        return LaboratoryPorts(
            trials=trials.MongoTrials(self.database, self._recorder),
            publication=replace(self.publication, books=BooksPeopleSee(self.builds.builds, self.publication.books)),
            directory=self.directory,
            log=self._log,
            clock=self.clock,
        )

    async def closings(self) -> ClosingPorts:
        """What closes periods, over the build people see now."""
        return closing_ports(self.database, self._recorder, await self.live(), self.records.objections)

    async def closings_now(self) -> ClosingPorts:
        """The same over the build that is live at this moment, for what seals."""
        return closing_ports(self.database, self._recorder, await self.live_now(), self.records.objections)

    async def live_records(self) -> RecordPorts:
        """Deeds, review marks and objections, with the ledger of the build people see now."""
        return replace(self.records, ledger=(await self.live()).ledger)

    @cached_property
    def _recorder(self) -> Recorder:
        return Recorder(self.service, self.clock, current_traceparent)

    @cached_property
    def _drafts(self) -> MongoDrafts:
        return MongoDrafts(self.database, self._recorder)

    @cached_property
    def _log(self) -> KafkaFactLog:
        return KafkaFactLog(self.settings.kafka_bootstrap, self.topics, self.service)

    @cached_property
    def _seals(self) -> MongoSeals:
        return MongoSeals(self.database)

    @cached_property
    def _notices(self) -> MongoNotices:
        return MongoNotices(self.database)
