"""One's own first, then what one oversees: one suite over both stores, and the real lists live on their indexes."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Literal

import pytest

from deploy.local.stack import Stack
from services.visits.adapters.mongo import MongoProblems, MongoVisits, prepare
from services.visits.domain.problem import Problem
from services.visits.domain.visit import Visit
from services.visits.use_cases.ports import Listing
from shared.events.recording import Recorder
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import Period
from shared.kernel.ids import BranchId, CadreId, new_id
from shared.mongo.client import connect
from shared.testing.clock import StoppedClock
from tests.contract.visits.conftest import NOON, Stores, a_problem, a_visit

ME, OTHER = CadreId("cadre"), CadreId("other")
FAR = OrganisationPath.parse("county/elsewhere/far")
BOTH = Listing(scopes=frozenset({"far"}), limit=50, own=ME, own_scopes=frozenset({"township"}))
"""A cadre of the township who leads a far branch."""
AT_FAR: dict[str, Any] = {"path": FAR, "branch_id": BranchId("far"), "cadre_id": OTHER}
Kind = Literal["visits", "problems"]
KINDS: tuple[Kind, ...] = ("visits", "problems")


def _things(kind: Kind) -> Sequence[Visit | Problem]:
    """As they stand in the list: two of mine, one of mine in the far branch, two others there; and two I see not."""
    places: list[dict[str, Any]] = [{}, {}, {**AT_FAR, "cadre_id": ME}, AT_FAR, AT_FAR, {"cadre_id": OTHER}]
    hidden = {"path": OrganisationPath.parse("county/third/third"), "branch_id": BranchId("third")}
    changes = [*places, hidden]
    if kind == "visits":
        return [a_visit(occurred_at=NOON - timedelta(hours=i % 5), **change) for i, change in enumerate(changes)]
    return [a_problem(due_on=date(2023, 11, 21 + i % 5), **change) for i, change in enumerate(changes)]


async def _save(stores: Stores, things: Sequence[Visit | Problem]) -> None:
    for thing in reversed(things):
        if isinstance(thing, Visit):
            await stores.visits.save(thing, thing.logged())
        else:
            await stores.problems.save(thing, thing.raised())


async def _list(stores: Stores, kind: Kind, listing: Listing) -> list[str]:
    found = await (stores.visits.list(listing) if kind == "visits" else stores.problems.list(listing))
    return [thing.id for thing in found]


def _changed(**changes: Any) -> Listing:
    return Listing(**{**{name: getattr(BOTH, name) for name in Listing.__slots__}, **changes})


@pytest.mark.parametrize("kind", KINDS)
async def test_ones_own_stand_first_wherever_they_are_then_what_one_oversees(stores: Stores, kind: Kind) -> None:
    things = _things(kind)
    await _save(stores, things)

    assert await _list(stores, kind, BOTH) == [thing.id for thing in things[:5]]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("limit", [1, 2, 3])
async def test_pages_put_together_are_the_whole_list(stores: Stores, kind: Kind, limit: int) -> None:
    things = _things(kind)
    await _save(stores, things)
    seen: list[str] = []
    after: tuple[str, ...] | None = None
    while True:
        listing = _changed(limit=limit, after=after)
        if kind == "visits":
            visits = await stores.visits.list(listing)
            seen += [visit.id for visit in visits]
            after = listing.visit_key(visits[-1]) if visits else None
        else:
            problems = await stores.problems.list(listing)
            seen += [problem.id for problem in problems]
            after = listing.problem_key(problems[-1]) if problems else None
        if after is None:
            break

    assert seen == [thing.id for thing in things[:5]]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"own_only": True}, [0, 1, 2]),
        ({"own_only": True, "scopes": frozenset()}, [0, 1]),
        ({"own_only": True, "cadre_id": OTHER}, []),
        ({"own_only": True, "own": None}, []),
        ({"cadre_id": OTHER}, [3, 4]),
        ({"cadre_id": ME}, [0, 1, 2]),
        ({"branch_id": BranchId("far")}, [2, 3, 4]),
        ({"own": None, "own_scopes": frozenset()}, [2, 3, 4]),
        ({"own": None, "scopes": frozenset({"third"})}, [6]),
    ],
)
async def test_a_list_shows_what_it_is_asked_for(
    stores: Stores, kind: Kind, changes: dict[str, Any], shown: list[int]
) -> None:
    things = _things(kind)
    await _save(stores, things)

    assert await _list(stores, kind, _changed(**changes)) == [things[number].id for number in shown]


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"scopes": frozenset({"far", "township"})},
        {"period": Period.parse("2023-Q4")},
        {"state": "open"},
    ],
)
async def test_such_a_list_is_read_in_the_order_of_an_index(mongod: Stack, kind: Kind, changes: dict[str, Any]) -> None:
    """Of more than a page holds: a list that fits on one may be sorted in memory as well."""
    client = connect(mongod.urls["mongodb"])
    database = client[f"visits_{new_id()}"]
    await prepare(database)
    recorder = Recorder("visits", StoppedClock())
    visits, problems = MongoVisits(database, recorder), MongoProblems(database, recorder)
    rows: tuple[dict[str, Any], ...] = ({}, {"cadre_id": OTHER}, AT_FAR, {**AT_FAR, "cadre_id": ME})
    for number in range(120):
        if kind == "visits":
            visit = a_visit(occurred_at=NOON - timedelta(hours=number), **rows[number % 4])
            await visits.save(visit, visit.logged())
        else:
            problem = a_problem(due_on=date(2023, 11, 21) + timedelta(days=number), **rows[number % 4])
            await problems.save(problem, problem.raised())
    await database.command("profile", 2)
    listing = _changed(limit=10, **changes)
    await (visits.list(listing) if kind == "visits" else problems.list(listing))
    await database.command("profile", 0)
    asked = await database["system.profile"].find({"op": "query"}).to_list()
    await client.drop_database(database)
    await client.close()

    assert asked
    assert [query["command"] for query in asked if query.get("hasSortStage")] == []
