"""What comes too late for a seal is kept by the real stores as by those in memory."""

from dataclasses import replace
from datetime import date

from pymongo.asynchronous.database import AsyncDatabase

from services.scoring.adapters.announcements import MongoAnnouncements
from services.scoring.adapters.directory import MongoDirectory
from services.scoring.adapters.mongo import MongoCards, MongoLedger
from services.scoring.adapters.seals import MongoSeals
from services.scoring.domain.awards import CardKey
from services.scoring.use_cases.fold_facts import fold_facts
from services.scoring.use_cases.ports import Ports
from shared.mongo.client import Document
from tests.unit.scoring.facts import CADRE, ObligationLife, VisitLife
from tests.unit.scoring.sealing import QUARTERS, fact_of, in_memory, made_seal, recorded


def really(database: AsyncDatabase[Document]) -> Ports:
    ports = in_memory()
    name = ports.generation.id
    return replace(
        ports,
        ledger=MongoLedger(database, name),
        cards=MongoCards(database, name),
        announcements=MongoAnnouncements(database),
        seals=MongoSeals(database),
        directory=MongoDirectory(database),
    )


async def test_corrections_are_kept_as_they_are_in_memory(database: AsyncDatabase[Document]) -> None:
    week = ObligationLife("weekly-visit", date(2023, 3, 5), CADRE).open().facts
    late = recorded(VisitLife("late").log(date(2023, 3, 1)).facts[0], date(2023, 4, 12))
    arrived_last = recorded(VisitLife("last").log(date(2023, 3, 2)).facts[0], date(2023, 4, 11))
    keys = [CardKey("cadre", CADRE, period.name) for period in QUARTERS]

    found = []
    for ports in (in_memory(), really(database)):
        await fold_facts(week, ports)
        for period, facts in ((QUARTERS[0], [late]), (QUARTERS[1], [arrived_last])):
            sealed = fact_of(await made_seal("cadre", CADRE, period, ports, week[0].recorded_at))
            await fold_facts([sealed], ports)
            await fold_facts(facts, ports)
        seals = await ports.seals.of_subject("cadre", CADRE)
        found.append((await ports.cards.get(keys), {name: each.is_late for name, each in seals.items()}))

    assert found[0] == found[1]
    assert found[0][1] == {"2023-Q1": True, "2023-Q2": False}
    assert len(found[0][0][keys[2]].totals) == 1
