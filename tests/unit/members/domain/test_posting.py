"""Which postings overlap, without any service around them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.members.domain.posting import Posting
from services.members.domain.refusals import PostingOverlaps
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import CadreId, OrganisationId, PostingId

FIRST = date(2023, 1, 1)
days = st.integers(0, 12)
terms = st.tuples(days, st.none() | days).filter(lambda term: term[1] is None or term[0] <= term[1])


def _posting(id_: str, first: int, last: int | None = None) -> Posting:
    return Posting(
        id=PostingId(id_),
        cadre_id=CadreId("cadre"),
        organisation_id=OrganisationId("branch"),
        path=OrganisationPath.parse("county/township/branch"),
        post="village_cadre",
        starts_on=FIRST + timedelta(days=first),
        made_from="digest",
        ends_on=None if last is None else FIRST + timedelta(days=last),
    )


@given(terms, terms)
def test_two_terms_overlap_where_a_day_lies_in_both(one: tuple[int, int | None], other: tuple[int, int | None]) -> None:
    lived = [set(range(first, 20 if last is None else last + 1)) for first, last in (one, other)]
    a, b = _posting("a", *one), _posting("b", *other)

    assert a.overlaps(b) == b.overlaps(a) == bool(lived[0] & lived[1])


def test_who_stands_in_the_way_is_named() -> None:
    standing = [_posting("earlier", 0, 3), _posting("later", 8)]

    with pytest.raises(PostingOverlaps, check=lambda refused: refused.facts["posting_id"] == "later"):
        _posting("new", 5).refuse_overlap(standing)
    _posting("new", 5, 7).refuse_overlap(standing)


def test_two_terms_that_stand_side_by_side_for_long_may_each_be_ended() -> None:
    """Entered before overlaps were refused: ending one is how the township mends it."""
    one, other = _posting("one", 0), _posting("other", 0)
    replace(one, ends_on=FIRST, revision=2).refuse_overlap([one, other])
