"""One suite for the stores of visits and problems: the in-memory ones and the real ones keep the same promises."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.visits.domain.membership import Membership
from shared.kernel.access import OrganisationPath, Role
from shared.kernel.calendar import Period
from shared.kernel.errors import AlreadyThere, Stale
from shared.kernel.ids import BranchId, CadreId, MemberId, PersonId, VisitId, new_id
from shared.kernel.trail import TrailEntry
from shared.testing.access import a_caller
from tests.contract.visits.conftest import (
    NOON,
    PATH,
    SOMEBODY,
    Stores,
    a_listing,
    a_problem,
    a_visit,
    solved,
)

ASKER = a_caller(Role.BRANCH_SECRETARY, "branch")
HELPERS = (
    Membership(MemberId("one"), PATH, PersonId("person"), date(2020, 1, 1)),
    Membership(MemberId("other"), PATH, None, date(2020, 1, 1)),
)


async def test_what_was_saved_is_found_as_it_was(stores: Stores) -> None:
    visit = a_visit()
    problem, _ = solved(a_problem(due_provisional=True), helpers=HELPERS)
    problem, _ = problem.confirm(answer="unreached", on=problem.raised_on, by=ASKER, at=NOON)
    problem = replace(problem, revision=1, escalated=True)
    await stores.visits.save(visit, visit.logged())
    await stores.problems.save(problem)

    assert await stores.visits.find(visit.id) == visit
    assert await stores.problems.find(problem.id) == problem


async def test_a_trail_grows_with_each_save_and_keeps_what_was_overwritten(stores: Stores) -> None:
    visit = a_visit(trail=(TrailEntry.left_by(SOMEBODY, "logged", at=NOON),))
    await stores.visits.save(visit, visit.logged())
    corrected, fact = visit.correct(
        occurred_at=NOON - timedelta(days=1), household_ref=None, note="改", entry="live", by=ASKER, at=NOON
    )
    await stores.visits.save(corrected, fact)
    found = await stores.visits.find(visit.id)

    assert found == corrected
    assert found is not None
    assert [entry.what for entry in found.trail] == ["logged", "corrected"]
    assert found.trail[1].before == {
        "occurred_at": "2023-11-20T04:00:00+00:00",
        "household_ref": "household",
        "note": None,
    }


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
    withdrawn, fact = visit.withdraw(by=SOMEBODY, at=NOON)
    await stores.visits.save(withdrawn, fact)

    with pytest.raises(Stale):
        await stores.visits.save(withdrawn, fact)


async def test_visits_are_listed_latest_first_and_pages_go_on(stores: Stores) -> None:
    visits = [a_visit(occurred_at=NOON + timedelta(hours=hours)) for hours in (0, 1, 1, 2)]
    for visit in visits:
        await stores.visits.save(visit, visit.logged())
    whole = await stores.visits.list(a_listing())
    first = await stores.visits.list(a_listing(limit=2))
    rest = await stores.visits.list(a_listing(after=a_listing().visit_key(first[-1])))

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
    done, fact = solved(later)
    await stores.problems.save(done, fact)
    everything = await stores.problems.list(a_listing())
    rest = await stores.problems.list(a_listing(after=a_listing().problem_key(sooner)))

    assert everything == [sooner, done]
    assert await stores.problems.list(a_listing(state="open")) == [sooner]
    assert rest == [done]


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
    withdrawn, event = visit.withdraw(by=SOMEBODY, at=NOON)
    await stores.visits.save(withdrawn, event)
    assigned, given = problem.assign(to=CadreId("another"), by=SOMEBODY, at=NOON)
    await stores.problems.save(assigned, given)

    assert await stores.visits.find(visit.id) == replace(withdrawn, path=there)
    assert await stores.problems.find(problem.id) == replace(assigned, path=there)
