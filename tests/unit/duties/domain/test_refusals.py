"""Every refusal says what to do next, and names the input that is to blame where there is one."""

import inspect

import pytest

from services.duties.domain import refusals
from shared.kernel.errors import DomainError, Invalid

REFUSALS = [
    kind
    for _, kind in inspect.getmembers(refusals, inspect.isclass)
    if issubclass(kind, DomainError) and kind.__module__ == refusals.__name__
]
NAMED_WHEN_RAISED = {refusals.NotLiveYet, refusals.HistoryClosed, refusals.NotInTheBranch, refusals.NotExpected}
"""Whose field depends on what was asked."""


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda kind: kind.__name__)
def test_a_refusal_says_what_to_do_next(refusal: type[DomainError]) -> None:
    assert "请" in refusal.detail


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda kind: kind.__name__)
def test_what_cannot_be_right_names_the_input(refusal: type[DomainError]) -> None:
    if issubclass(refusal, Invalid) and refusal not in NAMED_WHEN_RAISED:
        assert refusal.field


def test_codes_are_told_apart() -> None:
    codes = [kind.code for kind in REFUSALS]

    assert sorted(codes) == sorted(set(codes))
