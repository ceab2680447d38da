"""Registering organisations, through the front door."""

import asyncio

import pytest

from shared.events.members import OrganisationRegistered
from shared.kernel.ids import derived_id
from tests.unit.members.conftest import (
    BRANCH,
    COUNTY,
    ELSEWHERE,
    GENERAL_BRANCH,
    TOWNSHIP,
    World,
    an_organisation,
)


async def test_a_branch_hangs_where_it_was_registered(world: World) -> None:
    response = await world.call("organiser", "POST", "/organisations", an_organisation(external_code="012"))

    assert response.status_code == 201
    assert response.headers["ETag"] == '"1"'
    assert response.json()["path"] == [COUNTY, TOWNSHIP, derived_id("organisation")]
    fact = world.organisations.facts[-1]
    assert isinstance(fact.event, OrganisationRegistered)
    assert (fact.event.category, fact.event.parent_id, fact.key) == ("village", TOWNSHIP, fact.event.organisation_id)
    assert str(fact.path).endswith(fact.event.organisation_id)


async def test_a_scope_that_names_what_is_registered_opens_no_place_for_it(world: World) -> None:
    before = len(world.facts)
    response = await world.call("newcomer", "POST", "/organisations", an_organisation())

    assert (response.status_code, len(world.facts)) == (404, before)


async def test_the_same_registration_many_times_at_once_is_one(world: World) -> None:
    before = len(world.facts)
    responses = await asyncio.gather(
        *(world.call("organiser", "POST", "/organisations", an_organisation()) for _ in range(10))
    )

    assert {response.status_code for response in responses} == {201}
    assert len(world.facts) == before + 1


async def test_an_id_that_names_another_organisation_is_refused(world: World) -> None:
    response = await world.call("organiser", "POST", "/organisations", an_organisation(id=BRANCH))

    assert (response.status_code, response.json()["field"]) == (409, "id")


async def test_a_code_is_used_once_in_a_county(world: World) -> None:
    await world.call("organiser", "POST", "/organisations", an_organisation(external_code="012"))
    again = an_organisation(id=derived_id("second"), external_code="012", parent_id=ELSEWHERE)

    response = await world.call("stranger", "POST", "/organisations", again)

    assert (response.status_code, response.json()["code"]) == (409, "organisation.code_taken")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"parent_id": derived_id("unheard of")}, "organisation.parent_unknown"),
        ({"parent_id": BRANCH}, "organisation.misplaced"),
        ({"kind": "general_branch", "parent_id": GENERAL_BRANCH, "category": None}, "organisation.misplaced"),
        ({"category": None}, "organisation.category_missing"),
        ({"kind": "general_branch"}, "organisation.category_out_of_place"),
        ({"category": "school"}, "request.invalid"),
        ({"title": " "}, "request.invalid"),
        ({"id": "1"}, "request.invalid"),
    ],
)
async def test_what_does_not_fit_the_tree_is_refused(world: World, changed: dict[str, object], code: str) -> None:
    response = await world.call("organiser", "POST", "/organisations", an_organisation(**changed))

    assert (response.status_code, response.json()["code"]) == (422, code)


@pytest.mark.parametrize(("kind", "category"), [("township", None), ("general_branch", None), ("branch", "village")])
async def test_what_hangs_under_nothing_is_told_to_name_its_parent(
    world: World, kind: str, category: str | None
) -> None:
    form = an_organisation(kind=kind, category=category, parent_id=None)
    response = await world.call("county", "POST", "/organisations", form)

    refusal = response.json()
    assert (response.status_code, refusal["code"], refusal["field"]) == (
        422,
        "organisation.parent_missing",
        "parent_id",
    )


@pytest.mark.parametrize(
    ("who", "changed", "status"),
    [
        ("county", {}, 201),
        ("organiser", {"kind": "township", "parent_id": COUNTY, "category": None}, 404),
        ("organiser", {"parent_id": ELSEWHERE}, 404),
        ("secretary", {}, 403),
        ("administrator", {}, 403),
        ("county", {"kind": "county", "parent_id": None, "category": None}, 404),
    ],
)
async def test_who_may_register_what(world: World, who: str, changed: dict[str, object], status: int) -> None:
    response = await world.call(who, "POST", "/organisations", an_organisation(**changed))

    assert response.status_code == status
