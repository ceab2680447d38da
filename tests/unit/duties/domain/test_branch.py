"""A branch holds the meetings its structure allows, as that was on the day or when its month began."""

from datetime import date

import pytest

from services.duties.domain.branch import Branch, BranchStructure
from services.duties.domain.refusals import BranchWithoutCommittee, BranchWithoutGroups
from shared.kernel.access import OrganisationPath

PATH = OrganisationPath.parse("county/township/branch")
BARE = BranchStructure(1, date(2023, 1, 10))
WITH_COMMITTEE = BranchStructure(2, date(2023, 5, 15), has_committee=True)
WITHOUT_AGAIN = BranchStructure(3, date(2023, 10, 15))
BRANCH = Branch(PATH, (WITHOUT_AGAIN, BARE, WITH_COMMITTEE))


@pytest.mark.parametrize(
    "day", [date(2023, 5, 15), date(2023, 7, 1), date(2023, 10, 14), date(2023, 10, 15), date(2023, 10, 31)]
)
def test_a_committee_meets_from_when_there_is_one_to_the_end_of_its_last_month(day: date) -> None:
    BRANCH.require("committee", on=day)


@pytest.mark.parametrize("day", [date(2023, 1, 1), date(2023, 5, 14), date(2023, 11, 1)])
def test_before_and_after_there_is_none_to_meet(day: date) -> None:
    with pytest.raises(BranchWithoutCommittee):
        BRANCH.require("committee", on=day)


def test_what_is_dissolved_on_the_first_is_owed_and_may_be_held_that_month() -> None:
    branch = Branch(PATH, (WITH_COMMITTEE, BranchStructure(3, date(2023, 10, 1))))
    branch.require("committee", on=date(2023, 10, 20))
    with pytest.raises(BranchWithoutCommittee):
        branch.require("committee", on=date(2023, 11, 1))


def test_before_anything_is_known_it_is_as_it_was_registered() -> None:
    branch = Branch(PATH, (BranchStructure(1, date(2023, 10, 2), has_groups=True),))
    branch.require("groups", on=date(2023, 8, 15))
    with pytest.raises(BranchWithoutCommittee):
        branch.require("committee", on=date(2023, 8, 15))


def test_of_two_that_hold_the_higher_revision_decides() -> None:
    """The third revision says what was so since long before the second."""
    branch = Branch(PATH, (BARE, WITH_COMMITTEE, BranchStructure(3, date(2023, 1, 10), has_groups=True)))
    branch.require("groups", on=date(2023, 11, 20))
    with pytest.raises(BranchWithoutCommittee):
        branch.require("committee", on=date(2023, 11, 20))


def test_a_meeting_of_all_members_needs_no_structure() -> None:
    BRANCH.require(None, on=date(2023, 1, 1))
    with pytest.raises(BranchWithoutGroups):
        BRANCH.require("groups", on=date(2023, 7, 1))
