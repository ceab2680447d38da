"""Every refusal says which input is to blame and what to do next."""

import re

import pytest

from services.members.domain import absence_refusals, refusals
from shared.kernel.errors import DomainError

ALL = [
    pytest.param(each, id=each.__name__)
    for module in (refusals, absence_refusals)
    for each in vars(module).values()
    if isinstance(each, type) and issubclass(each, DomainError) and each.__module__ == module.__name__
]
NAMED_WHERE_RAISED = {
    refusals.NotHappenedYet,
    refusals.CalendarOfAnotherYear,
    absence_refusals.OwnAbsence,
    absence_refusals.HistoryClosed,
    absence_refusals.ExemptionReachesFarBack,
}
"""What may be wrong with one of several inputs."""


@pytest.mark.parametrize("refusal", ALL)
def test_a_refusal_names_the_input_that_is_to_blame(refusal: type[DomainError]) -> None:
    assert (refusal.field is None) == (refusal in NAMED_WHERE_RAISED)


@pytest.mark.parametrize("refusal", ALL)
def test_a_refusal_says_what_to_do_next(refusal: type[DomainError]) -> None:
    *_, last = re.split("[，；]", refusal.detail)

    assert "请" in refusal.detail, last


def test_no_two_refusals_share_a_code() -> None:
    codes = [param.values[0].code for param in ALL]  # type: ignore[union-attr]

    assert sorted(set(codes)) == sorted(codes)
