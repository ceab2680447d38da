"""An id met lately is known, an old one may be forgotten, and none is known that was never met."""

from hypothesis import given
from hypothesis import strategies as st

from services.scoring.adapters.recent_ids import RecentIds
from tests.tried import tried


@tried(100)
@given(st.lists(st.sampled_from("abcdefghij"), max_size=60), st.integers(1, 5))
def test_the_last_ones_are_known_and_none_that_was_never_met(met: list[str], at_most: int) -> None:
    recent = RecentIds(at_most)
    last: dict[str, int] = {}
    for place, id_ in enumerate(met):
        is_new = recent.meet(id_)
        if id_ not in last:
            assert is_new
        elif len(set(met[last[id_] : place])) < at_most:
            assert not is_new
        last[id_] = place


def test_what_is_forgotten_is_new_again() -> None:
    recent = RecentIds()
    recent.meet("one")
    recent.forget()

    assert recent.meet("one")
    assert not recent.meet("one")
