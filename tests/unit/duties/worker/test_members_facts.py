"""Following the members service: order and repetition change nothing, moves are finished, exemptions follow."""

import random
from datetime import date, timedelta

import pytest

from services.duties.adapters.in_memory import InMemoryWeakOrganisations, in_memory_directory
from services.duties.domain.branch import BranchStructure
from services.duties.domain.roll import Roll
from services.duties.use_cases.ports import Ports
from services.duties.worker.members_facts import on_members_fact
from shared.events import members
from shared.events.base import Event, Fact
from shared.kernel.access import OrganisationPath
from shared.kernel.errors import Unavailable
from shared.kernel.ids import BranchId, MeetingId, OrganisationId, derived_id
from shared.testing.facts import a_fact
from tests.unit.duties.conftest import BRANCH, COUNTY, ELSEWHERE, EXEMPT, TOWNSHIP, World, a_meeting, exempt

HERE, THERE = f"{COUNTY}/{TOWNSHIP}/{BRANCH}", f"{COUNTY}/{ELSEWHERE}/{BRANCH}"
MOVED = members.OrganisationChanged(
    organisation_id=BRANCH, kind="branch", title="演示", parent_id=ELSEWHERE, occurred_on=date(2023, 11, 20)
)
FIRST, LAST = date(2023, 3, 1), date(2023, 11, 15)


def _life() -> list[Fact[Event]]:
    """Somebody joined on probation, became a full member, was exempt for some months, and left."""
    one = {"member_id": "m", "branch_id": BRANCH}
    exemption = {"exemption_id": "e", **one, "starts_on": date(2023, 5, 1), "occurred_on": date(2023, 5, 1)}
    told: tuple[tuple[Event, int], ...] = (
        (members.MemberEnrolled(**one, standing="probationary", occurred_on=FIRST), 1),
        (members.MemberEnrolled(**one, standing="full", occurred_on=date(2023, 4, 1)), 2),
        (members.MembershipEnded(**one, occurred_on=LAST), 3),
        (members.ExemptionGranted(**exemption), 1),
        (members.ExemptionChanged(**exemption, ends_on=date(2023, 7, 31), corrects=()), 2),
    )
    return [
        a_fact(event, subject="e" if "exemption" in event.TYPE else "m", path=HERE, revision=revision)
        for event, revision in told
    ]


async def _learnt(world: World, facts: list[Fact[Event]]) -> dict[date, Roll]:
    ports = Ports(world.meetings, world.weak_organisations, in_memory_directory(), world.clock, world.ports.procedure)
    for fact in facts:
        await on_members_fact(ports)(fact)
    days = (date(2023, 2, 28), FIRST, date(2023, 4, 1), date(2023, 5, 1), LAST, LAST + timedelta(days=1))
    return {day: await ports.directory.roll(BranchId(BRANCH), day) for day in days}


async def test_a_members_life_is_told_day_by_day(world: World) -> None:
    rolls = list((await _learnt(world, _life())).values())

    assert [list(roll.members.values()) for roll in rolls] == [[], ["probationary"], ["full"], ["full"], ["full"], []]
    assert [len(roll.exempt) for roll in rolls] == [0, 0, 0, 1, 0, 0]


@pytest.mark.parametrize("seed", range(8))
async def test_facts_in_any_order_and_twice_end_in_the_same_knowledge(world: World, seed: int) -> None:
    facts = [*_life(), *_life()]
    random.Random(seed).shuffle(facts)  # noqa: S311 - only an order

    assert await _learnt(world, facts) == await _learnt(world, _life())


async def test_an_exemption_withdrawn_is_none(world: World) -> None:
    await exempt(world, members.ExemptionWithdrawn, revision=2)
    roll = await world.ports.directory.roll(BranchId(BRANCH), date(2023, 11, 20))

    assert EXEMPT in roll.expected


async def test_a_branch_that_moves_takes_its_meetings_along(world: World) -> None:
    await world.call("organiser", "POST", "/meetings", a_meeting())
    await world.learn(MOVED, subject=BRANCH, path=THERE, revision=3)
    await world.learn(MOVED, subject=BRANCH, path=HERE, revision=2)
    meeting = await world.meetings.get(MeetingId(a_meeting()["id"]))
    there, here = [await world.call(who, "GET", "/meetings") for who in ("stranger", "organiser")]

    assert str(meeting.path) == THERE
    assert (len(there.json()["items"]), here.json()["items"]) == (1, [])


async def test_a_move_cut_short_is_finished_when_the_fact_comes_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    weak = {"id": derived_id("w"), "organisation_id": BRANCH, "listed_on": "2023-11-01", "ground": "换届不及时"}
    await world.call("county", "POST", "/weak-organisations", weak)

    async def away(_self: InMemoryWeakOrganisations, _id: OrganisationId, _path: OrganisationPath) -> None:
        raise Unavailable("mongodb")

    with monkeypatch.context() as broken:
        broken.setattr(InMemoryWeakOrganisations, "moved", away)
        with pytest.raises(Unavailable):
            await world.learn(MOVED, subject=BRANCH, path=THERE, revision=2)
    await world.learn(MOVED, subject=BRANCH, path=THERE, revision=2)

    assert (await world.call("stranger", "GET", "/weak-organisations")).json()["items"] != []


async def test_a_meeting_repeated_after_a_move_that_was_missed_mends_it(world: World) -> None:
    """Who stored it died before he looked again, and it was sent once more."""
    await world.call("organiser", "POST", "/meetings", a_meeting())
    structure = BranchStructure(2, date(2023, 11, 20), has_committee=True, has_groups=True)
    await world.ports.directory.learn_organisation(
        OrganisationId(BRANCH), OrganisationPath.parse(THERE), structure, kind="branch"
    )
    again = await world.call("stranger", "POST", "/meetings", a_meeting())

    assert again.status_code == 201
    assert str((await world.meetings.get(MeetingId(a_meeting()["id"]))).path) == THERE
