"""A listing that was wrong, or whose acceptance was, is withdrawn and what was really so listed anew."""

from datetime import date

import pytest

from shared.events.base import Correction
from shared.events.duties import WeakOrganisationAccepted, WeakOrganisationListed, WeakOrganisationWithdrawn
from shared.events.members import HistorySpanClosed, HistorySpanDeclared, OrganisationChanged
from shared.kernel.ids import derived_id
from tests.unit.duties.conftest import BRANCH, COUNTY, ELSEWHERE, GENERAL_BRANCH, World, a_listing, enter_history

WEAK = "/weak-organisations"
LISTING = f"{WEAK}/{a_listing()['id']}"


async def _listed(world: World, **changed: str) -> None:
    assert (await world.call("county", "POST", WEAK, a_listing(**changed))).status_code == 201


async def test_a_listing_withdrawn_is_no_more(world: World) -> None:
    await _listed(world)
    withdrawn = await world.call("county", "PUT", f"{LISTING}/withdrawal", seen=1)
    again = await world.call("county", "PUT", f"{LISTING}/withdrawal", seen=1)
    still_under = await world.call("county", "GET", f"{WEAK}?is_open=true")
    seen = await world.call("county", "GET", LISTING)

    assert (withdrawn.status_code, withdrawn.json()["withdrawn"], again.json()) == (200, True, withdrawn.json())
    assert still_under.json()["items"] == []
    assert [entry["what"] for entry in seen.json()["trail"]] == ["listed", "withdrawn"]
    assert world.weak_organisations.events[1:] == [
        WeakOrganisationWithdrawn(
            listing_id=a_listing()["id"],
            organisation_id=GENERAL_BRANCH,
            listed_on=date(2023, 11, 1),
            occurred_on=date(2023, 11, 1),
            corrects=(Correction(type=WeakOrganisationListed.TYPE, revision=1, day=date(2023, 11, 1)),),
        )
    ]


async def test_a_wrong_acceptance_is_withdrawn_with_its_listing_and_both_said_anew(world: World) -> None:
    await _listed(world)
    await world.call("county", "PUT", f"{LISTING}/acceptance", {"accepted_on": "2023-11-19"}, seen=1)
    await world.call("county", "PUT", f"{LISTING}/withdrawal", seen=2)
    withdrawn = world.weak_organisations.events[-1]
    await _listed(world, id=derived_id("anew"))
    accepted = await world.call(
        "county", "PUT", f"{WEAK}/{derived_id('anew')}/acceptance", {"accepted_on": "2023-11-10"}, seen=1
    )

    assert isinstance(withdrawn, WeakOrganisationWithdrawn)
    assert withdrawn.corrects == (Correction(type=WeakOrganisationAccepted.TYPE, revision=2, day=date(2023, 11, 1)),)
    assert accepted.status_code == 200


async def test_what_was_withdrawn_is_not_accepted(world: World) -> None:
    await _listed(world)
    await world.call("county", "PUT", f"{LISTING}/withdrawal", seen=1)
    refused = await world.call("county", "PUT", f"{LISTING}/acceptance", {"accepted_on": "2023-11-19"}, seen=2)

    assert (refused.status_code, refused.json()["code"]) == (409, "weak_organisation.withdrawn")


async def test_who_withdraws_what_somebody_else_changed_reads_it_first(world: World) -> None:
    await _listed(world)
    await world.call("county", "PUT", f"{LISTING}/acceptance", {"accepted_on": "2023-11-19"}, seen=1)

    assert (await world.call("county", "PUT", f"{LISTING}/withdrawal", seen=1)).status_code == 412


async def test_what_a_closed_span_holds_is_not_withdrawn_wherever_the_organisation_hangs_now(world: World) -> None:
    await enter_history(world, HistorySpanDeclared)
    await _listed(world, listed_on="2023-08-01")
    await enter_history(world, HistorySpanClosed)
    here = await world.call("county", "PUT", f"{LISTING}/withdrawal", seen=1)
    moved = OrganisationChanged(
        organisation_id=GENERAL_BRANCH, kind="general_branch", title="演示", occurred_on=date(2023, 11, 20)
    )
    await world.learn(moved, subject=GENERAL_BRANCH, path=f"{COUNTY}/{ELSEWHERE}/{GENERAL_BRANCH}", revision=2)
    there = await world.call("county", "PUT", f"{LISTING}/withdrawal", seen=1)

    assert [answer.json()["code"] for answer in (here, there)] == ["history_span.closed"] * 2


@pytest.mark.parametrize("who", ["organiser", "secretary", "branch secretary"])
async def test_nobody_but_the_county_withdraws(world: World, who: str) -> None:
    await _listed(world, organisation_id=BRANCH)

    assert (await world.call(who, "PUT", f"{LISTING}/withdrawal", seen=1)).status_code == 403


async def test_the_list_is_narrowed_to_one_organisation(world: World) -> None:
    own = a_listing(id=derived_id("own"), organisation_id=BRANCH)
    await _listed(world)
    await _listed(world, **own)
    listed = await world.call("county", "GET", f"{WEAK}?organisation_id={GENERAL_BRANCH}")

    assert [item["id"] for item in listed.json()["items"]] == [a_listing()["id"]]
