"""Folding learns who is scored, and makes good what a stopped worker left half done."""

from datetime import date

from services.scoring.domain.awards import CardKey
from services.scoring.use_cases.fold_facts import fold_facts
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import derived_id
from tests.unit.scoring.conftest import FAR_CADRE, World, a_posting, an_organisation
from tests.unit.scoring.facts import BRANCH, CADRE, COUNTY, OTHER_CADRE, OTHER_TOWNSHIP, TOWNSHIP, VisitLife

MONDAY = date(2023, 11, 20)


async def test_a_card_missed_by_a_crash_is_made_good_by_redelivery(world: World) -> None:
    visit = VisitLife("visit").log(MONDAY)
    await world.ports.ledger.add([award for fact in visit.facts for award in world.ports.generation.awards(fact)])
    await world.fold(visit)

    key = CardKey("cadre", CADRE, "2023-Q4")
    assert (await world.ports.cards.get([key]))[key].size == 1


async def test_a_branch_that_moved_is_read_by_its_new_overseers(world: World) -> None:
    moved = OrganisationPath((COUNTY, OTHER_TOWNSHIP, BRANCH))
    old = OrganisationPath((COUNTY, TOWNSHIP, BRANCH))
    await fold_facts([an_organisation(BRANCH, "branch", moved, revision=3)], world.ports)
    await fold_facts([an_organisation(BRANCH, "branch", old, revision=2)], world.ports)

    answers = [(await world.get(who, f"/scores/branch/{BRANCH}")).status_code for who in ("organiser", "stranger")]

    assert answers == [404, 200]


async def test_a_cadre_whose_branch_moved_is_read_by_its_new_overseers(world: World) -> None:
    old, moved = (OrganisationPath((COUNTY, township, BRANCH)) for township in (TOWNSHIP, OTHER_TOWNSHIP))
    await fold_facts([an_organisation(BRANCH, "branch", moved, revision=2)], world.ports)
    newcomer = derived_id("posted before the move, known after it")
    await fold_facts([a_posting(newcomer, old)], world.ports)

    for who, alone, listed in (("organiser", 404, {OTHER_CADRE}), ("stranger", 200, {FAR_CADRE, CADRE, newcomer})):
        answers = [(await world.get(who, f"/scores/cadre/{each}")).status_code for each in (CADRE, newcomer)]
        page = await world.read(who, "/scores/cadre")

        assert answers == [alone, alone]
        assert listed == {item["subject_id"] for item in page["items"]}


async def test_facts_before_the_book_are_worth_nothing(world: World) -> None:
    await world.fold(VisitLife("visit").log(date(2022, 12, 31)))

    assert world.ledger.kept == {}
