"""Lists are scoped to the reader, one's own first, in pages."""

import pytest

from services.visits.use_cases.follow_members import follow_members
from shared.events.members import OrganisationChanged
from shared.kernel.ids import derived_id
from shared.testing.facts import a_fact
from tests.unit.visits.conftest import BRANCH, COLLEAGUE, COUNTY, ELSEWHERE, World, a_problem, a_visit


async def log(world: World, number: int, who: str = "cadre", **changed: object) -> str:
    form = a_visit(id=derived_id("visit", number), occurred_at=f"2023-11-{number:02d}T09:00:00+08:00", **changed)
    response = await world.call(who, "POST", "/visits", form)
    assert response.status_code == 201, response.text
    return str(form["id"])


async def listed(world: World, who: str, path: str = "/visits") -> list[str]:
    response = await world.call(who, "GET", path)
    return [item["id"] for item in response.json()["items"]]


async def test_a_cadre_sees_his_own_visits_latest_first(world: World) -> None:
    older, newer = await log(world, 6), await log(world, 13)
    await log(world, 14, "colleague", cadre_id=COLLEAGUE)

    assert await listed(world, "cadre") == [newer, older]


@pytest.mark.parametrize("who", ["organiser", "county", "branch secretary"])
async def test_who_oversees_a_scope_sees_all_of_it(world: World, who: str) -> None:
    own, other = await log(world, 6), await log(world, 14, "colleague", cadre_id=COLLEAGUE)

    assert await listed(world, who) == [other, own]


async def test_a_stranger_sees_nothing(world: World) -> None:
    visit = await log(world, 6)

    assert await listed(world, "stranger") == []
    assert (await world.call("stranger", "GET", f"/visits/{visit}")).status_code == 404


@pytest.mark.parametrize("path", ["/visits", "/problems"])
async def test_an_administrator_reads_no_business(world: World, path: str) -> None:
    assert (await world.call("administrator", "GET", path)).status_code == 403


async def test_pages_go_on_where_the_last_one_ended(world: World) -> None:
    visits = [await log(world, number) for number in range(6, 16)]
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await world.call("cadre", "GET", f"/visits?limit=3{cursor}")).json()
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"

    assert seen == visits[::-1]


@pytest.mark.parametrize(
    ("query", "field"), [("cursor=x!", "cursor"), ("limit=201", "limit"), ("period=2023-W99", "period")]
)
async def test_an_unreadable_query_is_named(world: World, query: str, field: str) -> None:
    response = await world.call("cadre", "GET", f"/visits?{query}")

    assert (response.status_code, response.json()["field"]) == (422, field)


async def test_a_week_is_asked_for_by_its_name(world: World) -> None:
    await log(world, 6)
    in_the_week = await log(world, 13)

    assert await listed(world, "cadre", "/visits?period=2023-W46") == [in_the_week]


async def test_open_problems_come_first_due_first(world: World) -> None:
    late = a_problem(id=derived_id("late"), problem_class="complex")
    soon = a_problem(id=derived_id("soon"), problem_class="simple")
    solved = a_problem(id=derived_id("solved"))
    for form in (late, soon, solved):
        await world.call("cadre", "POST", "/problems", form)
    done = {"resolved_on": "2023-11-20", "measure": "已办"}
    await world.call("cadre", "PUT", f"/problems/{solved['id']}/resolution", done, seen=1)

    assert await listed(world, "cadre", "/problems?mine=true&state=open") == [soon["id"], late["id"]]


async def test_a_branch_that_moves_takes_its_visits_along(world: World) -> None:
    visit = await log(world, 6)
    moved = OrganisationChanged(
        organisation_id=BRANCH, kind="branch", title="演示", parent_id=ELSEWHERE, occurred_on="2023-11-20"
    )
    await follow_members(a_fact(moved, subject=BRANCH, revision=2, path=f"{COUNTY}/{ELSEWHERE}/{BRANCH}"), world.ports)

    assert await listed(world, "stranger") == [visit]
    assert await listed(world, "organiser") == []
