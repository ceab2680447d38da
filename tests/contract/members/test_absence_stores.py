"""Leaves and exemptions: one suite for the in-memory stores and the real ones, which really race."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.members.domain.absence_refusals import ExemptionOverlaps, LeaveOverlaps
from services.members.domain.exemption import Exemption
from services.members.domain.leave import Leave
from services.members.domain.organisation import Organisation
from services.members.use_cases.ports import Listing
from shared.kernel.access import OrganisationPath
from shared.kernel.errors import AlreadyThere, DomainError, Stale
from shared.kernel.ids import CadreId, ExemptionId, LeaveId, MemberId, OrganisationId, new_id
from tests.contract.members.conftest import DAY, Stores, a_leave, a_township, an_exemption, registered

NEXT = DAY + timedelta(days=1)


async def _branch(stores: Stores) -> Organisation:
    return await registered(stores, "branch", await a_township(stores))


async def _leave(stores: Stores, leave: Leave) -> Leave:
    await stores.ports.leaves.save(leave, leave.granted(today=DAY))
    return leave


async def _exempt(stores: Stores, exemption: Exemption) -> Exemption:
    """Store it as granted; whose member it is these stores do not ask."""
    await stores.ports.exemptions.save(exemption, exemption.withdraw(today=DAY)[1])
    return exemption


async def _refusals(works: Sequence[Awaitable[object]]) -> list[type[BaseException]]:
    results = await asyncio.gather(*works, return_exceptions=True)
    return [type(each) for each in results if isinstance(each, BaseException)]


async def test_what_was_saved_is_found_as_it_was(stores: Stores) -> None:
    branch = await _branch(stores)
    leave = await _leave(stores, a_leave(branch))
    exemption = await _exempt(stores, an_exemption(branch, ends_on=NEXT))
    unnamed = await _exempt(stores, an_exemption(branch, person_id=None))
    await stores.ports.leaves.save(*leave.change(starts_on=DAY, ends_on=NEXT, today=DAY))

    assert await stores.ports.leaves.find(leave.id) == replace(leave, ends_on=NEXT, revision=2)
    assert await stores.ports.exemptions.find(exemption.id) == exemption
    assert await stores.ports.exemptions.find(unnamed.id) == unnamed
    assert await stores.ports.leaves.find(LeaveId(new_id())) is None
    assert await stores.ports.exemptions.find(ExemptionId(new_id())) is None
    assert await stores.waiting() == 3 + 4


async def test_an_id_is_taken_once_and_the_second_writer_of_a_revision_is_stale(stores: Stores) -> None:
    branch = await _branch(stores)
    leave = await _leave(stores, a_leave(branch))
    exemption = await _exempt(stores, an_exemption(branch))
    gone, withdrawn = leave.withdraw(today=DAY)
    ended, taken_back = exemption.withdraw(today=DAY)
    await stores.ports.leaves.save(gone, withdrawn)
    await stores.ports.exemptions.save(ended, taken_back)

    with pytest.raises(AlreadyThere):
        await _leave(stores, leave)
    with pytest.raises(AlreadyThere):
        await _exempt(stores, exemption)
    with pytest.raises(Stale):
        await stores.ports.leaves.save(gone, withdrawn)
    with pytest.raises(Stale):
        await stores.ports.exemptions.save(ended, taken_back)


async def test_a_person_is_on_one_leave_at_a_time_wherever_it_is_granted(stores: Stores) -> None:
    branch, other = await _branch(stores), await _branch(stores)
    first = await _leave(stores, a_leave(branch, ends_on=NEXT))
    again = a_leave(other, cadre_id=first.cadre_id, starts_on=NEXT, ends_on=NEXT)

    with pytest.raises(LeaveOverlaps, check=lambda refused: refused.facts["leave_id"] == first.id):
        await _leave(stores, again)
    await stores.ports.leaves.save(*first.change(starts_on=DAY, ends_on=DAY, today=DAY))
    await _leave(stores, again)
    await _leave(stores, a_leave(branch))

    assert await stores.ports.leaves.find(again.id) == again


async def test_a_member_is_exempt_once_on_a_day(stores: Stores) -> None:
    branch = await _branch(stores)
    first = await _exempt(stores, an_exemption(branch))
    again = an_exemption(branch, member_id=first.member_id, starts_on=NEXT, ends_on=NEXT)

    with pytest.raises(ExemptionOverlaps, check=lambda refused: refused.facts["exemption_id"] == first.id):
        await _exempt(stores, again)
    await stores.ports.exemptions.save(*first.withdraw(today=DAY))
    await _exempt(stores, again)
    await _exempt(stores, an_exemption(branch))

    assert await stores.ports.exemptions.find(again.id) == again


async def test_of_many_leaves_and_exemptions_granted_at_once_one_stands(stores: Stores) -> None:
    branch = await _branch(stores)
    cadre, member = CadreId(new_id()), MemberId(new_id())
    ends = [date(2023, 12, 1 + number) for number in range(8)]
    leaves = [_leave(stores, a_leave(branch, cadre_id=cadre, ends_on=end)) for end in ends]
    exemptions = [_exempt(stores, an_exemption(branch, member_id=member, ends_on=end)) for end in ends]

    assert await _refusals(leaves) == [LeaveOverlaps] * 7
    assert await _refusals(exemptions) == [ExemptionOverlaps] * 7
    assert issubclass(LeaveOverlaps, DomainError)
    assert len(await stores.ports.leaves.list(Listing(None, 50, person_id=cadre))) == 1


async def test_ones_own_come_first_then_the_latest_to_start_and_pages_go_on(stores: Stores) -> None:
    branch = await _branch(stores)
    leaves = [
        await _leave(stores, a_leave(branch, starts_on=day, ends_on=day))
        for day in (DAY + timedelta(days=number // 2) for number in range(5))
    ]
    exemptions = [
        await _exempt(stores, an_exemption(branch, starts_on=DAY + timedelta(days=number // 2))) for number in range(5)
    ]
    of_cadre = Listing(frozenset({branch.id}), 50, own=leaves[0].cadre_id)
    of_member = Listing(frozenset({branch.id}), 50, own=exemptions[0].person_id)
    whole, exempt = await stores.ports.leaves.list(of_cadre), await stores.ports.exemptions.list(of_member)
    last, latest = whole[1], exempt[1]
    after_leave = of_cadre.key(last.cadre_id, last.starts_on, last.id)
    after_exemption = of_member.key(latest.person_id, latest.starts_on, latest.id)

    assert (whole[0], exempt[0]) == (leaves[0], exemptions[0])
    days = [leave.starts_on for leave in whole[1:]]
    assert days == sorted(days, reverse=True)
    assert [*whole[:2], *await stores.ports.leaves.list(replace(of_cadre, after=after_leave))] == [*whole]
    assert [*exempt[:2], *await stores.ports.exemptions.list(replace(of_member, after=after_exemption))] == [*exempt]


async def test_lists_keep_to_scope_person_and_place(stores: Stores) -> None:
    here, there = await _branch(stores), await _branch(stores)
    leave, far_leave = await _leave(stores, a_leave(here)), await _leave(stores, a_leave(there))
    exemption, far = await _exempt(stores, an_exemption(here)), await _exempt(stores, an_exemption(there))
    scope = Listing(frozenset({here.id}), 50)

    assert [*await stores.ports.leaves.list(scope)] == [leave]
    assert [*await stores.ports.exemptions.list(scope)] == [exemption]
    assert [*await stores.ports.leaves.list(Listing(None, 50, person_id=far_leave.cadre_id))] == [far_leave]
    assert [*await stores.ports.exemptions.list(Listing(None, 50, person_id=far.person_id))] == [far]
    assert [*await stores.ports.leaves.list(replace(scope, organisation_id=there.id))] == []
    assert [*await stores.ports.exemptions.list(replace(scope, organisation_id=there.id))] == []


async def test_what_hangs_on_an_organisation_moves_with_it(stores: Stores) -> None:
    branch = await _branch(stores)
    leave, exemption = await _leave(stores, a_leave(branch)), await _exempt(stores, an_exemption(branch))
    elsewhere = await a_township(stores)
    moved, fact = branch.change(
        features=branch.features,
        parent=replace(elsewhere, path=OrganisationPath((branch.county_id, elsewhere.id))),
        on=DAY,
    )
    await stores.ports.organisations.change([(moved, fact)], None)
    later = OrganisationPath((branch.county_id, "later", branch.id))
    found = await stores.ports.leaves.find(leave.id), await stores.ports.exemptions.find(exemption.id)
    await stores.ports.leaves.moved(OrganisationId(branch.id), later)
    await stores.ports.exemptions.moved(exemption.branch_id, later)

    assert found == (replace(leave, path=moved.path), replace(exemption, path=moved.path))
    assert await stores.ports.leaves.find(leave.id) == replace(leave, path=later)
    assert await stores.ports.exemptions.find(exemption.id) == replace(exemption, path=later)
