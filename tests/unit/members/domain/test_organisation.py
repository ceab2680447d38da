"""What the tree allows, without any service around it."""

from datetime import date

import pytest

from services.members.domain.organisation import Features, Organisation
from services.members.domain.refusals import LeavesCounty
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import OrganisationId

DAY = date(2023, 11, 20)


def _at(path: str, kind: str) -> Organisation:
    parsed = OrganisationPath.parse(path)
    category = "village" if kind == "branch" else None
    return Organisation(
        OrganisationId(parsed.organisation_id),
        kind,  # type: ignore[arg-type]
        parsed,
        Features("演示", category),  # type: ignore[arg-type]
        DAY,
        "digest",
    )


def test_nothing_moves_into_another_county() -> None:
    branch, elsewhere = _at("county/township/branch", "branch"), _at("other/township-2", "township")

    with pytest.raises(LeavesCounty):
        branch.change(features=branch.features, parent=elsewhere, on=DAY)


def test_what_follows_keeps_its_place_below_what_moved() -> None:
    general, branch = _at("county/a/general", "general_branch"), _at("county/a/general/branch", "branch")
    moved, _ = general.change(features=general.features, parent=_at("county/b", "township"), on=DAY)
    followed, fact = branch.follow(moved, general.path, DAY)

    assert str(followed.path) == "county/b/general/branch"
    assert (followed.revision, fact.parent_id) == (2, "general")


def test_what_has_a_code_stands_before_what_has_none() -> None:
    coded = Features("乙", "village", external_code="9")

    assert (
        _at("c/t/b", "branch").order
        > Organisation(OrganisationId("x"), "branch", OrganisationPath.parse("c/t/x"), coded, DAY, "digest").order
    )
