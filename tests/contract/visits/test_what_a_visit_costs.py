"""Storing a visit is one write: whatever else it needs to know is remembered."""

from datetime import date

from deploy.local.stack import Stack
from services.visits.adapters.mongo import MongoProblems, MongoVisits, mongo_directory, prepare
from services.visits.adapters.procedures import read_deadlines
from services.visits.use_cases.log_visit import LogVisit, log_visit
from services.visits.use_cases.ports import Ports
from shared.events.recording import Recorder
from shared.kernel.ids import BranchId, CadreId, VisitId, new_id
from shared.mongo.client import connect
from shared.testing.clock import StoppedClock
from tests.contract.visits.conftest import NOON, PATH, SOMEBODY


async def test_a_visit_costs_one_insert_and_no_read_but_of_the_directorys_version(mongod: Stack) -> None:
    client = connect(mongod.urls["mongodb"])
    database = client[f"visits_{new_id()}"]
    await prepare(database)
    clock = StoppedClock()
    recorder = Recorder("visits", clock)
    stores = MongoVisits(database, recorder), MongoProblems(database, recorder)
    ports = Ports(*stores, mongo_directory(database), clock, read_deadlines())
    day = date(2023, 1, 1)
    await ports.directory.learn_organisation(PATH.organisation_id, 1, PATH)
    await ports.directory.learn_posting(
        "posting", 1, CadreId("cadre"), PATH.organisation_id, starts_on=day, ends_on=None
    )
    await ports.directory.learn_go_live(PATH.township_id, 1, day)

    async def log() -> None:
        visit = LogVisit(SOMEBODY, VisitId(new_id()), CadreId("cadre"), BranchId("branch"), NOON, None, "走访")
        await log_visit(visit, ports)

    await log()
    await database.command("profile", 2)
    for _ in range(5):
        await log()
    await database.command("profile", 0)
    asked = await database["system.profile"].find({"op": {"$in": ["query", "insert", "update"]}}).to_list()
    await client.drop_database(database)
    await client.close()

    assert [each["ns"].rpartition(".")[2] for each in asked if each["op"] != "query"] == ["visits"] * 5
    assert {each["ns"].rpartition(".")[2] for each in asked if each["op"] == "query"} <= {"directory_version"}
