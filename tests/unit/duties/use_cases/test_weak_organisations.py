"""An organisation is listed as weak and its rectification accepted, through the front door."""

import asyncio
from datetime import date

import pytest

from services.duties.adapters.in_memory import InMemoryWeakOrganisations
from shared.events.base import Correction
from shared.events.duties import WeakOrganisationAccepted, WeakOrganisationListed
from shared.events.members import HistorySpanClosed, HistorySpanDeclared, OrganisationChanged
from shared.kernel.ids import ListingId, derived_id
from tests.unit.duties.conftest import (
    BRANCH,
    COUNTY,
    ELSEWHERE,
    GENERAL_BRANCH,
    TOWNSHIP,
    World,
    a_listing,
    enter_history,
)

WEAK = "/weak-organisations"
LISTING = f"{WEAK}/{a_listing()['id']}"


async def test_the_county_lists_an_organisation_and_accepts_its_rectification(world: World) -> None:
    listed = await world.call("county", "POST", WEAK, a_listing())
    accepted = await world.call("county", "PUT", f"{LISTING}/acceptance", {"accepted_on": "2023-11-20"}, seen=1)
    again = await world.call("county", "PUT", f"{LISTING}/acceptance", {"accepted_on": "2023-11-20"}, seen=1)
    seen = await world.call("organiser", "GET", LISTING)

    assert (listed.status_code, accepted.status_code, again.json()) == (201, 200, accepted.json())
    assert (seen.json()["accepted_on"], [entry["what"] for entry in seen.json()["trail"]]) == (
        "2023-11-20",
        ["listed", "accepted"],
    )
    ids = {"listing_id": a_listing()["id"], "organisation_id": GENERAL_BRANCH, "listed_on": date(2023, 11, 1)}
    assert world.weak_organisations.events == [
        WeakOrganisationListed(**ids, occurred_on=date(2023, 11, 1)),
        WeakOrganisationAccepted(
            **ids,
            occurred_on=date(2023, 11, 20),
            corrects=(Correction(type=WeakOrganisationListed.TYPE, revision=1, day=date(2023, 11, 1)),),
        ),
    ]


async def test_an_organisation_is_listed_once_until_it_is_accepted(world: World) -> None:
    await world.call("county", "POST", WEAK, a_listing())
    another = a_listing(id=derived_id("another"), listed_on="2023-11-20")
    refused = await world.call("county", "POST", WEAK, another)
    await world.call("county", "PUT", f"{LISTING}/acceptance", {"accepted_on": "2023-11-19"}, seen=1)
    relapsed = await world.call("county", "POST", WEAK, another)
    still_under = await world.call("county", "GET", f"{WEAK}?is_open=true")

    assert (refused.status_code, refused.json()["code"]) == (409, "weak_organisation.already_listed")
    assert relapsed.status_code == 201
    assert [item["id"] for item in still_under.json()["items"]] == [another["id"]]


async def test_the_same_request_many_times_at_once_lists_once(world: World) -> None:
    answers = await asyncio.gather(*(world.call("county", "POST", WEAK, a_listing()) for _ in range(10)))

    assert {answer.status_code for answer in answers} == {201}
    assert world.published == ["WeakOrganisationListed"]


@pytest.mark.parametrize("organisation", [TOWNSHIP, COUNTY, derived_id("unheard of")])
async def test_only_a_branch_or_general_branch_that_is_known_is_listed(world: World, organisation: str) -> None:
    response = await world.call("county", "POST", WEAK, a_listing(organisation_id=organisation))

    assert (response.status_code, response.json()["code"]) == (422, "organisation.unknown")


async def test_days_follow_one_another(world: World) -> None:
    later = await world.call("county", "POST", WEAK, a_listing(listed_on="2023-11-21"))
    await world.call("county", "POST", WEAK, a_listing())
    acceptances = [
        await world.call("county", "PUT", f"{LISTING}/acceptance", {"accepted_on": day}, seen=1)
        for day in ("2023-10-31", "2023-11-21")
    ]

    assert (later.status_code, later.json()["field"]) == (422, "listed_on")
    assert [(answer.status_code, answer.json()["field"]) for answer in acceptances] == [(422, "accepted_on")] * 2


async def test_an_organisation_is_listed_anew_only_after_the_acceptance_before(world: World) -> None:
    await world.call("county", "POST", WEAK, a_listing())
    await world.call("county", "PUT", f"{LISTING}/acceptance", {"accepted_on": "2023-11-10"}, seen=1)
    answers = [
        await world.call("county", "POST", WEAK, a_listing(id=derived_id(day), listed_on=day))
        for day in ("2023-11-10", "2023-11-11")
    ]

    assert [answer.status_code for answer in answers] == [422, 201]
    told = answers[0].json()
    assert (told["code"], told["field"]) == ("weak_organisation.listed_before_acceptance", "listed_on")
    assert "2023-11-10" in told["detail"]


async def test_before_go_live_an_organisation_is_listed_in_an_open_span_alone(world: World) -> None:
    in_the_span = a_listing(id=derived_id("span"), listed_on="2023-08-01")
    long_ago = await world.call("county", "POST", WEAK, a_listing(listed_on="1999-01-01"))
    await enter_history(world, HistorySpanDeclared)
    accepted = await world.call("county", "POST", WEAK, in_the_span)
    await enter_history(world, HistorySpanClosed)
    branch = {"id": derived_id("branch's"), "organisation_id": BRANCH}
    closed = await world.call("county", "POST", WEAK, in_the_span | branch)
    acceptance = f"{WEAK}/{in_the_span['id']}/acceptance"
    into_it = await world.call("county", "PUT", acceptance, {"accepted_on": "2023-09-01"}, seen=1)
    after_it = await world.call("county", "PUT", acceptance, {"accepted_on": "2023-11-01"}, seen=1)

    assert (long_ago.status_code, long_ago.json()["code"]) == (422, "township.not_live")
    assert accepted.status_code == 201
    assert (closed.json()["code"], closed.json()["field"]) == ("history_span.closed", "listed_on")
    assert (into_it.json()["code"], into_it.json()["field"]) == ("history_span.closed", "accepted_on")
    assert after_it.status_code == 200


async def test_an_accepted_rectification_is_not_accepted_again(world: World) -> None:
    await world.call("county", "POST", WEAK, a_listing())
    await world.call("county", "PUT", f"{LISTING}/acceptance", {"accepted_on": "2023-11-19"}, seen=1)
    stale = await world.call("county", "PUT", f"{LISTING}/acceptance", {"accepted_on": "2023-11-20"}, seen=1)
    refused = await world.call("county", "PUT", f"{LISTING}/acceptance", {"accepted_on": "2023-11-20"}, seen=2)

    assert (stale.status_code, refused.status_code) == (412, 409)
    assert "2023-11-19" in refused.json()["detail"]


@pytest.mark.parametrize("who", ["organiser", "secretary", "branch secretary", "supervisor"])
async def test_nobody_but_the_county_lists(world: World, who: str) -> None:
    assert (await world.call(who, "POST", WEAK, a_listing())).status_code == 403


async def test_no_fact_carries_the_ground(world: World) -> None:
    await world.call("county", "POST", WEAK, a_listing())

    assert "组织生活" not in world.weak_organisations.events[0].model_dump_json()


async def test_a_branch_secretary_sees_the_listing_of_his_own_branch_alone(world: World) -> None:
    await world.call("county", "POST", WEAK, a_listing())
    own = a_listing(id=derived_id("own"), organisation_id=BRANCH)
    await world.call("county", "POST", WEAK, own)
    listed = await world.call("branch secretary", "GET", WEAK)
    other = await world.call("branch secretary", "GET", LISTING)

    assert [item["id"] for item in listed.json()["items"]] == [own["id"]]
    assert other.status_code == 404


async def test_a_listing_stored_after_its_organisation_moved_ends_where_that_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = f"{COUNTY}/{ELSEWHERE}/{GENERAL_BRANCH}"
    save = InMemoryWeakOrganisations.save

    async def save_late(self: InMemoryWeakOrganisations, *saved: object) -> None:
        moved = OrganisationChanged(
            organisation_id=GENERAL_BRANCH, kind="general_branch", title="演示", occurred_on=date(2023, 11, 20)
        )
        await world.learn(moved, subject=GENERAL_BRANCH, path=there, revision=2)
        await save(self, *saved)  # type: ignore[arg-type]

    monkeypatch.setattr(InMemoryWeakOrganisations, "save", save_late)
    response = await world.call("county", "POST", WEAK, a_listing())

    assert response.status_code == 201
    assert str((await world.weak_organisations.get(ListingId(a_listing()["id"]))).path) == there
