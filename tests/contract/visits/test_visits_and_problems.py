"""One suite for the stores of visits and problems: the in-memory ones and the real ones keep the same promises."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from deploy.local.stack import Stack
from services.visits.adapters.directory import ProjectedDirectory
from services.visits.adapters.in_memory import InMemoryProblems, InMemoryVisits, in_memory_directory
from services.visits.adapters.mongo import MongoProblems, MongoVisits, mongo_directory, prepare
from services.visits.domain.problem import Problem
from services.visits.domain.township import HistorySpan, Township
from services.visits.domain.visit import Visit
from services.visits.use_cases.ports import Listing, Problems, Visits
from shared.events.recording import Recorder
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import Period, WorkingDays
from shared.kernel.errors import AlreadyThere, Stale
from shared.kernel.ids import BranchId, CadreId, HouseholdRef, ProblemId, VisitId, new_id
from shared.mongo.client import connect
from shared.testing.clock import StoppedClock

PATH = OrganisationPath.parse("county/township/branch")
NOON = datetime(2023, 11, 20, 4, 0, tzinfo=UTC)


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
    client = connect(mongod.urls["mongodb"])
    database = client[f"visits_{new_id()}"]
    await prepare(database)
    yield Stores(MongoVisits(database, recorder), MongoProblems(database, recorder), mongo_directory(database))
    await client.drop_database(database)
    await client.close()


def a_visit(**changed: Any) -> Visit:
    visit = Visit(
        id=VisitId(new_id()),
        cadre_id=CadreId("cadre"),
        branch_id=BranchId("branch"),
        path=PATH,
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


async def test_what_was_saved_is_found_as_it_was(stores: Stores) -> None:
    visit = a_visit()
    problem, _ = a_problem().resolve(
        entered_by=new_id(),  # type: ignore[arg-type]
        resolved_on=date(2023, 11, 21),
        measure="已修",
        today=date(2023, 11, 22),
    )
    await stores.visits.save(visit, visit.logged())
    await stores.problems.save(replace(problem, revision=1))

    assert await stores.visits.find(visit.id) == visit
    assert await stores.problems.find(problem.id) == replace(problem, revision=1)


async def test_what_was_never_saved_is_not_found(stores: Stores) -> None:
    assert await stores.visits.find(VisitId(new_id())) is None


async def test_an_id_is_taken_once(stores: Stores) -> None:
    visit = a_visit()
    await stores.visits.save(visit, visit.logged())

    with pytest.raises(AlreadyThere):
        await stores.visits.save(visit, visit.logged())


async def test_the_second_writer_of_a_revision_is_stale(stores: Stores) -> None:
    visit = a_visit()
    await stores.visits.save(visit, visit.logged())
    withdrawn, fact = visit.withdraw()
    await stores.visits.save(withdrawn, fact)

    with pytest.raises(Stale):
        await stores.visits.save(withdrawn, fact)


async def test_visits_are_listed_latest_first_and_pages_go_on(stores: Stores) -> None:
    visits = [a_visit(occurred_at=NOON + timedelta(hours=hours)) for hours in (0, 1, 1, 2)]
    for visit in visits:
        await stores.visits.save(visit, visit.logged())
    whole = await stores.visits.list(a_listing())
    first = await stores.visits.list(a_listing(limit=2))
    rest = await stores.visits.list(a_listing(after=(first[-1].occurred_at.isoformat(), first[-1].id)))

    assert [visit.occurred_at for visit in whole] == sorted((v.occurred_at for v in visits), reverse=True)
    assert [*first, *rest] == list(whole)


async def test_lists_keep_to_scope_cadre_branch_and_period(stores: Stores) -> None:
    mine = a_visit()
    others = [
        a_visit(cadre_id=CadreId("colleague")),
        a_visit(path=OrganisationPath.parse("county/elsewhere/far"), branch_id=BranchId("far")),
        a_visit(occurred_at=NOON - timedelta(days=7)),
    ]
    for visit in (mine, *others):
        await stores.visits.save(visit, visit.logged())

    listing = a_listing(cadre_id=CadreId("cadre"), branch_id=BranchId("branch"), period=Period.parse("2023-W47"))

    assert await stores.visits.list(listing) == [mine]


async def test_the_week_begins_and_ends_at_midnight_in_shanghai(stores: Stores) -> None:
    sunday_night = a_visit(occurred_at=datetime(2023, 11, 19, 15, 59, tzinfo=UTC))
    monday_morning = a_visit(occurred_at=datetime(2023, 11, 19, 16, 0, tzinfo=UTC))
    for visit in (sunday_night, monday_morning):
        await stores.visits.save(visit, visit.logged())

    assert await stores.visits.list(a_listing(period=Period.parse("2023-W47"))) == [monday_morning]


async def test_problems_are_listed_first_due_first_by_state(stores: Stores) -> None:
    later, sooner = a_problem(due_on=date(2023, 12, 1)), a_problem(due_on=date(2023, 11, 22))
    for problem in (later, sooner):
        await stores.problems.save(problem, problem.raised())
    solved, fact = later.resolve(
        entered_by=new_id(),  # type: ignore[arg-type]
        resolved_on=date(2023, 11, 21),
        measure="已修",
        today=date(2023, 11, 22),
    )
    await stores.problems.save(solved, fact)
    everything = await stores.problems.list(a_listing())
    rest = await stores.problems.list(a_listing(after=(sooner.due_on.isoformat(), sooner.id)))

    assert everything == [sooner, solved]
    assert await stores.problems.list(a_listing(state="open")) == [sooner]
    assert rest == [solved]


async def test_a_branch_that_moves_takes_its_visits_and_problems_along(stores: Stores) -> None:
    visit, problem = a_visit(), a_problem()
    await stores.visits.save(visit, visit.logged())
    await stores.problems.save(problem, problem.raised())
    there = OrganisationPath.parse("county/elsewhere/branch")
    await stores.visits.moved(BranchId("branch"), there)
    await stores.problems.moved(BranchId("branch"), there)

    assert await stores.visits.list(a_listing()) == []
    assert await stores.problems.list(a_listing(scopes=frozenset({"elsewhere"}))) == [replace(problem, path=there)]


async def test_what_moves_above_a_branch_is_not_its_place(stores: Stores) -> None:
    """A township that is renamed or moved says where it hangs itself; its branches say so for themselves."""
    visit, problem = a_visit(), a_problem()
    await stores.visits.save(visit, visit.logged())
    await stores.problems.save(problem, problem.raised())
    for above in PATH.segments[:-1]:
        await stores.visits.moved(BranchId(above), PATH.parent)
        await stores.problems.moved(BranchId(above), PATH.parent)

    assert await stores.visits.find(visit.id) == visit
    assert await stores.problems.find(problem.id) == problem


async def test_what_was_read_before_a_move_and_saved_after_it_stays_where_the_branch_is(stores: Stores) -> None:
    visit, problem = a_visit(), a_problem()
    await stores.visits.save(visit, visit.logged())
    await stores.problems.save(problem, problem.raised())
    there = OrganisationPath.parse("county/elsewhere/branch")
    await stores.visits.moved(BranchId("branch"), there)
    await stores.problems.moved(BranchId("branch"), there)
    withdrawn, event = visit.withdraw()
    await stores.visits.save(withdrawn, event)
    assigned, given = problem.assign(to=CadreId("another"), on=problem.raised_on)
    await stores.problems.save(assigned, given)

    assert await stores.visits.find(visit.id) == replace(withdrawn, path=there)
    assert await stores.problems.find(problem.id) == replace(assigned, path=there)


async def test_the_directory_remembers_the_newest_and_overlays_calendars(stores: Stores) -> None:
    directory = stores.directory
    older, newer = OrganisationPath.parse("county/old/branch"), PATH
    await directory.learn_organisation("branch", 2, newer)
    await directory.learn_organisation("branch", 1, older)
    day = date(2023, 10, 7)
    await directory.learn_calendar("county", 2023, 1, WorkingDays(frozenset(), frozenset({day}), frozenset({2023})))
    await directory.learn_calendar("township", 2023, 1, WorkingDays(frozenset({day}), frozenset(), frozenset({2023})))
    calendar = await directory.working_days(PATH)

    assert await directory.branch(BranchId("branch")) == newer
    assert (calendar.is_working_day(day), calendar.is_provisional(day)) == (False, False)


async def test_who_learns_a_place_finds_it_at_once(stores: Stores) -> None:
    """However recently the place was asked for: what is kept of it yields to what was just learnt."""
    here, there = PATH, OrganisationPath.parse("county/elsewhere/branch")
    await stores.directory.learn_organisation("branch", 1, here)
    before = await stores.directory.branch(BranchId("branch"))
    await stores.directory.learn_organisation("branch", 2, there)

    assert (before, await stores.directory.branch(BranchId("branch"))) == (here, there)


async def test_a_closed_span_is_not_opened_by_an_older_fact(stores: Stores) -> None:
    first, last = date(2023, 7, 1), date(2023, 9, 30)
    await stores.directory.learn_go_live("township", 1, date(2023, 10, 2))
    await stores.directory.learn_span("township", "span", 3, from_on=first, to_on=last, closed=True)
    await stores.directory.learn_span("township", "span", 2, from_on=first, to_on=last, closed=False)

    known = await stores.directory.township(PATH)

    assert known == Township(date(2023, 10, 2), (HistorySpan(first, last, closed=True),))
