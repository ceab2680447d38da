"""The tree: one suite for the in-memory store and the real one."""

import asyncio
from dataclasses import replace

import pytest

from services.members.domain.organisation import Organisation
from services.members.domain.refusals import CodeTaken
from services.members.use_cases.ports import OrganisationListing
from shared.kernel.errors import AlreadyThere, Stale
from shared.kernel.ids import new_id
from tests.contract.members.conftest import DAY, Stores, a_member, a_posting, a_township, registered


async def test_ids_and_codes_are_taken_once(stores: Stores) -> None:
    township = await a_township(stores)
    branch = await registered(stores, "branch", township, external_code="012")
    fact = branch.change(features=branch.features, parent=township, on=DAY)[1]

    with pytest.raises(AlreadyThere):
        await stores.ports.organisations.register(branch, township, fact)
    with pytest.raises(CodeTaken):
        await registered(stores, "branch", township, external_code="012")
    assert (await registered(stores, "branch", await a_township(stores), external_code="012")).revision == 1


async def test_a_code_may_not_be_changed_into_one_that_is_taken(stores: Stores) -> None:
    township = await a_township(stores)
    await registered(stores, "branch", township, external_code="012")
    other = await registered(stores, "branch", township)
    changed = other.change(features=replace(other.features, external_code="012"), parent=township, on=DAY)

    with pytest.raises(CodeTaken):
        await stores.ports.organisations.change([changed], township)
    assert await stores.ports.organisations.find(other.id) == other


async def test_what_moves_takes_all_below_it_along(stores: Stores) -> None:
    ports = stores.ports
    county = await registered(stores, "county")
    old, new = await registered(stores, "township", county), await registered(stores, "township", county)
    general = await registered(stores, "general_branch", old)
    branch = await registered(stores, "branch", general)
    member, posting = a_member(branch), a_posting(branch)
    await ports.members.save(member, member.enrolled())
    await ports.postings.save(posting, posting.started(today=DAY))
    moved = general.change(features=general.features, parent=new, on=DAY)
    followed = [below.follow(moved[0], general.path, DAY) for below in await ports.organisations.below(general.id)]
    await ports.organisations.change([moved, *followed], new)
    path = new.path / general.id / branch.id

    assert (await ports.organisations.find(branch.id)) == replace(branch, path=path, revision=2)
    assert (await ports.members.find(member.id)) == replace(member, path=path)
    assert (await ports.postings.find(posting.id)) == replace(posting, path=path)
    assert await ports.organisations.below(old.id) == []


async def test_a_move_is_all_or_nothing(stores: Stores) -> None:
    ports = stores.ports
    county = await registered(stores, "county")
    old, new = await registered(stores, "township", county), await registered(stores, "township", county)
    general = await registered(stores, "general_branch", old)
    branch = await registered(stores, "branch", general)
    moved = general.change(features=general.features, parent=new, on=DAY)
    follower, fact = branch.follow(moved[0], general.path, DAY)
    before = await stores.waiting()

    with pytest.raises(Stale):
        await ports.organisations.change([moved, (replace(follower, revision=7), fact)], new)
    assert await ports.organisations.find(general.id) == general
    assert await stores.waiting() == before


async def test_nothing_is_hung_under_what_has_moved_meanwhile(stores: Stores) -> None:
    ports = stores.ports
    county = await registered(stores, "county")
    old, new = await registered(stores, "township", county), await registered(stores, "township", county)
    general = await registered(stores, "general_branch", old)
    await ports.organisations.change([general.change(features=general.features, parent=new, on=DAY)], new)

    with pytest.raises(Stale):
        await registered(stores, "branch", general)


async def test_what_was_hung_there_since_the_mover_looked_is_not_left_behind(stores: Stores) -> None:
    """The branch was registered after the mover had read what hangs below, and before he wrote."""
    ports = stores.ports
    county = await registered(stores, "county")
    old, new = await registered(stores, "township", county), await registered(stores, "township", county)
    general = await registered(stores, "general_branch", old)
    await registered(stores, "branch", general)
    before = await stores.waiting()

    with pytest.raises(Stale):
        await ports.organisations.change([general.change(features=general.features, parent=new, on=DAY)], new)
    assert await ports.organisations.find(general.id) == general
    assert await stores.waiting() == before


async def test_many_at_once_under_one_parent_all_arrive(stores: Stores) -> None:
    township = await a_township(stores)

    await asyncio.gather(*(registered(stores, "branch", township) for _ in range(25)))

    assert len(await stores.ports.organisations.below(township.id)) == 25


async def test_ones_own_organisations_come_first_and_pages_go_on(stores: Stores) -> None:
    ports = stores.ports
    township = await a_township(stores)
    branches = [await registered(stores, "branch", township, external_code=f"{i:03}") for i in range(5)]
    plain = await registered(stores, "branch", township, title="无代码")
    listing = OrganisationListing(
        frozenset({township.id}), limit=50, own=frozenset({branches[3].id}), kind="branch", parent_id=township.id
    )
    whole = await ports.organisations.list(listing)
    paged: list[Organisation] = []
    while True:
        after = listing.key(paged[-1]) if paged else None
        page = await ports.organisations.list(replace(listing, limit=2, after=after))
        if not page:
            break
        paged += page

    assert list(whole) == [branches[3], branches[0], branches[1], branches[2], branches[4], plain] == paged
    assert list(await ports.organisations.list(replace(listing, own_only=True))) == [branches[3]]
    assert await ports.organisations.list(replace(listing, scopes=frozenset({new_id()}))) == []


async def test_the_tree_comes_outermost_first(stores: Stores) -> None:
    township = await a_township(stores)
    general = await registered(stores, "general_branch", township)
    branch = await registered(stores, "branch", general)

    assert list(await stores.ports.organisations.within(frozenset({township.id}))) == [township, general, branch]
