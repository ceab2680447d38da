"""What the suites of this service's stores share: the stores, in memory and real, and things to put into them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from deploy.local.stack import Stack
from services.visits.adapters.directory import ProjectedDirectory
from services.visits.adapters.in_memory import InMemoryProblems, InMemoryVisits, in_memory_directory
from services.visits.adapters.mongo import MongoProblems, MongoVisits, mongo_directory, prepare
from services.visits.domain.problem import Problem
from services.visits.domain.township import Township
from services.visits.domain.visit import Visit
from services.visits.use_cases.ports import Listing, Problems, Visits
from shared.events.recording import Recorder
from shared.events.visits import ProblemResolved
from shared.kernel.access import OrganisationPath, Role
from shared.kernel.ids import BranchId, CadreId, HouseholdRef, ProblemId, TownshipId, VisitId, new_id
from shared.testing.access import a_caller
from shared.testing.clock import StoppedClock
from tests.databases import an_empty_database

PATH = OrganisationPath.parse("county/township/branch")
NOON = datetime(2023, 11, 20, 4, 0, tzinfo=UTC)
SOMEBODY = a_caller(Role.ORGANISER, "township")


@dataclass(frozen=True, slots=True)
class Stores:
    """The ports under test."""

    visits: Visits
    problems: Problems
    directory: ProjectedDirectory


@pytest.fixture(params=["in memory", "mongodb"])
async def stores(request: pytest.FixtureRequest) -> AsyncIterator[Stores]:
    recorder = Recorder("visits", StoppedClock())
    if request.param == "in memory":
        yield Stores(InMemoryVisits(recorder), InMemoryProblems(recorder), in_memory_directory())
        return
    mongod: Stack = request.getfixturevalue("mongod")
    async with an_empty_database(mongod, "visits", prepare) as database:
        yield Stores(MongoVisits(database, recorder), MongoProblems(database, recorder), mongo_directory(database))


def a_visit(**changed: Any) -> Visit:
    visit = Visit(
        id=VisitId(new_id()),
        cadre_id=CadreId("cadre"),
        branch_id=BranchId("branch"),
        path=PATH,
        township_id=TownshipId("township"),
        occurred_at=NOON,
        entry="live",
        made_from="digest",
        household_ref=HouseholdRef("household"),
        note="走访",
    )
    return replace(visit, **changed)


def a_problem(**changed: Any) -> Problem:
    problem = Problem(
        id=ProblemId(new_id()),
        branch_id=BranchId("branch"),
        path=PATH,
        township_id=TownshipId("township"),
        cadre_id=CadreId("cadre"),
        raised_by=CadreId("cadre"),
        raised_on=date(2023, 11, 20),
        due_on=date(2023, 11, 27),
        problem_class="ordinary",
        content="路灯不亮",
        entry="live",
        made_from="digest",
    )
    return replace(problem, **changed)


def a_listing(**changed: Any) -> Listing:
    return replace(Listing(scopes=frozenset({"township"}), limit=50), **changed)


def solved(problem: Problem, **changed: Any) -> tuple[Problem, ProblemResolved]:
    """The problem with a resolution, and the fact of it."""
    said = {"resolved_on": problem.raised_on, "measure": "已修", "by": SOMEBODY, "at": NOON, **changed}
    return problem.resolve(times=Township(date(2023, 1, 1)), late_after_days=7, **said)
