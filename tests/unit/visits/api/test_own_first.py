"""One's own things stand first in a list, and a filter for somebody else is not answered with one's own."""

from collections.abc import Sequence
from typing import Any

import pytest

from shared.kernel.ids import derived_id
from tests.unit.visits.conftest import CADRE, COLLEAGUE, FAR_BRANCH, FAR_CADRE, World, a_problem, a_visit

BOTH = "cadre who leads a far branch"


async def _visits(world: World) -> dict[str, str]:
    """Two visits of the cadre's, two in the far branch he leads, one of a colleague's: by name."""
    rows: tuple[tuple[str, str, Any, dict[str, str]], ...] = (
        ("mine early", "cadre", 6, {}),
        ("far early", "stranger", 7, {"cadre_id": FAR_CADRE, "branch_id": FAR_BRANCH}),
        ("colleague's", "colleague", 8, {"cadre_id": COLLEAGUE}),
        ("mine late", "cadre", 9, {}),
        ("far late", "stranger", 10, {"cadre_id": FAR_CADRE, "branch_id": FAR_BRANCH}),
    )
    for name, who, day, changed in rows:
        form = a_visit(id=derived_id(name), occurred_at=f"2023-11-{day:02d}T09:00:00+08:00", **changed)
        response = await world.call(who, "POST", "/visits", form)
        assert response.status_code == 201, response.text
    return {derived_id(name): name for name, *_ in rows}


async def _problems(world: World) -> dict[str, str]:
    rows: tuple[tuple[str, str, Any, dict[str, str]], ...] = (
        ("far soon", "stranger", "simple", {"cadre_id": FAR_CADRE, "branch_id": FAR_BRANCH}),
        ("mine soon", "cadre", "ordinary", {}),
        ("colleague's", "colleague", "simple", {"cadre_id": COLLEAGUE}),
        ("mine later", "cadre", "complex", {}),
        ("far later", "stranger", "complex", {"cadre_id": FAR_CADRE, "branch_id": FAR_BRANCH}),
    )
    for name, who, problem_class, changed in rows:
        form = a_problem(id=derived_id(name), problem_class=problem_class, **changed)
        response = await world.call(who, "POST", "/problems", form)
        assert response.status_code == 201, response.text
    return {derived_id(name): name for name, *_ in rows}


async def _listed(world: World, who: str, path: str, names: dict[str, str]) -> Sequence[str]:
    response = await world.call(who, "GET", path)
    return [names[item["id"]] for item in response.json()["items"]]


async def test_ones_own_visits_stand_first_then_those_one_oversees(world: World) -> None:
    names = await _visits(world)

    assert await _listed(world, BOTH, "/visits", names) == ["mine late", "mine early", "far late", "far early"]


async def test_ones_own_problems_stand_first_then_those_one_oversees(world: World) -> None:
    names = await _problems(world)

    assert await _listed(world, BOTH, "/problems", names) == ["mine soon", "mine later", "far soon", "far later"]


@pytest.mark.parametrize("path", ["/visits", "/problems"])
@pytest.mark.parametrize("limit", [1, 2, 3])
async def test_pages_go_on_from_ones_own_to_the_others(world: World, path: str, limit: int) -> None:
    names = await (_visits if path == "/visits" else _problems)(world)
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await world.call(BOTH, "GET", f"{path}?limit={limit}{cursor}")).json()
        seen += [names[item["id"]] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"

    assert seen == await _listed(world, BOTH, path, names)
    assert len(seen) == 4


@pytest.mark.parametrize("path", ["/visits", "/problems"])
async def test_mine_leaves_out_what_one_oversees(world: World, path: str) -> None:
    names = await (_visits if path == "/visits" else _problems)(world)

    mine = await _listed(world, BOTH, f"{path}?mine=true", names)

    assert [name.split()[0] for name in mine] == ["mine", "mine"]


@pytest.mark.parametrize("path", ["/visits", "/problems"])
async def test_a_cadre_who_asks_for_a_colleague_sees_nothing_and_not_his_own(world: World, path: str) -> None:
    names = await (_visits if path == "/visits" else _problems)(world)

    of_a_colleague = await _listed(world, "cadre", f"{path}?cadre_id={COLLEAGUE}", names)
    of_himself = await _listed(world, "cadre", f"{path}?cadre_id={CADRE}", names)

    assert (of_a_colleague, len(of_himself)) == ([], 2)


@pytest.mark.parametrize("path", ["/visits", "/problems"])
async def test_who_leads_a_branch_asks_for_one_cadre_of_it_and_for_no_other(world: World, path: str) -> None:
    names = await (_visits if path == "/visits" else _problems)(world)

    of_his_branch = await _listed(world, BOTH, f"{path}?cadre_id={FAR_CADRE}", names)
    of_a_colleague = await _listed(world, BOTH, f"{path}?cadre_id={COLLEAGUE}", names)
    of_himself = await _listed(world, BOTH, f"{path}?cadre_id={CADRE}", names)

    assert (len(of_his_branch), of_a_colleague, len(of_himself)) == (2, [], 2)


@pytest.mark.parametrize("path", ["/visits", "/problems"])
async def test_who_is_nobody_in_person_owns_nothing(world: World, path: str) -> None:
    names = await (_visits if path == "/visits" else _problems)(world)

    assert await _listed(world, "desk of nobody", f"{path}?mine=true", names) == []
    assert len(await _listed(world, "desk of nobody", path, names)) == 3
