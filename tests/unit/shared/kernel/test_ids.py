"""Ids are those of the standard library's uuid5, whoever computes them."""

from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.ids import SEPARATOR, derived_id, derived_numbers, id_number, is_id

_NAMESPACE = UUID("6a1e6a0e-5a3b-5c57-9f10-6d1c0f6f2b11")
_parts = st.lists(st.text(st.characters(exclude_categories=["Cs"])) | st.integers(), min_size=1, max_size=4)


@given(_parts)
def test_a_derived_id_is_a_uuid5_of_its_parts(parts: list[object]) -> None:
    derived = derived_id(*parts)

    assert str(uuid5(_NAMESPACE, SEPARATOR.join(map(str, parts)))) == derived
    assert is_id(derived)


@given(_parts)
def test_a_derived_number_is_the_number_of_the_derived_id(parts: list[object]) -> None:
    number = derived_numbers("first")(SEPARATOR.join(map(str, parts)))

    assert id_number(derived_id("first", *parts)) == number
