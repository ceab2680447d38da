"""With how many examples a property is tried: a few in `make check`, all in `make test` and when run by hand."""

from typing import Any

from hypothesis import settings

QUICK, WHOLE = "quick", "whole"
_SHARE, _LEAST = 10, 5
"""In the quick stage one of so many examples is tried, and this many at least."""
_DEFAULT = 100
"""Hypothesis' own number, for properties that name none."""


def register_profiles() -> None:
    """The two profiles; `--hypothesis-profile quick` chooses the smaller one."""
    # A busy machine is no failure: how long an example took is never asserted.
    settings.register_profile(WHOLE, deadline=None, max_examples=_DEFAULT)
    settings.register_profile(QUICK, deadline=None, max_examples=_few(_DEFAULT))
    settings.load_profile(WHOLE)


def tried(number: int, **others: Any) -> settings:
    """Settings with so many examples; in the quick stage with its share of them."""
    is_quick = settings.get_current_profile_name() == QUICK
    return settings(max_examples=_few(number) if is_quick else number, **others)


def _few(number: int) -> int:
    return min(number, max(number // _SHARE, _LEAST))
