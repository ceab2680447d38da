"""A listing that was withdrawn forbids no star, in whatever order that was learnt."""

from datetime import date
from itertools import permutations

import pytest

from services.scoring.use_cases.fold_facts import fold_facts
from shared.events.base import Correction, Event, Fact
from shared.events.duties import WeakOrganisationAccepted, WeakOrganisationListed, WeakOrganisationWithdrawn
from shared.kernel.ids import derived_id
from tests.unit.scoring.conftest import World
from tests.unit.scoring.facts import BRANCH, a_fact
from tests.unit.scoring.lives import ListingLife

LISTED_ON, ACCEPTED_ON = date(2023, 6, 1), date(2024, 2, 1)
PASSPORT = f"/scores/branch/{BRANCH}/passport/printed?period=2023"


def _withdrawn(taken_back: str, revision: int) -> WeakOrganisationWithdrawn:
    return WeakOrganisationWithdrawn(
        listing_id=derived_id("listing", "one"),
        organisation_id=BRANCH,
        listed_on=LISTED_ON,
        occurred_on=LISTED_ON,
        corrects=(Correction(type=taken_back, revision=revision, day=LISTED_ON),),
    )


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_a_listing_accepted_and_withdrawn_lasts_no_longer(world: World, order: tuple[int, ...]) -> None:
    life = ListingLife("one").listed(LISTED_ON).accepted(LISTED_ON, ACCEPTED_ON)
    before = await _said_after(world, [life.facts[0]])
    withdrawn = a_fact(_withdrawn(WeakOrganisationAccepted.TYPE, 2), derived_id("listing", "one"), 3)
    facts = [*life.facts, withdrawn]

    assert "自2023年6月1日起" in before
    assert "自2023年6月1日起" not in await _said_after(world, [facts[number] for number in order])


async def test_a_listing_withdrawn_while_it_was_open_lasts_no_longer(world: World) -> None:
    life = ListingLife("one").listed(LISTED_ON)
    withdrawn = a_fact(_withdrawn(WeakOrganisationListed.TYPE, 1), derived_id("listing", "one"), 2)

    assert "自2023年6月1日起" not in await _said_after(world, [withdrawn, *life.facts])


async def _said_after(world: World, facts: list[Fact[Event]]) -> str:
    await fold_facts(facts, world.ports)
    return str((await world.get("organiser", PASSPORT)).text)
