"""Exemptions from attendance (免于考勤), through the front door."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.members.domain.exemption import Exemption
from shared.events.members import ExemptionChanged, ExemptionGranted, ExemptionWithdrawn, MemberEnrolled
from shared.kernel.access import OrganisationPath, Role
from shared.kernel.ids import derived_id
from shared.testing.access import a_caller
from tests.unit.members.conftest import (
    BRANCH,
    COUNTY,
    ELSEWHERE,
    FAR_BRANCH,
    GENERAL_BRANCH,
    MEMBER,
    World,
    a_change,
    a_disposal,
    a_member,
    an_exemption,
)

EXEMPTION = f"/exemptions/{an_exemption()['id']}"
ANOTHER = derived_id("another exemption")
BRANCH_SECRETARY = str(a_caller(Role.BRANCH_SECRETARY, BRANCH).person_id)
TO_NOVEMBER = {"ends_on": "2023-11-30"}


async def _granted(world: World, who: str = "branch secretary", **changed: Any) -> Any:
    await world.call("organiser", "POST", "/members", a_member())
    return await world.call(who, "POST", "/exemptions", an_exemption(**changed))


async def test_an_enrolment_names_the_person(world: World) -> None:
    await world.call("organiser", "POST", "/members", a_member())
    (event,) = world.members.events

    assert isinstance(event, MemberEnrolled)
    assert event.person_id == MEMBER


@pytest.mark.parametrize("who", ["branch secretary", "organiser", "secretary"])
async def test_the_branchs_secretary_and_the_desk_grant_it(world: World, who: str) -> None:
    response = await _granted(world, who)
    (fact,) = world.exemptions.facts

    assert (response.status_code, response.headers["ETag"]) == (201, '"1"')
    assert isinstance(fact.event, ExemptionGranted)
    assert (fact.key, fact.event.member_id, fact.event.day) == (BRANCH, a_member()["id"], date(2023, 11, 1))


async def test_the_fact_never_says_why(world: World) -> None:
    await _granted(world)
    (event,) = world.exemptions.events

    assert "illness" not in event.model_dump_json()


async def test_one_granted_ahead_is_a_fact_of_today(world: World) -> None:
    await _granted(world, starts_on="2024-01-01")

    assert world.exemptions.events[0].day == date(2023, 11, 20)


async def test_the_same_exemption_twice_is_one(world: World) -> None:
    first = await _granted(world)
    again = await world.call("branch secretary", "POST", "/exemptions", an_exemption())
    other = await world.call("branch secretary", "POST", "/exemptions", an_exemption(ground="age"))

    assert (again.status_code, again.json()) == (201, first.json())
    assert (other.status_code, other.json()["field"]) == (409, "id")


async def test_an_exemption_is_ended_opened_again_and_withdrawn(world: World) -> None:
    await _granted(world)
    ended = await world.call("branch secretary", "PUT", EXEMPTION, TO_NOVEMBER, seen=1)
    again = await world.call("branch secretary", "PUT", EXEMPTION, TO_NOVEMBER, seen=1)
    stale = await world.call("branch secretary", "PUT", EXEMPTION, {"ends_on": None}, seen=1)
    opened = await world.call("branch secretary", "PUT", EXEMPTION, {"ends_on": None}, seen=2)
    unseen = await world.call("organiser", "PUT", f"{EXEMPTION}/withdrawal", seen=1)
    withdrawn = await world.call("organiser", "PUT", f"{EXEMPTION}/withdrawal", seen=3)
    once_more = await world.call("organiser", "PUT", f"{EXEMPTION}/withdrawal", seen=3)
    too_late = await world.call("organiser", "PUT", EXEMPTION, TO_NOVEMBER, seen=4)
    trail = (await world.call("organiser", "GET", EXEMPTION)).json()["trail"]

    assert [each.status_code for each in (ended, stale, opened, unseen, withdrawn)] == [200, 412, 200, 412, 200]
    assert (again.json(), once_more.json()) == (ended.json(), withdrawn.json())
    assert (opened.json()["ends_on"], withdrawn.json()["withdrawn"]) == (None, True)
    assert (too_late.status_code, too_late.json()["code"]) == (409, "exemption.withdrawn")
    assert [type(event) for event in world.exemptions.events] == [
        ExemptionGranted,
        ExemptionChanged,
        ExemptionChanged,
        ExemptionWithdrawn,
    ]
    assert [entry["what"] for entry in trail] == ["granted", "changed", "changed", "withdrawn"]


@pytest.mark.parametrize(
    ("who", "status", "ground"),
    [
        ("organiser", 200, "illness"),
        ("secretary", 200, "illness"),
        ("branch secretary", 200, "illness"),
        ("member", 200, None),
        ("other member", 404, None),
        ("cadre", 404, None),
        ("stranger", 404, None),
        ("county", 403, None),
        ("supervisor", 403, None),
        ("administrator", 403, None),
    ],
)
async def test_the_ground_is_for_the_desk_and_the_branchs_secretary(
    world: World, who: str, status: int, ground: str | None
) -> None:
    await _granted(world)
    response = await world.call(who, "GET", EXEMPTION)

    assert (response.status_code, response.json().get("ground")) == (status, ground)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"member_id": derived_id("unheard of")}, (404, "member.unknown", "member_id")),
        ({"ends_on": "2023-10-31"}, (422, "absence.backwards", "ends_on")),
        ({"starts_on": "2019-06-30"}, (422, "exemption.before_joining", "starts_on")),
        ({"ground": "tired"}, (422, "request.invalid", None)),
    ],
)
async def test_what_is_no_exemption_is_refused(
    world: World, changed: dict[str, str], refusal: tuple[int, str, str | None]
) -> None:
    response = await _granted(world, **changed)
    answer = response.json()

    assert (response.status_code, answer["code"]) == refusal[:2]
    assert answer.get("field") == refusal[2] or refusal[2] is None
    assert world.exemptions.facts == []


async def test_a_member_of_another_township_is_unknown(world: World) -> None:
    await world.call("stranger", "POST", "/members", a_member(branch_id=FAR_BRANCH))
    response = await world.call("organiser", "POST", "/exemptions", an_exemption())

    assert (response.status_code, response.json()["code"]) == (404, "member.unknown")


@pytest.mark.parametrize(("starts_on", "status"), [("2023-11-01", 201), ("2023-11-02", 422)])
async def test_who_is_no_member_any_more_was_exempt_before_that_at_most(
    world: World, starts_on: str, status: int
) -> None:
    await world.call("organiser", "POST", "/members", a_member())
    await world.call("secretary", "POST", "/disposals", a_disposal())
    response = await world.call("organiser", "POST", "/exemptions", an_exemption(starts_on=starts_on))

    assert response.status_code == status


async def test_a_member_is_exempt_once_on_a_day(world: World) -> None:
    await _granted(world, ends_on="2023-11-10")
    overlapping = await world.call("organiser", "POST", "/exemptions", an_exemption(id=ANOTHER, starts_on="2023-11-10"))
    following = await world.call("organiser", "POST", "/exemptions", an_exemption(id=ANOTHER, starts_on="2023-11-11"))
    opened = await world.call("organiser", "PUT", EXEMPTION, {"ends_on": None}, seen=1)

    assert (overlapping.status_code, overlapping.json()["code"]) == (409, "exemption.overlaps")
    assert an_exemption()["id"] in overlapping.json()["detail"]
    assert following.status_code == 201
    assert (opened.status_code, opened.json()["code"]) == (409, "exemption.runs_into_next")
    assert (opened.json()["field"], ANOTHER in opened.json()["detail"]) == ("ends_on", True)
    assert "2023-11-11" in opened.json()["detail"]


@pytest.mark.parametrize(("starts_on", "status"), [("2023-10-21", 201), ("2023-10-20", 403), ("2020-01-01", 403)])
async def test_a_branchs_secretary_exempts_from_thirty_days_ago_on(world: World, starts_on: str, status: int) -> None:
    response = await _granted(world, starts_on=starts_on)
    desk = await _granted(world, "organiser", starts_on=starts_on)

    assert (response.status_code, desk.status_code) == (status, 201)
    if status == 403:
        assert (response.json()["code"], response.json()["field"]) == ("exemption.reaches_far_back", "starts_on")
        assert "30 天" in response.json()["detail"]


async def test_what_an_old_exemption_says_of_old_days_is_for_the_desk(world: World) -> None:
    await _granted(world, "organiser", starts_on="2023-01-01")
    far_back = await world.call("branch secretary", "PUT", EXEMPTION, {"ends_on": "2023-10-19"}, seen=1)
    withdrawn = await world.call("branch secretary", "PUT", f"{EXEMPTION}/withdrawal", seen=1)
    recent = await world.call("branch secretary", "PUT", EXEMPTION, {"ends_on": "2023-10-20"}, seen=1)
    desk = await world.call("organiser", "PUT", f"{EXEMPTION}/withdrawal", seen=2)

    assert (far_back.json()["code"], far_back.json()["field"]) == ("exemption.reaches_far_back", "ends_on")
    assert (withdrawn.json()["code"], withdrawn.json()["field"]) == ("exemption.reaches_far_back", "starts_on")
    assert (recent.status_code, desk.status_code) == (200, 200)


async def test_whose_person_is_not_known_the_desk_exempts(world: World) -> None:
    """The branch's secretary might be letting off himself."""
    await world.call("organiser", "POST", "/members", a_member(person_id=None))
    own = await world.call("branch secretary", "POST", "/exemptions", an_exemption())
    granted = await world.call("organiser", "POST", "/exemptions", an_exemption())
    changed = await world.call("branch secretary", "PUT", EXEMPTION, TO_NOVEMBER, seen=1)
    withdrawn = await world.call("branch secretary", "PUT", f"{EXEMPTION}/withdrawal", seen=1)

    answers = [(each.status_code, each.json()["code"]) for each in (own, changed, withdrawn)]
    assert answers == [(403, "exemption.person_unknown")] * 3
    assert "请由组织委员办理" in own.json()["detail"]
    assert granted.status_code == 201


async def test_nobody_exempts_himself(world: World) -> None:
    await world.call("organiser", "POST", "/members", a_member(person_id=BRANCH_SECRETARY))
    own = await world.call("branch secretary", "POST", "/exemptions", an_exemption())
    await world.call("organiser", "POST", "/exemptions", an_exemption())
    changed = await world.call("branch secretary", "PUT", EXEMPTION, TO_NOVEMBER, seen=1)
    withdrawn = await world.call("branch secretary", "PUT", f"{EXEMPTION}/withdrawal", seen=1)

    answers = [(each.status_code, each.json()["code"]) for each in (own, changed, withdrawn)]
    assert answers == [(403, "absence.own")] * 3


@pytest.mark.parametrize("who", ["member", "cadre", "county", "supervisor"])
async def test_others_grant_none(world: World, who: str) -> None:
    assert (await _granted(world, who)).status_code == 403


async def test_lists_begin_with_ones_own_and_pages_go_on(world: World) -> None:
    people = [MEMBER, BRANCH_SECRETARY, None]
    for number, person in enumerate(people):
        await world.call("organiser", "POST", "/members", a_member(id=derived_id("m", number), person_id=person))
        form = an_exemption(
            id=derived_id("e", number), member_id=derived_id("m", number), starts_on=f"2023-11-0{number + 1}"
        )
        assert (await world.call("organiser", "POST", "/exemptions", form)).status_code == 201
    ids = [derived_id("e", number) for number in range(3)]

    async def listed(who: str, query: str = "") -> list[str]:
        page = (await world.call(who, "GET", f"/exemptions{query}")).json()
        return [item["id"] for item in page["items"]]

    assert await listed("branch secretary") == [ids[1], ids[2], ids[0]]
    assert await listed("organiser", f"?branch_id={BRANCH}") == [ids[2], ids[1], ids[0]]
    assert await listed("organiser", f"?branch_id={FAR_BRANCH}") == []
    assert await listed("member") == [ids[0]]
    assert await listed("branch secretary", "?mine=true") == [ids[1]]
    assert await listed("stranger") == []
    first = (await world.call("branch secretary", "GET", "/exemptions?limit=1")).json()
    assert await listed("branch secretary", f"?cursor={first['next']}") == [ids[2], ids[0]]


async def test_a_branch_that_moves_takes_its_exemptions_along(world: World) -> None:
    await _granted(world)
    general = a_change(title="总支", category=None, parent_id=ELSEWHERE)
    await world.call("county", "PUT", f"/organisations/{GENERAL_BRANCH}", general, seen=1)

    assert (await world.call("stranger", "GET", EXEMPTION)).status_code == 200
    assert (await world.call("organiser", "GET", EXEMPTION)).status_code == 404


async def test_who_stored_it_at_an_old_place_and_died_repeats_and_finds_it_at_the_new(world: World) -> None:
    await _granted(world)
    things: dict[str, Exemption] = world.exemptions.things
    here = things[an_exemption()["id"]].path
    there = OrganisationPath.parse(f"{COUNTY}/{ELSEWHERE}/{BRANCH}")
    things[an_exemption()["id"]] = replace(things[an_exemption()["id"]], path=there)
    response = await world.call("organiser", "POST", "/exemptions", an_exemption())

    assert response.status_code == 201
    assert things[an_exemption()["id"]].path == here
