"""ScoreChanged tells the last state of a card once, whatever is repeated or lost in between."""

from datetime import date
from decimal import Decimal

from services.scoring.use_cases.announce_scores import Round, announce_scores
from services.scoring.use_cases.fold_facts import fold_facts
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import derived_id
from tests.unit.scoring.conftest import World, a_posting
from tests.unit.scoring.facts import BRANCH, CADRE, COUNTY, TOWNSHIP, ObligationLife, VisitLife

MONDAY = date(2023, 11, 20)


async def test_a_changed_score_is_announced_with_what_it_is_now(world: World) -> None:
    await world.fold(ObligationLife("problem-deadline", MONDAY, CADRE, BRANCH).open().miss())

    told = {event.standard: event for event in await world.announced()}

    assert (BRANCH, "2023", Decimal("99.50"), None) == (
        told["branch"].organisation_id,
        told["branch"].period,
        told["branch"].items,
        told["branch"].points,
    )
    assert (CADRE, TOWNSHIP, Decimal(-1), Decimal(0)) == (
        told["cadre"].subject_id,
        told["cadre"].organisation_id,
        told["cadre"].items,
        told["cadre"].attainable,
    )


async def test_the_same_state_is_announced_once(world: World) -> None:
    visit = VisitLife("visit").log(MONDAY)
    await world.fold(visit)
    first = await world.announced()
    await world.fold(visit)

    assert len(first) == 1
    assert first == await world.announced()


async def test_many_changes_between_two_rounds_are_one_announcement(world: World) -> None:
    await world.fold(*(VisitLife(f"visit {number}").log(MONDAY) for number in range(5)))

    assert len(await world.announced()) == 1


async def test_an_announcement_lost_before_it_was_noted_is_made_again_with_the_same_id(world: World) -> None:
    await world.fold(VisitLife("visit").log(MONDAY))
    await world.announced()
    world.announcements.sizes.clear()
    await world.fold(VisitLife("visit").log(MONDAY))
    await announce_scores(world.ports)

    [first, second] = world.announcements.facts
    assert first.id == second.id


async def test_a_subject_nobody_knows_yet_waits_until_it_is_known(world: World) -> None:
    newcomer = derived_id("newcomer")
    await world.fold(VisitLife("visit", newcomer).log(MONDAY))

    waiting = await announce_scores(world.ports)
    await fold_facts([a_posting(newcomer, OrganisationPath((COUNTY, TOWNSHIP)))], world.ports)
    known = await announce_scores(world.ports)

    assert (Round(0, 1), Round(1, 0)) == (waiting, known)
