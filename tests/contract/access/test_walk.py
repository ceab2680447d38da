"""Every route × every role × objects in and out of scope: nobody gets further than the access matrix says."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from starlette.routing import Mount, Route

from shared.kernel.access import Caller, Grant, Role
from shared.kernel.ids import AccountId, PersonId, derived_id
from shared.testing.access import a_caller
from tests.contract.access.in_memory import Service
from tests.contract.access.matrix import FORBIDDEN, HIDDEN, Row
from tests.contract.access.places import FAR, HERE, HOMES, NEAR, Home, almost_here
from tests.contract.access.worlds import SERVICES

GUARDED, OPEN = (
    [
        pytest.param(name, row, id=f"{row.route} {row.case}".strip())
        for name, (_, rows) in SERVICES.items()
        for row in rows
        if row.is_open is is_open
    ]
    for is_open in (False, True)
)
TABLES = [pytest.param(name, rows, id=name) for name, (_, rows) in SERVICES.items()]
SUCCESS = {200, 201, 202, 204}
UNKNOWN = (401, "access.unauthenticated")
HEALTH = {"/livez", "/readyz", "/metrics"}


@pytest.fixture(scope="module")
def services() -> dict[str, Service]:
    made: dict[str, Service] = {}
    for name, (make, _) in SERVICES.items():
        made[name] = asyncio.run(make())
        made[name].remember()
    return made


@pytest.fixture
def service(services: dict[str, Service], request: pytest.FixtureRequest) -> Service:
    found = services[request.param]
    found.put_back()
    return found


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody who asks: with which roles from where; `owns` tells whether the object is his own."""

    words: str
    caller: Caller
    owns: bool = False

    def oversees(self, row: Row, home: Home = HERE) -> bool:
        """Whether his role reaches the object of that home, whoever it belongs to."""
        return any(grant.role in row.may and row.covers(grant.scope, home) for grant in self.caller.grants)

    def has_his_own(self, row: Row) -> bool:
        """Whether the object here is his, and his role lets him at it."""
        grants = (grant for grant in self.caller.grants if row.own_anywhere or row.covers(grant.scope))
        return self.owns and any(grant.role in row.own for grant in grants)

    def statuses(self, row: Row) -> set[int]:
        """What he may be answered."""
        if not any(grant.role in row.let_in for grant in self.caller.grants):
            return {FORBIDDEN}
        if row.lists or self.oversees(row) or self.has_his_own(row):
            return SUCCESS
        if len({grant.role for grant in self.caller.grants}) > 1:
            return {FORBIDDEN, HIDDEN}
        return {row.refusal} if any(row.covers(grant.scope) for grant in self.caller.grants) else {HIDDEN}

    def sees(self, row: Row, service: Service) -> set[str]:
        """What a list shows him."""
        homes = [home for home in HOMES if self.oversees(row, home)]
        found = {service.id_of(kind, home) for home in homes for kind in (*row.lists, *row.others)}
        return found | ({service.id_of(kind) for kind in row.lists} if self.has_his_own(row) else set())


def everybody(row: Row) -> Iterator[Asking]:
    """Eight roles here, in another township, in another county, and almost here; owners; and two roles at once."""
    for role in Role:
        for home in HOMES:
            yield Asking(f"{role} {home.name}", a_caller(role, home.scope(role)))
        grants = tuple(Grant(role, scope) for scope in almost_here())
        yield Asking(f"{role} almost here", _caller(f"{role} almost", *grants))
    for role in sorted(row.own):
        for home in (HERE, NEAR):
            caller = a_caller(role, home.scope(role), person=row.owner)
            yield Asking(f"{role} {home.name}, of his own", caller, owns=True)
    for role in sorted(row.may if row.at is not None else ()):
        lesser = tuple(Grant(other, HERE.scope(other)) for other in Role if other not in row.may | row.own)
        for home in (NEAR, FAR):
            there = Grant(role, home.scope(role))
            yield Asking(f"{role} {home.name}, lesser here", _caller(f"{role} {home.name} lent", there, *lesser))


def _caller(name: str, *grants: Grant) -> Caller:
    return Caller(AccountId(derived_id("account", name)), PersonId(derived_id("person", name)), grants)


def shown(response: httpx.Response) -> set[str]:
    """The ids of all things a list or a tree holds, at any depth."""
    body = response.json()
    return set(_ids(body["items"] if isinstance(body, dict) else body))


def _ids(items: list[dict[str, Any]]) -> Iterator[str]:
    for item in items:
        yield from (str(item[key]) for key in ("id", "subject_id") if key in item)
        yield from _ids([item["obligation"]] if "obligation" in item else item.get("children", []))


def wrong(asking: Asking, row: Row, service: Service, response: httpx.Response) -> str | None:
    """What is wrong with the answer; None when it is what the matrix says."""
    statuses = asking.statuses(row)
    if response.status_code not in statuses:
        return f"{asking.words}: {response.status_code} for {sorted(statuses)} {response.text[:200]}"
    if not row.lists or response.status_code == FORBIDDEN:
        return None
    planted = {service.id_of(kind, home) for home in HOMES for kind in (*row.lists, *row.others)}
    found, wanted = shown(response), asking.sees(row, service)
    if found & planted != wanted or (found and not wanted):
        return f"{asking.words}: shows {len(found)}, {len(found & planted)} of {len(wanted)} expected"
    return None


@pytest.mark.parametrize(("service", "row"), GUARDED, indirect=["service"])
async def test_nobody_gets_further_than_the_matrix_says(row: Row, service: Service) -> None:
    askings = list(everybody(row))
    refused = [asking for asking in askings if asking.statuses(row) != SUCCESS]
    for asking in refused:
        await service.admit(asking.caller)
    before = service.standing()

    # Who is refused changes nothing for who asks next, so it is enough to look once after all of them.
    found = [wrong(asking, row, service, await service.ask(asking.caller, row)) for asking in refused]
    if service.kept() != before:
        found.append("somebody was refused, and something was kept")
    for asking in (each for each in askings if each.statuses(row) == SUCCESS):
        service.put_back()
        found.append(wrong(asking, row, service, await service.ask(asking.caller, row)))

    assert [sentence for sentence in found if sentence is not None] == []


@pytest.mark.parametrize(("service", "row"), GUARDED, indirect=["service"])
async def test_nobody_unknown_gets_anywhere(row: Row, service: Service) -> None:
    before = service.standing()
    responses = [await service.ask(None, row), await service.ask(None, row, bare=True)]

    assert [(response.status_code, response.json()["code"]) for response in responses] == [UNKNOWN, UNKNOWN]
    assert service.kept() == before


@pytest.mark.parametrize(("service", "row"), GUARDED, indirect=["service"])
async def test_who_may_not_learns_nothing_of_what_is_wrong_with_the_request(row: Row, service: Service) -> None:
    answers = {}
    for role in sorted(frozenset(Role) - _let_in(row, service)):
        answers[role] = (await service.ask(a_caller(role, HERE.scope(role)), row, bare=True)).status_code

    assert answers == dict.fromkeys(answers, FORBIDDEN)


@pytest.mark.parametrize(("service", "row"), OPEN, indirect=["service"])
async def test_an_open_route_asks_nobody_who_he_is(row: Row, service: Service) -> None:
    assert (await service.ask(None, row)).is_success


def _let_in(row: Row, service: Service) -> frozenset[Role]:
    """Whom any row of the same route lets in."""
    return next(
        each.roles or frozenset() for each in service.app.state.access if f"{each.method} {each.path}" == row.route
    )


@pytest.mark.parametrize(("service", "rows"), TABLES, indirect=["service"])
def test_the_table_names_the_routes_of_the_service_and_whom_each_lets_in(
    service: Service, rows: tuple[Row, ...]
) -> None:
    table: dict[str, frozenset[Role] | None] = {}
    for row in rows:
        table[row.route] = None if row.is_open else row.let_in | (table.get(row.route) or frozenset())
    routes = {f"{each.method} {each.path}": each.roles for each in service.app.state.access}

    assert table == routes


@pytest.mark.parametrize(("name", "service"), [(name, name) for name in SERVICES], indirect=["service"])
def test_a_service_answers_nothing_else_but_documentation_and_health(name: str, service: Service) -> None:
    alone = {route.path for route in service.app.routes if isinstance(route, Route | Mount)}
    documented = set(service.app.openapi()["paths"])

    assert alone == {f"/api/{name}/{each}" for each in ("openapi.json", "docs", "docs/assets", "readyz")} | HEALTH
    assert documented == {each.path for each in service.app.state.access}
