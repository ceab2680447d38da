"""One suite for what this service remembers of the members service's facts: in memory and in MongoDB."""

from datetime import date

import pytest

from services.duties.domain.branch import Branch, BranchStructure
from services.duties.domain.roll import Exemption, Membership, Roll
from services.duties.domain.township import HistorySpan, Township
from shared.events.members import OrganisationKind
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import BranchId, ExemptionId, OrganisationId
from tests.contract.duties.conftest import DAY, PATH, TOWNSHIP, A, B, C, Stores

BRANCH = BranchId("branch")
BARE = BranchStructure(1, date(2023, 1, 1))


async def test_the_directory_remembers_the_newest(stores: Stores) -> None:
    older = OrganisationPath.parse("county/old/branch")
    newer = BranchStructure(2, date(2023, 10, 1), has_committee=True)
    first = await stores.directory.learn_organisation(OrganisationId("branch"), PATH, newer, kind="branch")
    second = await stores.directory.learn_organisation(OrganisationId("branch"), older, BARE, kind="branch")

    assert (first, second) == (PATH, PATH)
    assert await stores.directory.branch(BRANCH) == Branch(PATH, (BARE, newer))


@pytest.mark.parametrize(
    ("kind", "is_branch", "is_place"),
    [("branch", True, True), ("general_branch", False, True), ("township", False, False), ("county", False, False)],
)
async def test_only_branches_meet_and_only_they_and_general_branches_are_listed(
    stores: Stores, kind: OrganisationKind, *, is_branch: bool, is_place: bool
) -> None:
    await stores.directory.learn_organisation(OrganisationId("some"), PATH, BARE, kind=kind)

    assert (await stores.directory.branch(BranchId("some")) is not None) is is_branch
    assert (await stores.directory.place(OrganisationId("some")) is not None) is is_place


async def test_a_closed_span_is_not_opened_by_an_older_fact(stores: Stores) -> None:
    first, last = date(2023, 7, 1), date(2023, 9, 30)
    await stores.directory.learn_go_live("township", 1, date(2023, 10, 2))
    await stores.directory.learn_span("township", "span", 3, from_on=first, to_on=last, closed=True)
    await stores.directory.learn_span("township", "span", 2, from_on=first, to_on=last, closed=False)

    known = await stores.directory.township(TOWNSHIP)

    assert known == Township(date(2023, 10, 2), (HistorySpan(first, last, closed=True),))


async def test_the_roll_of_a_day_is_the_branchs_own(stores: Stores) -> None:
    joined = date(2020, 7, 1)
    await stores.directory.learn_membership(BRANCH, Membership(A, 2, date(2023, 11, 1), None))
    await stores.directory.learn_membership(BRANCH, Membership(A, 1, joined, "full"))
    await stores.directory.learn_membership(BRANCH, Membership(B, 1, joined, "probationary"))
    await stores.directory.learn_membership(BranchId("another"), Membership(C, 1, joined, "full"))

    assert await stores.directory.roll(BRANCH, DAY) == Roll({B: "probationary"})
    assert await stores.directory.roll(BRANCH, date(2023, 10, 31)) == Roll({A: "full", B: "probationary"})


async def test_an_exemption_is_as_it_stands_now(stores: Stores) -> None:
    id_, directory = ExemptionId("exemption"), stores.directory
    await directory.learn_membership(BRANCH, Membership(A, 1, date(2020, 7, 1), "full"))
    await directory.learn_exemption(id_, 1, BRANCH, Exemption(A, date(2023, 1, 1)), withdrawn=False)
    granted = await directory.roll(BRANCH, DAY)
    await directory.learn_exemption(id_, 3, BRANCH, Exemption(A, date(2023, 1, 1), DAY), withdrawn=True)
    await directory.learn_exemption(id_, 2, BRANCH, Exemption(A, date(2023, 1, 1), DAY), withdrawn=False)

    withdrawn = await directory.roll(BRANCH, DAY)

    assert (granted.exempt, withdrawn.exempt) == (frozenset({A}), frozenset())
